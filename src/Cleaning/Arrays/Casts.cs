using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>Makes the elements of a block another kind that holds every value of the old one, or the nearest float to it.</summary>
internal sealed class Widen<TFrom, TTo> : IBlockStep
    where TFrom : unmanaged, INumberBase<TFrom>
    where TTo : unmanaged, INumberBase<TTo>
{
    public void Apply(ref ArrayBlock block)
    {
        ReadOnlySpan<TFrom> from = block.As<TFrom>();
        TensorPrimitives.ConvertTruncating(from, block.MoveTo<TTo>(from.Length));
    }
}

/// <summary>
/// Doubles to singles. A finite value that rounds to infinity does not fit; infinity itself and NaN do.
/// </summary>
internal sealed class NarrowToF32(ArrayStep.Cast step) : IBlockStep
{
    // 2^128 - 2^103 lies half-way between the largest single and the next number of its grid, and rounds up.
    private const double Overflow = 340282356779733661637539395458142568448.0;

    private static readonly Clip<double> ToRange = new(float.MinValue, float.MaxValue);

    public void Apply(ref ArrayBlock block)
    {
        var extent = BlockExtent.Of(block.As<double>());
        if (extent.Max >= Overflow && !extent.IsEmpty && !step.Clips)
        {
            throw CastRefusals.TooLarge(step, extent.Max);
        }

        if (extent.Min <= -Overflow && !extent.IsEmpty && !step.Clips)
        {
            throw CastRefusals.TooLarge(step, extent.Min);
        }

        if (step.Clips && extent.Infinite == 0)
        {
            ToRange.Apply(ref block);
        }
        else if (step.Clips)
        {
            foreach (ref var value in block.As<double>())
            {
                value = double.IsFinite(value) ? Math.Clamp(value, float.MinValue, float.MaxValue) : value;
            }
        }

        ReadOnlySpan<double> from = block.As<double>();
        TensorPrimitives.ConvertTruncating(from, block.MoveTo<float>(from.Length));
    }
}

/// <summary>Floats to integers, toward zero. NaN has no integer; what is out of range is an error or the nearest that is in it.</summary>
internal sealed class TruncateFloats<TFrom, TTo>(ArrayStep.Cast step) : IBlockStep
    where TFrom : unmanaged, IBinaryFloatingPointIeee754<TFrom>
    where TTo : unmanaged, IBinaryInteger<TTo>, IMinMaxValue<TTo>
{
    // -2^31 - 1 < x < 2^31 and -2^63 - 1 < x < 2^63, as far as the float can tell them from their neighbours: toward zero all of them fit.
    private static readonly double Above = typeof(TTo) == typeof(int) ? 2147483648.0 : 9223372036854775808.0;
    private static readonly double Below = typeof(TTo) == typeof(int) ? -2147483649.0 : double.BitDecrement(-9223372036854775808.0);

    public void Apply(ref ArrayBlock block)
    {
        ReadOnlySpan<TFrom> from = block.As<TFrom>();
        var to = block.MoveTo<TTo>(from.Length);
        var (min, max) = (double.CreateTruncating(TensorPrimitives.Min(from)), double.CreateTruncating(TensorPrimitives.Max(from)));
        if (double.IsNaN(min))
        {
            throw new ArrayValueException(step, $"it is NaN, which no {step.To.Word()} can be. Put `- replace_nan: 0` before the cast, or another value.");
        }

        if (!step.Clips && max >= Above)
        {
            throw CastRefusals.TooLarge(step, max);
        }

        if (!step.Clips && min <= Below)
        {
            throw CastRefusals.TooLarge(step, min);
        }

        TensorPrimitives.ConvertSaturating(from, to);
    }
}

/// <summary>64-bit integers to 32 bits.</summary>
internal sealed class NarrowToI32(ArrayStep.Cast step) : IBlockStep
{
    public void Apply(ref ArrayBlock block)
    {
        ReadOnlySpan<long> from = block.As<long>();
        foreach (var extreme in (ReadOnlySpan<long>)[TensorPrimitives.Min(from), TensorPrimitives.Max(from)])
        {
            if (!step.Clips && extreme is < int.MinValue or > int.MaxValue)
            {
                throw CastRefusals.TooLarge(step, extreme.ToString(CultureInfo.InvariantCulture));
            }
        }

        TensorPrimitives.ConvertSaturating(from, block.MoveTo<int>(from.Length));
    }
}

/// <summary>Says why a cast refuses a value.</summary>
internal static class CastRefusals
{
    public static ArrayValueException TooLarge(ArrayStep.Cast step, double value) => TooLarge(step, new ArrayNumber(value).ToString());

    public static ArrayValueException TooLarge(ArrayStep.Cast step, string value) =>
        new(step, $"it is {value}, which is beyond {step.To.Word()}. Write `cast: {{to: {step.To.Word()}, overflow: clip}}` to take the nearest value instead, or clip first.");
}
