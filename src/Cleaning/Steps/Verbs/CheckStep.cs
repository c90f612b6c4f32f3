using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// <c>check</c>: rejects rows that break a condition; null breaks nothing. A row for which a condition fails is rejected
/// too, or kept with <c>on_error: null</c> and <c>keep</c>. With <c>on_error: fail</c> either costs the file.
/// </summary>
internal sealed class CheckStep(StepIdentity identity, CheckedCondition[] conditions, OnError onError) : RowStep(identity)
{
    private readonly StepAggregates _aggregates = new([.. conditions.Select(condition => condition.Compiled)], onError);

    public override bool IsBarrier => !_aggregates.IsEmpty;

    protected override StepAggregates Aggregates => _aggregates;

    public static RowStep Compile(Step.Check step, StepCompilation compilation)
    {
        var conditions = new List<CheckedCondition>();
        foreach (var formula in step.Conditions)
        {
            if (compilation.Compile(formula, isCondition: true, out _) is { } compiled)
            {
                conditions.Add(new CheckedCondition(compiled, formula, message: null, compilation.Columns));
            }
        }

        return conditions.Count == 0
            ? compilation.HeaderOnly()
            : new CheckStep(compilation.Identity, [.. conditions], step.OnError);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var condition in conditions)
        {
            switch (condition.Compiled.Root.Test(context))
            {
                case Truth.False:
                    context.Fail(condition.Broken(row));
                    return onError == OnError.Fail ? StepResult.Fail : StepResult.Reject;
                case Truth.Error when onError is OnError.Null or OnError.Keep:
                    context.Clear();
                    break;
                case Truth.Error:
                    context.Explain(condition.Compiled);
                    return onError == OnError.Fail ? StepResult.Fail : StepResult.Reject;
                default:
                    break;
            }
        }

        return StepResult.Keep;
    }

    public override void Measure(Row row, EvaluationContext context)
    {
        // A row that breaks a condition without an aggregate is rejected here, so no aggregate may count it.
        foreach (var condition in conditions)
        {
            if (condition.Compiled.Aggregates.IsEmpty && condition.Compiled.Root.Test(context) == Truth.False)
            {
                return;
            }

            context.Clear();
        }

        _aggregates.Measure(context);
    }

    public override bool EndPass(EvaluationContext context) => _aggregates.EndPass(context);
}
