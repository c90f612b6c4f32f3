namespace OrleansClean.Cleaning.Arrays;

/// <summary>What a barrier needs to know of all elements: a measure's figures, small enough to be kept in a journal.</summary>
public sealed record BarrierMeasure
{
    /// <summary>Elements.</summary>
    public required long Count { get; init; }

    /// <summary>Elements that are finite.</summary>
    public required long Finite { get; init; }

    /// <summary>Elements that are infinite.</summary>
    public required long Infinite { get; init; }

    /// <summary>The smallest finite element.</summary>
    public ArrayNumber? Min { get; init; }

    /// <summary>The largest finite element.</summary>
    public ArrayNumber? Max { get; init; }

    /// <summary>The mean of the finite elements, for <c>zscore</c>.</summary>
    public double? Mean { get; init; }

    /// <summary>Their deviation with the divisor that the step asks for.</summary>
    public double? Deviation { get; init; }

    /// <summary>The figures that <paramref name="barrier"/> needs.</summary>
    public static BarrierMeasure Of(ArrayBarrier barrier, ArrayMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(barrier);
        ArgumentNullException.ThrowIfNull(measure);
        var step = barrier.Step as ArrayStep.ZScore;
        return new BarrierMeasure
        {
            Count = measure.Count,
            Finite = measure.Finite,
            Infinite = measure.Infinite,
            Min = measure.Min,
            Max = measure.Max,
            Mean = step is null ? null : measure.Mean,
            Deviation = step is null ? null : measure.Deviation(step.Ddof),
        };
    }
}
