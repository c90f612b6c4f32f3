using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>What was measured of an array before it is written.</summary>
/// <param name="Runner">All steps, bound to what was measured.</param>
/// <param name="Barriers">What the barriers measured, in order.</param>
/// <param name="Before">The elements before the first step; null if nobody asked, or if the last pass is to measure them.</param>
internal sealed record MeasuredArray(ArrayRunner Runner, IReadOnlyList<BarrierMeasure> Barriers, ArrayMeasure? Before);

/// <summary>The passes that an array takes: one for each barrier, which only measures, and one that makes the result.</summary>
internal sealed class ArrayPasses(IElementSource source, ArrayProgram program, ArrayTuning tuning, int workers, bool statistics)
{
    /// <summary>Carries out the measuring passes.</summary>
    public MeasuredArray Measure(CancellationToken cancellationToken)
    {
        ArrayMeasure? before = null;
        var measures = new List<BarrierMeasure>();
        var runner = program.Until(measures);
        foreach (var barrier in program.Barriers)
        {
            var isFirst = measures.Count == 0;
            var moments = barrier.NeedsMoments || (statistics && isFirst && runner.IsEmpty);
            var measured = new ArrayMeasure(barrier.Element, moments);
            var early = statistics && isFirst && !runner.IsEmpty ? NewMeasure(program.Input) : null;
            new ArrayPass(source, runner, tuning)
            {
                Before = early,
                BeforeHasMoments = true,
                After = measured,
                AfterHasMoments = moments,
            }.Run(workers, cancellationToken);

            // Where the first barrier comes before every other step, it measures the input itself.
            before ??= !statistics ? null : runner.IsEmpty ? measured : early;
            measures.Add(BarrierMeasure.Of(barrier, measured));
            runner = program.Until(measures);
        }

        return new MeasuredArray(runner, measures, before);
    }

    /// <summary>Carries out the last pass; without a <paramref name="sink"/> it only finds out whether every element can take every step.</summary>
    public (ArrayStatistics? Before, ArrayStatistics? After) Make(MeasuredArray measured, ElementSink? sink, Action? rangeDone, CancellationToken cancellationToken)
    {
        var before = measured.Before is null && statistics ? NewMeasure(program.Input) : null;
        var after = statistics ? NewMeasure(program.Result) : null;
        new ArrayPass(source, measured.Runner, tuning)
        {
            Before = before,
            BeforeHasMoments = true,
            After = after,
            AfterHasMoments = true,
            Sink = sink,
            RangeDone = rangeDone,
        }.Run(workers, cancellationToken);
        return (ArrayStatistics.Of(measured.Before ?? before), ArrayStatistics.Of(after));
    }

    private static ArrayMeasure NewMeasure(ArrayElement element) => new(element, moments: true);
}
