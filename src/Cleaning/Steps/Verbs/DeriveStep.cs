using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// <c>derive</c>: new columns, or new values for old ones, in the order of the plan; a later formula sees the earlier
/// results. A cell whose formula fails rejects the row; with <c>on_error: null</c> it becomes empty, with <c>keep</c> it
/// stays as it was (a new one stays empty).
/// </summary>
internal sealed class DeriveStep(StepIdentity identity, DerivedColumn[] columns, OnError onError) : RowStep(identity)
{
    private readonly StepAggregates _aggregates = new([.. columns.Select(column => column.Measured)], onError);

    public override bool IsBarrier => !_aggregates.IsEmpty;

    protected override StepAggregates Aggregates => _aggregates;

    public static RowStep Compile(Step.Derive step, StepCompilation compilation)
    {
        var columns = new List<DerivedColumn>();
        var unmeasurable = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, formula) in step.Columns)
        {
            var compiled = compilation.Compile(formula, isCondition: false, out var isMissing);
            if (isMissing && step.IfMissing.Literal is null)
            {
                continue;
            }

            // A formula that does not fit is among the problems; its column is made all the same, for the steps behind.
            var literal = isMissing ? step.IfMissing.Literal!.Value : Value.Null;
            compiled = compiled is null ? null : compiled with { Origin = compiled.Origin! with { Target = name.Name } };
            NoteAggregates(compiled, name, formula, unmeasurable, compilation);
            var type = compiled?.Root.Type ?? TypeOf(literal);
            columns.Add(Bind(name, type, compiled, literal, unmeasurable, step, compilation));
        }

        return columns.Count == 0
            ? compilation.HeaderOnly()
            : new DeriveStep(compilation.Identity, [.. columns], step.OnError);
    }

    /// <summary>All columns become the literal: the step's <c>when</c> speaks of a column that the header lacks.</summary>
    public static RowStep CompileLiteral(Step.Derive step, Literal literal, StepCompilation compilation)
    {
        var columns = step.Columns.Select(column =>
            Bind(column.Column, TypeOf(literal.Value), null, literal.Value, [], step, compilation));
        return new DeriveStep(compilation.Identity, [.. columns], step.OnError);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var column in columns)
        {
            var result = Apply(column, row, context);
            if (result != StepResult.Keep)
            {
                return result;
            }
        }

        return StepResult.Keep;
    }

    public override void Measure(Row row, EvaluationContext context)
    {
        // In the plan's order: an aggregate's argument sees the results of earlier formulas and the old cells of later ones.
        for (var i = 0; i < columns.Length; i++)
        {
            var holds = _aggregates.TryObserve(i, context)
                && (!columns[i].IsMeasurable || Apply(columns[i], row, context) == StepResult.Keep);
            if (!holds)
            {
                context.Clear();
                return;
            }
        }

        _aggregates.Commit();
    }

    public override bool EndPass(EvaluationContext context) => _aggregates.EndPass(context);

    private StepResult Apply(DerivedColumn column, Row row, EvaluationContext context)
    {
        column.Evaluate(context, out var value);
        if (value.Kind == ValueKind.Error)
        {
            if (onError is OnError.Reject or OnError.Fail)
            {
                context.Explain(column.Formula!);
                return onError == OnError.Fail ? StepResult.Fail : StepResult.Reject;
            }

            context.Clear();
            if (onError == OnError.Keep)
            {
                column.Leave(row);
                return StepResult.Keep;
            }

            value = Value.Null;
        }

        CellsChanged += column.Write(row, value) ? 1 : 0;
        return StepResult.Keep;
    }

    /// <summary>
    /// Notes whether the column depends on an aggregate of this step. A formula that needs an aggregate of its own besides
    /// would need a second pass: that is two steps.
    /// </summary>
    private static void NoteAggregates(
        CompiledFormula? compiled,
        ColumnName name,
        Formula formula,
        HashSet<string> unmeasurable,
        StepCompilation compilation)
    {
        var hasAggregate = compiled is not null && !compiled.Aggregates.IsEmpty;
        var first = compiled?.Columns.FirstOrDefault(unmeasurable.Contains);
        if (first is not null && hasAggregate)
        {
            compilation.Problems.Add(new PlanProblem(
                formula.At,
                $"The formula has an aggregate and reads '{first}', which this step makes with an aggregate.",
                $"Make '{name.Name}' in a derive step of its own, behind this one."));
        }

        if (first is not null || hasAggregate)
        {
            unmeasurable.Add(name.Name);
        }
        else
        {
            unmeasurable.Remove(name.Name);
        }
    }

    private static DerivedColumn Bind(
        ColumnName name,
        ColumnType type,
        CompiledFormula? compiled,
        in Value literal,
        HashSet<string> unmeasurable,
        Step.Derive step,
        StepCompilation compilation)
    {
        var isMeasurable = !unmeasurable.Contains(name.Name);
        var isText = type is ColumnType.Untyped or ColumnType.Text;
        if (compilation.FindUnique(name.Name) is not { } old)
        {
            var slot = compilation.Columns.Add(name.Name, type).Slot;
            return new DerivedColumn(slot, IsNew: true, !isText, compiled, literal, isMeasurable);
        }

        // Old cells may stay among new ones: then the type must be the same, or there is none.
        var mayStay = compilation.IsConditional || step.OnError == OnError.Keep;
        var newType = mayStay && old.Type != type ? ColumnType.Untyped : type;
        compilation.Columns.Retype(old.Slot, newType);
        var isTyped = newType is not (ColumnType.Untyped or ColumnType.Text);
        return new DerivedColumn(old.Slot, IsNew: false, isTyped, compiled, literal, isMeasurable);
    }

    private static ColumnType TypeOf(in Value literal) => literal.Kind switch
    {
        ValueKind.Integer => ColumnType.Integer,
        ValueKind.Number => ColumnType.Number,
        ValueKind.Decimal => ColumnType.Decimal,
        ValueKind.Boolean => ColumnType.Boolean,
        ValueKind.Date => ColumnType.Date,
        ValueKind.DateTime => ColumnType.DateTime,
        _ => ColumnType.Untyped,
    };
}
