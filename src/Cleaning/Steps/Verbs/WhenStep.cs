using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// A step with a <c>when</c>: rows for which it is not true pass untouched. A row for which it fails is rejected, or passes
/// untouched with <c>on_error: null</c> and <c>keep</c>.
/// </summary>
internal sealed class WhenStep(
    StepIdentity identity,
    CompiledFormula condition,
    OnError onError,
    RowStep inner,
    int[] untypedSlots)
    : RowStep(identity)
{
    private readonly Expression _condition = condition.Root;
    private readonly StepAggregates _aggregates = new([condition], onError);

    public override bool IsBarrier => !_aggregates.IsEmpty || inner.IsBarrier;

    public override string? WhyInOrder => inner.WhyInOrder;

    public override IEnumerable<StepDecision> Decisions => inner.Decisions;

    protected override StepAggregates Aggregates => _aggregates;

    public override void BeginPass() => inner.BeginPass();

    public override void Adopt(RowStep settled)
    {
        base.Adopt(settled);
        inner.Adopt(((WhenStep)settled).Inner);
    }

    public override void Merge(RowStep other)
    {
        base.Merge(other);
        inner.Merge(((WhenStep)other).Inner);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        switch (_condition.Test(context))
        {
            case Truth.True:
                inner.CellsChanged = 0;
                var result = inner.Apply(row, context);
                CellsChanged = inner.CellsChanged;
                return result;
            case Truth.Error when onError is OnError.Reject or OnError.Fail:
                context.Explain(condition);
                return onError is OnError.Fail ? StepResult.Fail : StepResult.Reject;
            default:
                context.Clear();
                Pass(row);
                return StepResult.Keep;
        }
    }

    public override void Measure(Row row, EvaluationContext context)
    {
        if (!_aggregates.IsEmpty)
        {
            _aggregates.Measure(context);
        }
        else if (_condition.Test(context) == Truth.True)
        {
            inner.Measure(row, context);
        }

        context.Clear();
    }

    public override bool EndPass(EvaluationContext context) =>
        _aggregates.IsEmpty ? inner.EndPass(context) : _aggregates.EndPass(context);

    private RowStep Inner => inner;

    /// <summary>Where the step takes a column's type away, the cells that it does not touch lose theirs too.</summary>
    private void Pass(Row row)
    {
        foreach (var slot in untypedSlots)
        {
            row.Untype(slot);
        }
    }
}
