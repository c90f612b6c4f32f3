using System.Numerics;
using System.Numerics.Tensors;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// Multiplies integers, or adds to them, and never wraps around. The two extremes of a block decide: if they stay in range all do, and
/// the rest needs no check.
/// </summary>
internal sealed class ScaleIntegers<T>(ArrayStep step, T factor) : IBlockStep
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public void Apply(ref ArrayBlock block)
    {
        var values = block.As<T>();
        IntegerRange.Check(step, values, value => Int128.CreateChecked(value) * Int128.CreateChecked(factor));
        TensorPrimitives.Multiply(values, factor, values);
    }
}

/// <summary>Adds to integers.</summary>
internal sealed class OffsetIntegers<T>(ArrayStep step, T addend) : IBlockStep
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public void Apply(ref ArrayBlock block)
    {
        var values = block.As<T>();
        IntegerRange.Check(step, values, value => Int128.CreateChecked(value) + Int128.CreateChecked(addend));
        TensorPrimitives.Add(values, addend, values);
    }
}

/// <summary>Says which results an integer can hold.</summary>
internal static class IntegerRange
{
    /// <summary>Throws unless <paramref name="result"/>, which grows or falls with its argument, stays within <typeparamref name="T"/> for the extremes.</summary>
    public static void Check<T>(ArrayStep step, ReadOnlySpan<T> values, Func<T, Int128> result)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        foreach (var extreme in (ReadOnlySpan<T>)[TensorPrimitives.Min(values), TensorPrimitives.Max(values)])
        {
            var made = result(extreme);
            if (made < Int128.CreateChecked(T.MinValue) || made > Int128.CreateChecked(T.MaxValue))
            {
                throw new ArrayValueException(step, $"it is {extreme}, and {made} is beyond {Word<T>()}, which ends at {(made < 0 ? T.MinValue : T.MaxValue)}. Cast to a wider kind first, or clip.");
            }
        }
    }

    /// <summary><c>i32</c> or <c>i64</c>.</summary>
    public static string Word<T>()
        where T : unmanaged => ArrayElements.Of<T>()!.Value.Word();
}
