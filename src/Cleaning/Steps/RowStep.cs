using System.Collections.Immutable;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Cleaning.Steps;

/// <summary>What a step decided about the current row.</summary>
internal enum StepResult
{
    /// <summary>The row goes on.</summary>
    Keep,

    /// <summary>A rule removed the row.</summary>
    Drop,

    /// <summary>A filter removed the row because its condition was null.</summary>
    DropNull,

    /// <summary>A filter removed the row because its condition was false.</summary>
    DropFalse,

    /// <summary>The row is bad; <see cref="EvaluationContext.Problem"/> says why.</summary>
    Reject,

    /// <summary>The file fails; <see cref="EvaluationContext.Problem"/> says why.</summary>
    Fail,
}

/// <summary>
/// One step, compiled against one file's header. A step whose <see cref="IsBarrier"/> is set is measured over the whole
/// file before <see cref="Apply"/> is called for its first row.
/// </summary>
internal abstract class RowStep
{
    /// <summary>The step's place in the plan from one; expectations come after the last.</summary>
    public required int Index { get; init; }

    /// <summary>The step's id.</summary>
    public required string Id { get; init; }

    /// <summary>The verb; empty for the expectations.</summary>
    public required string Verb { get; init; }

    /// <summary>SHA-256 in hex of the step's canonical form, first 16 digits.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>
    /// Cells of the current row whose text this step changed. The engine sets it to zero before <see cref="Apply"/> and
    /// counts it only if the row leaves the step.
    /// </summary>
    public int CellsChanged { get; set; }

    /// <summary>The rows must be seen once before the first can be decided.</summary>
    public virtual bool IsBarrier => false;

    /// <summary>False for steps that only change the header: the engine does not call them for rows.</summary>
    public virtual bool SeesRows => true;

    /// <summary>Forgets what was counted or collected while applying; called before every pass.</summary>
    public virtual void BeginPass()
    {
    }

    /// <summary>Decides the current row, and changes it.</summary>
    public abstract StepResult Apply(Row row, EvaluationContext context);

    /// <summary>Looks at a row that reached this barrier; called for every such row of a measuring pass, in file order.</summary>
    public virtual void Measure(Row row, EvaluationContext context)
    {
    }

    /// <summary>Ends a measuring pass; true if another one is needed before the first row can be decided.</summary>
    public virtual bool EndPass(EvaluationContext context) => false;

    /// <summary>What became of the expectations in the deciding pass; empty for every other step.</summary>
    public virtual ImmutableArray<ExpectationReport> ExpectationReports() => [];

    /// <summary>What the step decided from the whole file, such as the order of day and month.</summary>
    public virtual IEnumerable<StepDecision> Decisions => [];
}

/// <summary>A decision that a step took from a whole file.</summary>
/// <param name="Column">The column it speaks of.</param>
/// <param name="Order">For dates: <c>dmy mdy ymd</c>, or <c>unproven</c>.</param>
/// <param name="Proving">Cells that only this order can read.</param>
/// <param name="Contradicting">Cells that this order cannot read and another can.</param>
public sealed record StepDecision(string Column, string Order, long Proving, long Contradicting);
