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

/// <summary>Who a step is, in ledgers and rejects.</summary>
/// <param name="Index">The step's place in the plan from one; expectations come after the last.</param>
/// <param name="Id">The step's id.</param>
/// <param name="Verb">The verb; empty for the expectations.</param>
/// <param name="Fingerprint">SHA-256 in hex of the step's canonical form, first 16 digits.</param>
internal sealed record StepIdentity(int Index, string Id, string Verb, string Fingerprint);

/// <summary>
/// One step, compiled against one file's header. A step whose <see cref="IsBarrier"/> is set is measured over the whole
/// file before <see cref="Apply"/> is called for its first row. <see cref="EvaluationContext.Problem"/> is null whenever
/// a row comes in, and again when a step has decided to keep a row in spite of a problem.
/// </summary>
internal abstract class RowStep(StepIdentity identity, bool seesRows = true)
{
    /// <summary>The step's place in the plan from one; expectations come after the last.</summary>
    public int Index => identity.Index;

    /// <summary>The step's id.</summary>
    public string Id => identity.Id;

    /// <summary>The verb; empty for the expectations.</summary>
    public string Verb => identity.Verb;

    /// <summary>SHA-256 in hex of the step's canonical form, first 16 digits.</summary>
    public string Fingerprint => identity.Fingerprint;

    /// <summary>
    /// Cells of the current row whose text this step changed. The engine sets it to zero before <see cref="Apply"/> and
    /// counts it only if the row leaves the step.
    /// </summary>
    public int CellsChanged { get; set; }

    /// <summary>The rows must be seen once before the first can be decided.</summary>
    public virtual bool IsBarrier => false;

    /// <summary>False for steps that did their work when they were compiled: the engine does not call them for rows.</summary>
    public bool SeesRows { get; } = seesRows;

    /// <summary>
    /// Called for every step before each pass over the file, measuring or writing: forgets what the last pass left, such
    /// as keys seen and rows counted. What was measured stays.
    /// </summary>
    public virtual void BeginPass()
    {
    }

    /// <summary>Decides the current row, and changes it.</summary>
    public abstract StepResult Apply(Row row, EvaluationContext context);

    /// <summary>
    /// Looks at a row that reached this barrier; called for every such row of a measuring pass, in file order. The row
    /// goes no further and may be left changed.
    /// </summary>
    public virtual void Measure(Row row, EvaluationContext context)
    {
    }

    /// <summary>Ends a measuring pass; true if another one is needed before the first row can be decided.</summary>
    public virtual bool EndPass(EvaluationContext context) => false;

    /// <summary>Why the rows of a file must be decided one after the other, for people; null if they need not be.</summary>
    public virtual string? WhyInOrder => null;

    /// <summary>The step's aggregates; null if it can have none.</summary>
    protected virtual StepAggregates? Aggregates => null;

    /// <summary>
    /// Begins a pass over some of a file's rows as <paramref name="settled"/>, the same step of the same plan and header, would over
    /// all of them: takes over what that one has decided, and has measured and counted nothing.
    /// </summary>
    public virtual void Adopt(RowStep settled)
    {
        Aggregates?.Restart(settled.Aggregates!);
        BeginPass();
    }

    /// <summary>Adds what <paramref name="other"/> measured or counted in the same pass over other rows, which follow in the file.</summary>
    public virtual void Merge(RowStep other) => Aggregates?.Merge(other.Aggregates!);

    /// <summary>Goes on counting from what <see cref="ExpectationReports"/> once gave; nothing for every step but the expectations.</summary>
    public virtual void Restore(ImmutableArray<ExpectationReport> reports)
    {
    }

    /// <summary>What became of the expectations in the deciding pass; empty for every other step.</summary>
    public virtual ImmutableArray<ExpectationReport> ExpectationReports() => [];

    /// <summary>What the step decided from the whole file, such as the order of day and month.</summary>
    public virtual IEnumerable<StepDecision> Decisions => [];
}

/// <summary>A decision that a step took from a whole file.</summary>
/// <param name="Column">The column it speaks of.</param>
/// <param name="Order">For dates: <c>dmy mdy ymd</c>, or <c>unproven</c> (no proof, or proofs that contradict).</param>
/// <param name="Proving">Cells that only this order can read; if proofs contradict, those of the order with the most.</param>
/// <param name="Contradicting">Cells that this order cannot read and another can.</param>
public sealed record StepDecision(string Column, string Order, long Proving, long Contradicting);
