using System.Collections.Immutable;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Coordination;

/// <summary>A coordinator answers when its words are durable, carries out effects afterwards, and can be replaced at any time.</summary>
public sealed class BatchCoordinatorTests : IDisposable
{
    private static readonly WorkerId Worker = new("w", 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coordinator-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_batch_runs_from_submit_to_report()
    {
        var effects = new Effects(items: 3);
        await using var batch = await OpenAsync(effects);

        Assert.Equal(new BatchAnswer.Accepted(IsNew: true), await SubmitAsync(batch));
        Assert.Equal(new BatchAnswer.Accepted(IsNew: false), await SubmitAsync(batch));
        await WorkAsync(batch, 3);
        await batch.Completion;

        Assert.Equal((BatchPhase.Done, 3), (batch.Overview.Phase, batch.Overview.Committed));
        Assert.Equal(
            ["Commit", "Commit", "Commit", "ListInputs", "Sweep", "WriteManifest", "WriteReport"],
            effects.Done.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_coordinator_takes_over_and_the_first_one_says_so()
    {
        var first = await OpenAsync(new Effects(items: 2));
        await SubmitAsync(first);
        var attempt = await TakeAsync(first, 1);
        await using var second = await OpenAsync(new Effects(items: 2));

        await Assert.ThrowsAsync<FencedException>(() => first.SendAsync(Ready(attempt), CancellationToken.None));
        Assert.Equal(new BatchAnswer.Reported(Counted: true), await second.SendAsync(Ready(attempt), CancellationToken.None));
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_coordinator_that_was_replaced_and_has_nothing_to_write_finds_out_within_seconds()
    {
        var clock = new HandClock();
        var first = await BatchCoordinator.OpenAsync(new FolderStore(_folder.FullName), "journal", new Effects(items: 1), clock, CancellationToken.None);
        await SubmitAsync(first);
        await TakeAsync(first, 1);
        await using var second = await OpenAsync(new Effects(items: 1));

        // What is known already needs no line in the journal, and nobody's line stands in its way.
        Assert.Equal(new BatchAnswer.Accepted(IsNew: false), await SubmitAsync(first));
        clock.Pass(TimeSpan.FromSeconds(11));

        await Assert.ThrowsAsync<FencedException>(() => SubmitAsync(first));
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_of_unknown_outcome_is_sent_again_until_it_is_known()
    {
        var effects = new Effects(items: 1) { UnknownCommits = 2 };
        await using var batch = await OpenAsync(effects);
        await SubmitAsync(batch);
        await WorkAsync(batch, 1);
        await batch.Completion;

        Assert.Equal(3, effects.Done.Count(name => name == "Commit"));
        Assert.Equal(1, batch.Overview.Committed);
    }

    [Fact]
    public async Task A_batch_that_was_killed_goes_on_where_it_stood()
    {
        var first = await OpenAsync(new Effects(items: 3));
        await SubmitAsync(first);
        await WorkAsync(first, 1);
        await first.DisposeAsync();

        var effects = new Effects(items: 3);
        await using var second = await OpenAsync(effects);
        await WorkAsync(second, 2);
        await second.Completion;

        Assert.Equal(3, second.Overview.Committed);
        Assert.DoesNotContain("ListInputs", effects.Done);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_take_its_input_back()
    {
        await using var batch = await OpenAsync(new Effects(items: 1));
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => batch.SendAsync(Submit(), gone.Token));

        Assert.Equal(new BatchAnswer.Accepted(IsNew: false), await SubmitAsync(batch));
    }

    [Fact]
    public async Task A_bug_in_an_executor_ends_the_coordinator_loudly()
    {
        await using var batch = await OpenAsync(new Effects(items: 1) { HasBug = true });
        await SubmitAsync(batch);

        Assert.Equal("bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => batch.Completion)).Message);
    }

    [Fact]
    public async Task A_batch_may_have_more_time_than_a_timer_takes()
    {
        await using var batch = await OpenAsync(new Effects(items: 1));
        var submit = Submit();
        await batch.SendAsync(submit with { Spec = submit.Spec with { BatchTimeout = TimeSpan.FromDays(100) } }, CancellationToken.None);
        await WorkAsync(batch, 1);
        await batch.Completion;

        Assert.Equal(1, batch.Overview.Committed);
    }

    [Fact]
    public async Task A_bug_in_the_machine_reaches_those_who_wait()
    {
        await using var batch = await OpenAsync(new Effects(items: 1));
        var submit = Submit();

        await Assert.ThrowsAsync<NullReferenceException>(() => batch.SendAsync(submit with { Spec = null! }, CancellationToken.None));
        await Assert.ThrowsAsync<NullReferenceException>(() => batch.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsAsync<FencedException>(() => SubmitAsync(batch));
    }

    [Fact]
    public async Task Many_inputs_share_an_append()
    {
        await using var batch = await OpenAsync(new Effects(items: 2_000));
        await SubmitAsync(batch);
        var attempts = new List<AttemptId>();
        for (var sequence = 1; attempts.Count < 2_000; sequence++)
        {
            attempts.AddRange(await TakeManyAsync(batch, sequence, attempts));
        }

        await Task.WhenAll(attempts.Select(attempt => batch.SendAsync(
            new BatchInput.Report(attempt, new AttemptOutcome.Unchanged("summary")) { At = default }, CancellationToken.None)));
        await batch.Completion;

        var appends = File.ReadLines(Path.Combine(_folder.FullName, "journal", "000001.log"))
            .Where(line => line.Contains("\"unchanged\"", StringComparison.Ordinal))
            .Select(line => line.Split("\"a\":")[1].Split(',')[0])
            .Distinct()
            .Count();
        Assert.InRange(appends, 1, 1_000);
    }

    private static BatchInput.Submit Submit() =>
        new(new BatchSpec { Id = "b", BodyHash = "x", BodyDocument = "body", RetryDelay = TimeSpan.FromMilliseconds(1) }) { At = default };

    private static BatchInput.Report Ready(AttemptId attempt) => new(attempt, new AttemptOutcome.Ready("staged")) { At = default };

    private static Task<BatchAnswer> SubmitAsync(BatchCoordinator batch) => batch.SendAsync(Submit(), CancellationToken.None);

    private static async Task WorkAsync(BatchCoordinator batch, int items)
    {
        for (var i = 1; i <= items; i++)
        {
            Assert.Equal(new BatchAnswer.Reported(Counted: true), await batch.SendAsync(Ready(await TakeAsync(batch, i)), CancellationToken.None));
        }
    }

    /// <summary>Asks until there is work: a listing may be under way.</summary>
    private static async Task<AttemptId> TakeAsync(BatchCoordinator batch, long sequence)
    {
        for (var i = 0; ; i++)
        {
            var take = new BatchInput.Take(Worker, (sequence * 1_000_000) + i, 1, []) { At = default };
            if (await batch.SendAsync(take, CancellationToken.None) is BatchAnswer.Work { Attempts: [var attempt] })
            {
                return attempt;
            }

            await Task.Yield();
        }
    }

    private static async Task<ImmutableArray<AttemptId>> TakeManyAsync(BatchCoordinator batch, long sequence, List<AttemptId> held) =>
        ((BatchAnswer.Work)await batch.SendAsync(
            new BatchInput.Take(Worker, sequence, BatchMachine.AttemptsPerTakeMax, [.. held]) { At = default }, CancellationToken.None)).Attempts;

    private Task<BatchCoordinator> OpenAsync(Effects effects) =>
        BatchCoordinator.OpenAsync(new FolderStore(_folder.FullName), "journal", effects, TimeProvider.System, CancellationToken.None);

    private sealed class Effects(int items) : IEffectExecutor
    {
        private int _unknownCommits;

        public System.Collections.Concurrent.ConcurrentQueue<string> Done { get; } = new();

        public int UnknownCommits
        {
            init => _unknownCommits = value;
        }

        public bool HasBug { get; init; }

        public Task<BatchInput> CarryOutAsync(BatchEffect effect, CancellationToken cancellationToken)
        {
            Done.Enqueue(effect.GetType().Name);
            return HasBug ? throw new InvalidOperationException("bug") : Task.FromResult<BatchInput>(effect switch
            {
                BatchEffect.ListInputs => new BatchInput.ListingDone("listing", items) { At = default },
                BatchEffect.Commit commit when Interlocked.Decrement(ref _unknownCommits) >= 0 =>
                    new BatchInput.CommitResolved(commit.Attempt, new CommitOutcome.Unknown()) { At = default },
                BatchEffect.Commit commit => new BatchInput.CommitResolved(commit.Attempt, new CommitOutcome.Published("summary")) { At = default },
                BatchEffect.EvaluateGate => new BatchInput.GateDecided(true, "") { At = default },
                BatchEffect.Sweep => new BatchInput.Swept { At = default },
                BatchEffect.WriteManifest => new BatchInput.ManifestWritten { At = default },
                _ => new BatchInput.ReportWritten { At = default },
            });
        }
    }
}
