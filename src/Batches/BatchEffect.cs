using System.Collections.Immutable;

namespace OrleansClean.Batches;

/// <summary>
/// What the coordinator wants done outside. An effect is released only when the events decided with it are durable; it may
/// be released again after a restart, so whoever carries it out makes it idempotent.
/// </summary>
public abstract record BatchEffect
{
    private BatchEffect()
    {
    }

    /// <summary>
    /// How often the batch had been reopened when this was wanted. The answer carries it: a slow answer to what was wanted before a
    /// reopening says nothing of what is wanted now.
    /// </summary>
    public int Round { get; init; }

    /// <summary>List the inputs into a document; answer with <see cref="BatchInput.ListingDone"/> or <see cref="BatchInput.ListingFailed"/>.</summary>
    public sealed record ListInputs(string BodyDocument) : BatchEffect;

    /// <summary>Publish exactly this; look what the store says; answer with <see cref="BatchInput.CommitResolved"/>.</summary>
    public sealed record Commit(AttemptId Attempt, string Staged) : BatchEffect;

    /// <summary>Look whether the limits hold; answer with <see cref="BatchInput.GateDecided"/>.</summary>
    public sealed record EvaluateGate : BatchEffect;

    /// <summary>Make one of what the items published; answer with <see cref="BatchInput.Joined"/>.</summary>
    public sealed record Join : BatchEffect;

    /// <summary>Remove what is temporary; answer with <see cref="BatchInput.Swept"/>.</summary>
    public sealed record Sweep : BatchEffect;

    /// <summary>Write the manifest; answer with <see cref="BatchInput.ManifestWritten"/>.</summary>
    public sealed record WriteManifest : BatchEffect;

    /// <summary>Write the report; answer with <see cref="BatchInput.ReportWritten"/>.</summary>
    public sealed record WriteReport : BatchEffect;
}

/// <summary>What the caller of an input is told, once the events decided with it are durable.</summary>
public abstract record BatchAnswer
{
    private BatchAnswer()
    {
    }

    /// <summary>There is nothing to tell.</summary>
    public sealed record Nothing : BatchAnswer;

    /// <summary>The batch exists now, or existed with the same body.</summary>
    public sealed record Accepted(bool IsNew) : BatchAnswer;

    /// <summary>The request cannot be met, and nothing was changed.</summary>
    public sealed record Refused(string Reason) : BatchAnswer;

    /// <summary>Attempts for the worker, and the attempts it holds that are no longer wanted.</summary>
    public sealed record Work(ImmutableArray<AttemptId> Attempts, ImmutableArray<AttemptId> Stop) : BatchAnswer;

    /// <summary>The report counted, or came too late to count.</summary>
    public sealed record Reported(bool Counted) : BatchAnswer;
}

/// <summary>What follows from one input in one state. Nothing has happened yet.</summary>
public sealed record BatchDecision(ImmutableArray<BatchEvent> Events, ImmutableArray<BatchEffect> Effects, BatchAnswer Answer)
{
    /// <summary>The input changes nothing: it came late, or twice.</summary>
    public static BatchDecision Nothing { get; } = new([], [], new BatchAnswer.Nothing());
}
