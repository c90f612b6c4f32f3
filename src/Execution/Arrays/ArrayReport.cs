using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>What became of an array.</summary>
public sealed record ArrayReport
{
    /// <summary><c>done</c>, or <c>unchanged</c> if the output is the result of this spec and this input already.</summary>
    public required string Status { get; init; }

    /// <summary>The file that was read.</summary>
    public required string Input { get; init; }

    /// <summary>The file that was written; in place, the input.</summary>
    public required string Output { get; init; }

    /// <summary>The input was changed where it stands.</summary>
    public required bool InPlace { get; init; }

    /// <summary>The spec's fingerprint.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The steps in a few words each.</summary>
    public required ImmutableArray<string> Steps { get; init; }

    /// <summary>What the input is made of: <c>f32 f64 i32 i64</c>.</summary>
    public required string Element { get; init; }

    /// <summary>What the output is made of.</summary>
    public required string Result { get; init; }

    /// <summary>Elements in each dimension.</summary>
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>Bytes of the elements read.</summary>
    public required long BytesIn { get; init; }

    /// <summary>The elements before the first step; null if they were not measured.</summary>
    public ArrayStatistics? Before { get; init; }

    /// <summary>The elements after the last step; null if they were not measured.</summary>
    public ArrayStatistics? After { get; init; }

    /// <summary>Threads that worked.</summary>
    public int Workers { get; init; }

    /// <summary>Ranges that an interrupted job had done before this one continued it.</summary>
    public long RangesDoneBefore { get; init; }

    /// <summary>Seconds from begin to end.</summary>
    public double WallSeconds { get; init; }

    /// <summary>The report as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ArrayJson.Lines.ArrayReport);
}

/// <summary>Figures of an array. All but <c>count</c>, <c>nan</c> and <c>infinite</c> are of the finite elements, and null if there is none.</summary>
/// <param name="Count">Elements.</param>
/// <param name="Nan">Elements that are not a number.</param>
/// <param name="Infinite">Elements that are infinite.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
/// <param name="Mean">The exact mean, rounded once.</param>
/// <param name="Std">The deviation of the population: the root of the exact variance.</param>
public sealed record ArrayStatistics(long Count, long Nan, long Infinite, ArrayNumber? Min, ArrayNumber? Max, double? Mean, double? Std)
{
    internal static ArrayStatistics? Of(ArrayMeasure? measure) => measure is null
        ? null
        : new ArrayStatistics(measure.Count, measure.Nan, measure.Infinite, measure.Min, measure.Max, measure.Mean, measure.Deviation(ddof: 0));
}
