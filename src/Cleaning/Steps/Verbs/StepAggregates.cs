using System.Collections.Immutable;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// The aggregates of one step's formulas. They are taken over the rows that reach the step and that it does not reject; a
/// row that it keeps in spite of a failure counts in those aggregates whose argument has a value.
/// </summary>
internal sealed class StepAggregates
{
    public StepAggregates(ImmutableArray<CompiledFormula> formulas, OnError onError)
    {
        IsEmpty = !formulas.Any(formula => formula.Aggregates.Length > 0);
        if (!IsEmpty)
        {
            throw new InvalidOperationException($"Aggregates are not measured yet ({onError}).");
        }
    }

    /// <summary>There is nothing to measure.</summary>
    public bool IsEmpty { get; }

    /// <summary>Adds the current row, unless the step will reject it.</summary>
    public void Measure(EvaluationContext context) => _ = IsEmpty && TryObserve(0, context);

    /// <summary>
    /// Looks at what one formula aggregates in the current row, and keeps it for <see cref="Commit"/>. False if the
    /// formula fails whatever the aggregates will be, and the step rejects the row for it.
    /// </summary>
    public bool TryObserve(int formula, EvaluationContext context) => IsEmpty;

    /// <summary>Adds what was observed in the current row.</summary>
    public void Commit() => _ = IsEmpty;

    /// <summary>Ends a measuring pass; true if another one is needed. Otherwise the results are in their places.</summary>
    public bool EndPass(EvaluationContext context) => !IsEmpty;
}
