using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// <c>filter</c>: keeps the rows for which the condition is true; false and null are counted apart. A row for which the
/// condition fails is rejected; <c>on_error: null</c> takes it as null and drops it, <c>keep</c> keeps it.
/// </summary>
internal sealed class FilterStep(StepIdentity identity, CompiledFormula condition, OnError onError) : RowStep(identity)
{
    private readonly Expression _condition = condition.Root;
    private readonly StepAggregates _aggregates = new([condition], onError);

    public override bool IsBarrier => !_aggregates.IsEmpty;

    protected override StepAggregates Aggregates => _aggregates;

    public static RowStep Compile(Step.Filter step, StepCompilation compilation) =>
        compilation.Compile(step.Condition, isCondition: true, out _) is { } condition
            ? new FilterStep(compilation.Identity, condition, step.OnError)
            : compilation.HeaderOnly();

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        switch (_condition.Test(context))
        {
            case Truth.True:
                return StepResult.Keep;
            case Truth.False:
                return StepResult.DropFalse;
            case Truth.Null:
                return StepResult.DropNull;
            default:
                return OnFailure(context);
        }
    }

    public override void Measure(Row row, EvaluationContext context) => _aggregates.Measure(context);

    public override bool EndPass(EvaluationContext context) => _aggregates.EndPass(context);

    private StepResult OnFailure(EvaluationContext context)
    {
        switch (onError)
        {
            case OnError.Null:
                context.Clear();
                return StepResult.DropNull;
            case OnError.Keep:
                context.Clear();
                return StepResult.Keep;
            default:
                context.Explain(condition);
                return onError == OnError.Fail ? StepResult.Fail : StepResult.Reject;
        }
    }
}
