using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>A step of a spec, ready for one kind of element.</summary>
/// <param name="Source">The step.</param>
/// <param name="Result">What the array is made of after it.</param>
/// <param name="Steps">What runs; of a barrier nothing, until it is bound.</param>
internal sealed record CompiledStep(ArrayStep Source, ArrayElement Result, ImmutableArray<IBlockStep> Steps)
{
    /// <summary>Some element may be one that it cannot take.</summary>
    public bool CanFail { get; init; }

    /// <summary>It must have seen all elements first.</summary>
    public bool IsBarrier => Source is ArrayStep.MinMax or ArrayStep.ZScore;

    /// <summary>What runs, now that all elements are measured.</summary>
    public ImmutableArray<IBlockStep> Bind(BarrierMeasure measure) =>
        Result is ArrayElement.F32 ? Normalizer<float>.Bind(Source, measure) : Normalizer<double>.Bind(Source, measure);
}
