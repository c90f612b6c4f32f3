using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// A spec made ready for arrays of one kind of element. Steps run block by block. A step that must have seen all elements first (a
/// barrier: <c>normalize</c>) takes a measuring pass of its own: <see cref="Until"/> gives what runs before it, and with its measure
/// the next part can be asked for.
/// </summary>
public sealed class ArrayProgram
{
    /// <summary>Barriers of a spec: each reads the whole array once more.</summary>
    public const int BarriersMax = 8;

    private readonly ImmutableArray<CompiledStep> _steps;

    internal ArrayProgram(ArraySpec spec, ArrayElement input, ImmutableArray<CompiledStep> steps)
    {
        Spec = spec;
        Input = input;
        Result = steps[^1].Result;
        _steps = steps;
        Barriers = [.. steps.Where(s => s.IsBarrier).Select(s => new ArrayBarrier(s.Source, s.Result, s.Source is ArrayStep.ZScore))];
    }

    /// <summary>What it was made of.</summary>
    public ArraySpec Spec { get; }

    /// <summary>The kind of element that it takes.</summary>
    public ArrayElement Input { get; }

    /// <summary>The kind of element that it makes.</summary>
    public ArrayElement Result { get; }

    /// <summary>What must be measured, in order.</summary>
    public ImmutableArray<ArrayBarrier> Barriers { get; }

    /// <summary>Some step can meet an element that it cannot take.</summary>
    public bool CanFail => _steps.Any(s => s.CanFail);

    /// <summary>
    /// Makes <paramref name="spec"/> ready. Throws <see cref="PlanException"/> with the place of every step that makes no sense for
    /// <paramref name="input"/>.
    /// </summary>
    public static ArrayProgram Compile(ArraySpec spec, ArrayElement input)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new ArrayCompiler(spec).Compile(input);
    }

    /// <summary>
    /// What runs from the first step on: up to the barrier whose measure is not among <paramref name="measures"/> yet, or to the end. Throws
    /// <see cref="FileFailedException"/> with <see cref="ProblemCodes.ElementError"/> if a measure leaves nothing to normalise by.
    /// </summary>
    public ArrayRunner Until(IReadOnlyList<BarrierMeasure> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        var steps = ImmutableArray.CreateBuilder<IBlockStep>();
        var element = Input;
        var barriersPassed = 0;
        foreach (var step in _steps)
        {
            if (step.IsBarrier && barriersPassed == measures.Count)
            {
                return new ArrayRunner(steps.ToImmutable(), element, isWhole: false);
            }

            steps.AddRange(step.IsBarrier ? step.Bind(measures[barriersPassed++]) : step.Steps);
            element = step.Result;
        }

        return new ArrayRunner(steps.ToImmutable(), element, isWhole: true);
    }
}

/// <summary>A step that needs a measure of all elements.</summary>
/// <param name="Step">The step.</param>
/// <param name="Element">What the array is made of before it, and after.</param>
/// <param name="NeedsMoments">Mean and deviation are needed, not only the extremes.</param>
public sealed record ArrayBarrier(ArrayStep Step, ArrayElement Element, bool NeedsMoments);

/// <summary>Runs steps over blocks. It keeps nothing from one block to the next and may be used by many threads.</summary>
public sealed class ArrayRunner
{
    private readonly ImmutableArray<IBlockStep> _steps;

    internal ArrayRunner(ImmutableArray<IBlockStep> steps, ArrayElement result, bool isWhole)
    {
        _steps = steps;
        Result = result;
        IsWhole = isWhole;
    }

    /// <summary>The kind of element that comes out.</summary>
    public ArrayElement Result { get; }

    /// <summary>These are all steps of the spec.</summary>
    public bool IsWhole { get; }

    /// <summary>There is nothing to do.</summary>
    public bool IsEmpty => _steps.IsEmpty;

    /// <summary>Bytes that <see cref="Run"/> needs beside a block of <paramref name="elements"/>.</summary>
    public static int ScratchBytes(int elements) => 2 * elements * sizeof(double);

    /// <summary>
    /// Runs the steps over <paramref name="block"/>, which they overwrite, and returns where the result lies: there, or in
    /// <paramref name="scratch"/>. Throws <see cref="ArrayValueException"/> if an element cannot take a step.
    /// </summary>
    public Span<byte> Run(Span<byte> block, byte[] scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        var moving = new ArrayBlock(block, scratch);
        foreach (var step in _steps)
        {
            step.Apply(ref moving);
        }

        return moving.Bytes;
    }
}
