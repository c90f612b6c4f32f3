using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Registry;
using OrleansClean.Grains.Wire;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Grains.Tests;

/// <summary>What a batch's grain does, without Orleans: on folders, with the real coordinator, effects and cleaning.</summary>
public sealed class BatchDeskTests : IAsyncLifetime
{
    private static readonly WorkerId Worker = new("silo@127.0.0.1:11111", 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-desk");
    private readonly LocalStores _stores = new();
    private readonly List<BatchDesk> _desks = [];
    private long _sequence;

    private string OutputRoot => Path.Combine(_folder.FullName, "out");

    private ClusterRegistry Registry => new(new FolderStore(Path.Combine(_folder.FullName, "cluster")), "tests");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var desk in _desks)
        {
            await desk.DisposeAsync();
        }

        for (var attempt = 1; _folder.Exists; attempt++)
        {
            try
            {
                _folder.Delete(recursive: true);
                _folder.Refresh();
            }
            catch (IOException) when (attempt < 100)
            {
                // An effect that was under way still writes its last file.
                await Task.Delay(20);
            }
        }
    }

    [Fact]
    public async Task A_batch_is_taken_reported_and_closed_when_it_is_done()
    {
        WriteInputs(3);
        var desk = Desk("one");

        Assert.Equal(HostOutcome.Accepted, (await desk.SubmitAsync(Submission("one"))).Outcome);
        Assert.Equal(["one"], await Registry.ListOpenAsync(default));
        await WorkAsync(desk);

        Assert.Equal(3, (await desk.StatusAsync()).Overview!.Committed);
        Assert.Empty(await Registry.ListOpenAsync(default));
        Assert.Equal("id\n1\n", File.ReadAllText(Path.Combine(OutputRoot, "1.csv")));
    }

    [Fact]
    public async Task A_fenced_desk_says_so_and_the_next_one_goes_on()
    {
        WriteInputs(3);
        var old = Desk("one");
        await old.SubmitAsync(Submission("one"));
        await UntilListedAsync(old);

        var next = Desk("one");
        Assert.Equal(3, (await next.StatusAsync()).Overview!.Items);
        var answer = await old.TakeAsync(Take(1));

        Assert.Null(answer.Reply);
        Assert.NotNull(answer.Unavailable);
        Assert.True(old.IsSpent);
        await WorkAsync(next);
        Assert.Equal(3, (await next.StatusAsync()).Overview!.Committed);
    }

    [Fact]
    public async Task A_worker_that_is_known_dead_gets_nothing()
    {
        WriteInputs(3);
        var desk = Desk("one", isDead: worker => worker.Generation == 1);
        await desk.SubmitAsync(Submission("one"));
        await UntilListedAsync(desk);

        var dead = await desk.TakeAsync(Take(2));
        var alive = await desk.TakeAsync(Take(2) with { Worker = Worker with { Generation = 2 } });

        Assert.Empty(dead.Reply!.Attempts);
        Assert.Equal(2, alive.Reply!.Attempts.Length);
    }

    [Fact]
    public async Task A_question_about_no_batch_writes_nothing()
    {
        var desk = Desk("none");

        Assert.Equal(HostOutcome.Missing, (await desk.StatusAsync()).Outcome);
        Assert.Equal(HostOutcome.Missing, (await desk.CancelAsync()).Outcome);
        Assert.Equal(HostOutcome.Missing, (await desk.RetryAsync()).Outcome);
        Assert.Empty((await desk.TakeAsync(Take(1))).Reply!.Attempts);
        Assert.False((await desk.ReportAsync(new AttemptReport(new AttemptId(0, 1), AttemptResult.Released, null, null))).Reply!.Counted);
        Assert.False(Directory.Exists(OutputRoot));
    }

    [Fact]
    public async Task Another_body_under_the_same_id_is_a_conflict_also_for_another_root()
    {
        WriteInputs(1);
        await Desk("one").SubmitAsync(Submission("one"));

        Assert.Equal(HostOutcome.Known, (await Desk("one").SubmitAsync(Submission("one"))).Outcome);
        Assert.Equal(HostOutcome.Conflict, (await Desk("one").SubmitAsync(Submission("one") with { OutputRoot = OutputRoot + "2" })).Outcome);
        Assert.Equal(HostOutcome.Conflict, (await Desk("one").SubmitAsync(Submission("one") with { Force = true })).Outcome);
    }

    [Fact]
    public async Task Of_two_open_batches_neither_writes_into_the_other_s_folder()
    {
        WriteInputs(1);
        await Desk("one").SubmitAsync(Submission("one"));

        var inside = await Desk("two").SubmitAsync(Submission("two") with { OutputRoot = OutputRoot + "/deep" });
        var beside = await Desk("three").SubmitAsync(Submission("three") with { OutputRoot = OutputRoot + "-beside" });

        Assert.Equal(HostOutcome.Refused, inside.Outcome);
        Assert.Contains("one", inside.Message, StringComparison.Ordinal);
        Assert.Equal(HostOutcome.Accepted, beside.Outcome);
        Assert.Equal(["one", "three"], await Registry.ListOpenAsync(default));
    }

    [Fact]
    public async Task A_call_that_is_sent_again_is_answered_as_it_was()
    {
        WriteInputs(1);

        Assert.Equal(HostOutcome.Accepted, (await Desk("one").SubmitAsync(Submission("one"), "first call")).Outcome);
        Assert.Equal(HostOutcome.Accepted, (await Desk("one").SubmitAsync(Submission("one"), "first call")).Outcome);
        Assert.Equal(HostOutcome.Known, (await Desk("one").SubmitAsync(Submission("one"), "second call")).Outcome);
    }

    [Fact]
    public async Task A_retry_that_is_sent_again_is_answered_as_it_was()
    {
        WriteInputs(1);
        Directory.CreateDirectory(Path.Combine(OutputRoot, "1.csv"));
        File.WriteAllText(Path.Combine(OutputRoot, "1.csv", "in the way"), "");
        var desk = Desk("one");
        await desk.SubmitAsync(Submission("one"));
        await WorkAsync(desk);
        Assert.Equal(1, (await desk.StatusAsync()).Overview!.Failed);

        Assert.Equal(HostOutcome.Accepted, (await desk.RetryAsync("first call")).Outcome);
        Assert.Equal(HostOutcome.Accepted, (await desk.RetryAsync("first call")).Outcome);
        Assert.Equal(HostOutcome.Refused, (await desk.RetryAsync("second call")).Outcome);
    }

    [Fact]
    public async Task A_submission_that_is_too_long_for_a_message_is_found_in_the_store()
    {
        WriteInputs(2);
        var submission = Submission("one") with { PlanText = $"{Submission("one").PlanText}# {new string('x', WireTypes.SubmissionBytesMax)}\n" };
        Assert.False(WireTypes.IsShort(submission));
        var desk = Desk("one");

        var place = await Registry.LeaveAsync(submission, default);
        Assert.Equal(place, await Registry.LeaveAsync(submission, default));
        Assert.Equal(HostOutcome.Accepted, (await desk.SubmitFromAsync(place, "call")).Outcome);
        await WorkAsync(desk);

        Assert.Equal(2, (await desk.StatusAsync()).Overview!.Committed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../batches/one")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_place_without_a_submission_begins_nothing(string place)
    {
        Assert.Equal(HostOutcome.Unavailable, (await Desk("one").SubmitFromAsync(new SubmissionPlace(place))).Outcome);
        Assert.Empty(await Registry.ListAsync(default));
    }

    private BatchDesk Desk(string id, Func<WorkerId, bool>? isDead = null)
    {
        var services = new BatchDeskServices(
            Registry,
            _stores,
            batch => new CleaningEffects(_stores, batch.OutputRoot, batch.Id, workers: 0),
            isDead ?? (_ => false),
            _ => { },
            TimeProvider.System);
        var desk = new BatchDesk(id, services);
        _desks.Add(desk);
        return desk;
    }

    private TakeRequest Take(int slots) => new(Worker, ++_sequence, slots, []);

    /// <summary>Does what a silo's runner does, one attempt after the other, until the batch is over.</summary>
    private async Task WorkAsync(BatchDesk desk)
    {
        var attempts = new CleaningAttempts(_stores);
        TakeReply reply;
        do
        {
            reply = (await desk.TakeAsync(Take(1))).Reply!;
            foreach (var attempt in reply.Attempts)
            {
                var outcome = attempts.Execute(reply.Place!, attempt, new AttemptContext("tests", null, CancellationToken.None));
                Assert.True((await desk.ReportAsync(AttemptReport.Of(attempt, outcome))).Reply!.Counted);
            }
        }
        while (!reply.IsOver);
    }

    private static async Task UntilListedAsync(BatchDesk desk)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while ((await desk.StatusAsync()).Overview!.Phase is not BatchPhase.Running)
        {
            await Task.Delay(5, patience.Token);
        }
    }

    private BatchSubmission Submission(string id) => new()
    {
        Id = id,
        PlanText = "plan: 1\nname: ids\nread: {files: \"in/*.csv\"}\nsteps:\n  - trim: all\nwrite: out/{name}.csv\n",
        InputRoot = _folder.FullName,
        OutputRoot = OutputRoot,
        FrozenAt = DateTimeOffset.UnixEpoch,
    };

    private void WriteInputs(int files)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "in"));
        for (var file = 1; file <= files; file++)
        {
            File.WriteAllText(Path.Combine(_folder.FullName, $"in/{file}.csv"), "id\n 1 \n");
        }
    }
}
