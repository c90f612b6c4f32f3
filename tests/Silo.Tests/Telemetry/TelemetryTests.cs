using OrleansClean.Grains.Running;
using OrleansClean.Silo.Tests.Processes;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Telemetry;

/// <summary>What silos send to a collector, received by one on loopback.</summary>
public sealed class TelemetryTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_batch_is_one_trace_with_a_span_for_each_attempt_and_its_numbers_are_counted()
    {
        using var load = new Workload(files: 12, rows: 20);
        await using var collector = await OtlpListener.StartAsync();
        await using (var cluster = await ProcessCluster.StartAsync(load, output, silos: 1, otlp: collector.Address))
        {
            await cluster.SubmitAsync(load.Submission("traced"));
            await cluster.EndAsync("traced");

            // A silo that stops sends what it has.
            await cluster.Silos[0].TerminateAsync();
            Assert.True(cluster.Silos[0].ExitCode == 0, cluster.Said);
        }

        var dispatches = await load.DispatchesAsync("traced");
        var spans = collector.Spans.Where(span => span.Name is "clean").ToList();
        Assert.Equal(
            dispatches.Select(dispatch => (dispatch.Item, dispatch.Number)).Order(),
            spans.Select(span => (Number(span, "orleansclean.item"), Number(span, "orleansclean.attempt"))).Order());
        Assert.All(spans, span =>
        {
            Assert.Equal(ClusterTelemetry.TraceOf("traced").TraceId.ToHexString(), span.Trace);
            Assert.Equal(("traced", "ready"), (span.Attributes["orleansclean.batch"], span.Attributes["orleansclean.outcome"]));
            Assert.StartsWith(dispatches[0].Worker, span.Attributes["orleansclean.worker"], StringComparison.Ordinal);
        });
        foreach (var name in new[] { "orleansclean.attempts", "orleansclean.attempt.duration", "orleansclean.slots", "orleansclean.busy", "orleansclean.waiting" })
        {
            Assert.Contains(name, collector.Metrics);
        }
    }

    private static int Number(ReceivedSpan span, string attribute) => int.Parse(span.Attributes[attribute], System.Globalization.CultureInfo.InvariantCulture);
}
