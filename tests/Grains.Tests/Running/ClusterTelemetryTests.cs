using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansClean.Batches;
using OrleansClean.Grains.Running;

namespace OrleansClean.Grains.Tests.Running;

public sealed class ClusterTelemetryTests
{
    [Fact]
    public void A_span_and_a_number_carry_codes_and_never_a_message()
    {
        var told = new List<string?>();
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ClusterTelemetry.Name,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => told.AddRange(
                [span.DisplayName, span.StatusDescription, .. span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"), .. span.Baggage.Select(item => item.Value), .. span.Events.Select(e => e.Name)]),
        };
        ActivitySource.AddActivityListener(spans);
        using var numbers = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ClusterTelemetry.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        numbers.SetMeasurementEventCallback<long>((_, _, tags, _) => told.AddRange(tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
        numbers.SetMeasurementEventCallback<double>((_, _, tags, _) => told.AddRange(tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
        numbers.Start();

        var span = ClusterTelemetry.Begin("batch-1", new AttemptId(3, 1), "silo");
        ClusterTelemetry.End(span, new AttemptOutcome.Failed(new Failure("type-error", "CANARY", IsTransient: false)), TimeSpan.FromSeconds(1));

        Assert.Contains("orleansclean.outcome=failed", told);
        Assert.Contains("type-error", told);
        Assert.DoesNotContain(told, text => text?.Contains("CANARY", StringComparison.Ordinal) == true);
    }
}
