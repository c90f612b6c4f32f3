using System.Globalization;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Registry;
using OrleansClean.Grains.Wire;
using OrleansClean.Storage;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Grains.Tests;

/// <summary>A batch of 100,000 files: what its grain says is as short as for ten.</summary>
public sealed class LargeBatchTests
{
    private const int Files = 100_000;
    private static readonly WorkerId Worker = new("silo@127.0.0.1:11111", 1);

    [Fact]
    public async Task A_batch_of_100000_files_speaks_in_short_messages()
    {
        var (inputs, outputs) = (new MemoryStore(TimeProvider.System), new MemoryStore(TimeProvider.System));
        for (var file = 0; file < Files; file++)
        {
            await inputs.WriteDocumentAsync(
                ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"in/{file:D6}.csv")), "id\n1\n"u8.ToArray(), Precondition.Absent, default);
        }

        var stores = new LocalStores(name => name is "memory://inputs" ? inputs : outputs);
        var registry = new ClusterRegistry(new MemoryStore(TimeProvider.System), "tests");
        await using var desk = new BatchDesk("large", new BatchDeskServices(
            registry, stores, batch => new CleaningEffects(stores, batch.OutputRoot, batch.Id, workers: 0), _ => false, _ => { }, TimeProvider.System));
        var submission = new BatchSubmission
        {
            Id = "large",
            PlanText = "plan: 1\nname: large\nread: {files: \"in/*.csv\"}\nsteps:\n  - trim: all\nwrite: out/{name}.csv\n",
            InputRoot = "memory://inputs",
            OutputRoot = "memory://outputs",
            FrozenAt = DateTimeOffset.UnixEpoch,
        };

        var submitted = await AskAsync(() => desk.SubmitAsync(submission, "call"), reply => reply.Outcome is not HostOutcome.Unavailable);
        Assert.True(submitted.IsGood, submitted.Message);
        var status = await AskAsync(desk.StatusAsync, reply => reply.Overview is { Phase: BatchPhase.Running });
        var sequence = 0;
        var work = await AskAsync(() => desk.TakeAsync(new TakeRequest(Worker, ++sequence, int.MaxValue, [])), answer => answer.Reply is { Attempts.Length: > 0 });
        var held = new TakeRequest(Worker, 99, 0, work.Reply!.Attempts);
        var again = await AskAsync(() => desk.TakeAsync(held), answer => answer.Reply is not null);
        var outcome = new CleaningAttempts(stores).Execute(work.Reply.Place!, work.Reply.Attempts[0], new AttemptContext("tests", null, default));
        var report = AttemptReport.Of(work.Reply.Attempts[0], outcome);

        Assert.Equal(Files, status.Overview!.Items);
        Assert.Equal(BatchMachine.AttemptsPerTakeMax, work.Reply.Attempts.Length);
        Assert.Equal(AttemptResult.Ready, report.Result);
        Assert.NotNull((await AskAsync(() => desk.ReportAsync(report), answer => answer.Reply is not null)).Reply);
        Assert.All(new object[] { submission, status, held, work, again, report }, IsShort);
    }

    private static void IsShort(object message) =>
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(message, WireTypes.Json.GetTypeInfo(message.GetType())).Length, 1, 4 << 10);

    /// <summary>Asks as a silo or client does: again, until somebody answers.</summary>
    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, Predicate<T> isAnswer)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(20));
        while (true)
        {
            var answer = await ask();
            if (isAnswer(answer))
            {
                return answer;
            }

            await Task.Delay(20, patience.Token);
        }
    }
}
