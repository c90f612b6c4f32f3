using System.Collections.Immutable;
using System.Numerics;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>Makes a spec ready for one kind of element, and says which of its steps make no sense for it.</summary>
internal sealed class ArrayCompiler(ArraySpec spec)
{
    private readonly PlanProblems _problems = new();

    public ArrayProgram Compile(ArrayElement input)
    {
        var compiled = ImmutableArray.CreateBuilder<CompiledStep>(spec.Steps.Length);
        var element = input;
        foreach (var step in spec.Steps)
        {
            var next = Compile(step, element);
            compiled.Add(next);
            element = next.Result;
        }

        var barriers = compiled.Where(c => c.IsBarrier).ToList();
        if (barriers.Count > ArrayProgram.BarriersMax)
        {
            _problems.Add(barriers[ArrayProgram.BarriersMax].Source.At, $"A spec normalizes at most {ArrayWords.Of(ArrayProgram.BarriersMax)} times: each time reads the whole array.");
        }

        return _problems.Count == 0 ? new ArrayProgram(spec, input, compiled.ToImmutable()) : throw new PlanException(spec.Path, _problems.InOrder());
    }

    private CompiledStep Compile(ArrayStep step, ArrayElement element) => step switch
    {
        ArrayStep.Cast cast => Cast(cast, element),
        _ => element switch
        {
            ArrayElement.F32 => Float<float>(step, element),
            ArrayElement.F64 => Float<double>(step, element),
            ArrayElement.I32 => Integer<int>(step, element),
            _ => Integer<long>(step, element),
        },
    };

    private CompiledStep Float<T>(ArrayStep step, ArrayElement element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T Held(ArrayNumber number)
        {
            var held = number.As<T>();
            if (!T.IsFinite(held))
            {
                _problems.Add(step.At, $"The array is {element.Word()} here, and `{step.Verb}` has the number {number}, which is beyond it.", "Put `- cast: f64` before the step.");
            }

            return held;
        }

        IBlockStep? ready = step switch
        {
            ArrayStep.ReplaceNan replace => new ReplaceNan<T>(Held(replace.Value)),
            ArrayStep.Scale scale => new ScaleFloats<T>(Held(scale.Factor)),
            ArrayStep.Offset offset => new OffsetFloats<T>(Held(offset.Addend)),
            ArrayStep.Clip clip => new Clip<T>(
                clip.Min is { } min ? Held(min) : T.NegativeInfinity,
                clip.Max is { } max ? Held(max) : T.PositiveInfinity),
            _ => null,
        };
        if (step is ArrayStep.MinMax range && !T.IsFinite(Held(range.High) - Held(range.Low)))
        {
            _problems.Add(step.At, $"The range from {range.Low} to {range.High} is beyond {element.Word()}.");
        }

        return new CompiledStep(step, element, ready is null ? [] : [ready]);
    }

    private CompiledStep Integer<T>(ArrayStep step, ArrayElement element)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T Held(ArrayNumber number)
        {
            if (number.Whole is { } whole && whole >= long.CreateTruncating(T.MinValue) && whole <= long.CreateTruncating(T.MaxValue))
            {
                return T.CreateTruncating(whole);
            }

            _problems.Add(step.At, $"The array is {element.Word()} here, and `{step.Verb}` has the number {number}, which is no {element.Word()}.", "Put `- cast: f64` before the step, or write a whole number.");
            return T.Zero;
        }

        switch (step)
        {
            case ArrayStep.Scale scale:
                return new CompiledStep(step, element, [new ScaleIntegers<T>(step, Held(scale.Factor))]) { CanFail = true };
            case ArrayStep.Offset offset:
                return new CompiledStep(step, element, [new OffsetIntegers<T>(step, Held(offset.Addend))]) { CanFail = true };
            case ArrayStep.Clip clip:
                return new CompiledStep(step, element, [new Clip<T>(clip.Min is { } min ? Held(min) : T.MinValue, clip.Max is { } max ? Held(max) : T.MaxValue)]);
            case ArrayStep.ReplaceNan:
                _problems.Add(step.At, $"The array is {element.Word()} here, in which nothing is NaN.", "Leave `replace_nan` out, or put it before the cast.");
                break;
            default:
                _problems.Add(step.At, $"The array is {element.Word()} here, and `normalize` makes fractions.", "Put `- cast: f64` before it.");
                break;
        }

        return new CompiledStep(step, element, []);
    }

    private static CompiledStep Cast(ArrayStep.Cast step, ArrayElement from)
    {
        IBlockStep? ready = (from, step.To) switch
        {
            (ArrayElement.F32, ArrayElement.F64) => new Widen<float, double>(),
            (ArrayElement.I32, ArrayElement.F32) => new Widen<int, float>(),
            (ArrayElement.I32, ArrayElement.F64) => new Widen<int, double>(),
            (ArrayElement.I32, ArrayElement.I64) => new Widen<int, long>(),
            (ArrayElement.I64, ArrayElement.F32) => new Widen<long, float>(),
            (ArrayElement.I64, ArrayElement.F64) => new Widen<long, double>(),
            (ArrayElement.F64, ArrayElement.F32) => new NarrowToF32(step),
            (ArrayElement.F32, ArrayElement.I32) => new TruncateFloats<float, int>(step),
            (ArrayElement.F32, ArrayElement.I64) => new TruncateFloats<float, long>(step),
            (ArrayElement.F64, ArrayElement.I32) => new TruncateFloats<double, int>(step),
            (ArrayElement.F64, ArrayElement.I64) => new TruncateFloats<double, long>(step),
            (ArrayElement.I64, ArrayElement.I32) => new NarrowToI32(step),
            _ => null,
        };
        var canFail = ready is NarrowToF32 or NarrowToI32
            ? !step.Clips
            : ready is not null && from.IsFloat() && !step.To.IsFloat();
        return new CompiledStep(step, step.To, ready is null ? [] : [ready]) { CanFail = canFail };
    }
}
