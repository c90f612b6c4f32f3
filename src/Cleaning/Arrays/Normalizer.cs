using System.Collections.Immutable;
using System.Numerics;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>Makes the steps of <c>normalize</c> from what was measured.</summary>
internal static class Normalizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static ImmutableArray<IBlockStep> Bind(ArrayStep step, BarrierMeasure measure)
    {
        if (measure.Infinite > 0)
        {
            throw Refuse(step, $"{ArrayWords.Grouped(measure.Infinite)} of {ArrayWords.Grouped(measure.Count)} elements are infinite, and nothing can be measured against them. Clip first: `- clip: {{min: -1e6, max: 1e6}}`.");
        }

        // NaN stays NaN, so without a number there is nothing to do.
        return measure.Finite == 0 ? [] : step is ArrayStep.MinMax range ? Bind(range, measure) : Bind((ArrayStep.ZScore)step, measure);
    }

    private static ImmutableArray<IBlockStep> Bind(ArrayStep.MinMax step, BarrierMeasure measure)
    {
        var min = measure.Min!.Value.As<T>();
        var range = measure.Max!.Value.As<T>() - min;
        if (range == T.Zero)
        {
            throw Refuse(step, $"every element is {measure.Min}, and there is no range to map. Leave the step out for this array.");
        }

        if (!T.IsFinite(range))
        {
            throw Refuse(step, $"the elements reach from {measure.Min} to {measure.Max}, and the difference is beyond {ArrayElements.Of<T>()!.Value.Word()}. Scale first: `- scale: 0.25`.");
        }

        var toUnit = new StandardizeFloats<T>(min, range);
        var (low, high) = (step.Low.As<T>(), step.High.As<T>());
        return low == T.Zero && high == T.One
            ? [toUnit]
            // Rounding may lead past a bound by one unit in the last place.
            : [toUnit, new ScaleFloats<T>(high - low), new OffsetFloats<T>(low), new Clip<T>(low, high)];
    }

    private static ImmutableArray<IBlockStep> Bind(ArrayStep.ZScore step, BarrierMeasure measure)
    {
        if (measure.Deviation is not { } deviation)
        {
            throw Refuse(step, $"with `ddof: {ArrayWords.Of(step.Ddof)}` it takes more than {ArrayWords.Of(step.Ddof)} element, and there is {ArrayWords.Of(measure.Finite)}.");
        }

        var unit = T.CreateTruncating(deviation);
        if (unit == T.Zero)
        {
            throw Refuse(step, deviation == 0
                ? $"every element is {measure.Min}, and there is no deviation to divide by. Leave the step out for this array."
                : $"the deviation is {new ArrayNumber(deviation)}, which is 0 as {ArrayElements.Of<T>()!.Value.Word()}. Cast to f64 first.");
        }

        if (!T.IsFinite(unit))
        {
            throw Refuse(step, $"the deviation is beyond {ArrayElements.Of<T>()!.Value.Word()}. Scale first: `- scale: 0.25`.");
        }

        return [new StandardizeFloats<T>(T.CreateTruncating(measure.Mean!.Value), unit)];
    }

    private static FileFailedException Refuse(ArrayStep step, string reason) =>
        new(ProblemCodes.ElementError, $"`{step.Words}` cannot be carried out: {reason}");
}
