using System.Collections.Immutable;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// What is kept beside an array, in <c>.orleansclean/arrays/NAME.json</c>: which spec made it of what, so that the same command passes over
/// it; or, while it is being changed in place, the journal of that job.
/// </summary>
internal sealed record ArrayRecord
{
    public const int CurrentVersion = 1;

    /// <summary>The version of this format.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The spec's fingerprint.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The tag of the input that the output was made of; null in place.</summary>
    public string? InputTag { get; init; }

    /// <summary>The tag of the finished output; null while a job in place is unfinished.</summary>
    public string? OutputTag { get; init; }

    /// <summary>What the job reported, or will report when it is done.</summary>
    public required ArrayReport Report { get; init; }

    /// <summary>The job in place that is unfinished; null of a finished one.</summary>
    public InPlaceWork? Work { get; init; }
}

/// <summary>A job in place, as it was begun: whoever continues it cuts the array in the same way and uses the same measures.</summary>
/// <param name="FileKey">Which file it changes.</param>
/// <param name="RangeElements">Elements of a range.</param>
/// <param name="Lanes">Parts of the array that are worked on side by side, each from its begin to its end.</param>
/// <param name="Nonce">Tells the undo copies of this job from those of an earlier one.</param>
/// <param name="Barriers">What was measured before the first element was changed.</param>
internal sealed record InPlaceWork(string FileKey, long RangeElements, int Lanes, string Nonce, ImmutableArray<BarrierMeasure> Barriers);
