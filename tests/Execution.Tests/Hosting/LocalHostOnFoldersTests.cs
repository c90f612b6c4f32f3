using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Execution.Verification;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>What only the host in one process on folders promises.</summary>
public sealed class LocalHostOnFoldersTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Manifest_and_outputs_are_byte_for_byte_those_of_the_command()
    {
        _place.WriteInputs(20).Write("in/de/bad.csv", "id,value\n1,1\n2,x\n3\n");
        await _place.RunAsync(r => r with { Id = "same" });
        var manifest = _place.StateFile("same", "manifest.json");
        var outputs = _place.Files().Select(name => _place.Read("out/" + name)).ToList();
        Directory.Delete(_place.OutputRoot, recursive: true);

        await CleanAsync("same");

        Assert.Equal(manifest, _place.StateFile("same", "manifest.json"));
        Assert.Equal(outputs, _place.Files().Select(name => _place.Read("out/" + name)));
    }

    [Fact]
    public async Task A_second_host_on_one_root_is_refused_and_told_who_has_it()
    {
        _place.WriteInputs(2);
        await using var first = Host();
        await first.SubmitAsync(Submission("one"), default);

        await using var second = Host();
        var reply = await second.SubmitAsync(Submission("two"), default);

        Assert.Equal(HostOutcome.Refused, reply.Outcome);
        Assert.Contains("is in use by process", reply.Message, StringComparison.Ordinal);
        Assert.True((await second.StatusAsync("one", default)).Overview is not null);
    }

    [Fact]
    public async Task The_command_and_a_host_do_not_work_on_one_root_at_once()
    {
        _place.WriteInputs(2);
        await using var host = Host();
        await host.SubmitAsync(Submission("one"), default);

        Assert.Contains("is in use by", await _place.RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outputs_are_never_read_as_inputs_of_the_next_batch()
    {
        _place.Plan(Workplace.SimplePlan.Replace("in/**/*.{csv,csv.gz}", "**/*.csv", StringComparison.Ordinal)).WriteInputs(3);

        await CleanAsync("one");
        await CleanAsync("two");

        Assert.Equal(3, _place.State.ReadReport("two")!.Ledger.Files.Unchanged);
    }

    [Fact]
    public async Task Rejected_rows_that_somebody_mends_are_not_replaced()
    {
        _place.Write("in/a.csv", "id,value\n1,x\n");
        await CleanAsync("one");
        _place.Write("out/_rejects/a.rejects.csv", "id,value\n1,1\n").Write("in/a.csv", "id,value\n1,y\n");

        await CleanAsync("two");

        Assert.Equal("id,value\n1,1\n", _place.Read("out/_rejects/a.rejects.csv"));
        Assert.Contains("was changed since it was written", _place.State.ReadReport("two")!.Files[0].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_summary_that_does_not_fit_into_the_journal_is_a_document()
    {
        var columns = string.Join(',', Enumerable.Range(1, 2_000).Select(i => $"a rather long name of a column {i}"));
        _place.Plan(Workplace.SimplePlan.Replace("  - parse: {value: integer}", "  - normalize_headers", StringComparison.Ordinal)).Write("in/wide.csv", $"{columns}\n");

        await CleanAsync("one");

        Assert.Equal(2_000, _place.State.ReadFiles("one").Single().Detail!.Columns.Length);
        Assert.All(File.ReadLines(Path.Combine(_place.OutputRoot, ".orleansclean/batches/one/journal/000001.log")), line => Assert.InRange(line.Length, 0, 40_000));
    }

    [Fact]
    public async Task A_batch_whose_process_ended_goes_on_at_once_though_the_clock_was_set_back()
    {
        _place.WriteInputs(2);
        using var isReached = new ManualResetEventSlim();
        var ahead = BatchSeams.Real with { Time = new ClockAhead(), Clean = Blocking(isReached.Set) };
        await using (var first = new LocalBatchHost(Options(), ahead, new BatchClock(ahead.Time), watch: null))
        {
            await first.SubmitAsync(Submission("one"), default);
            Assert.True(isReached.Wait(TimeSpan.FromMinutes(1)));
        }

        await using var second = Host();
        await second.ResumeAsync("one", default);

        Assert.True((await second.WaitAsync("one", TimeSpan.FromSeconds(30), default)).IsDone);
    }

    [Fact]
    public async Task A_batch_that_is_resumed_has_no_report_while_it_is_under_way()
    {
        using var cancel = new CancellationTokenSource();
        _place.WriteInputs(2).Seams = _place.Seams with { Clean = Blocking(cancel.Cancel) };
        Assert.Equal(BatchStatus.Cancelled, (await _place.RunAsync(r => r with { Id = "one" }, cancellationToken: cancel.Token)).Status);
        Assert.NotNull(_place.State.ReadReport("one"));

        using var isReached = new ManualResetEventSlim();
        var seams = BatchSeams.Real with { Clean = Blocking(isReached.Set) };
        await using var host = new LocalBatchHost(Options(), seams, new BatchClock(seams.Time), watch: null);
        Assert.Equal(HostOutcome.Accepted, (await host.ResumeAsync("one", default)).Outcome);

        Assert.True(isReached.Wait(TimeSpan.FromMinutes(1)));
        Assert.Null(_place.State.ReadReport("one"));
    }

    [Fact]
    public async Task A_file_that_was_cleaned_in_pieces_verifies_until_a_byte_of_it_is_changed()
    {
        _place.Write("in/large.csv", "id,value\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => i % 9_999 == 7 ? $"{i},x\n" : $"{i},{i % 97}\n")));
        await using (var host = Host())
        {
            await host.SubmitAsync(Submission("one") with { PieceBytes = 64 << 10 }, default);
            var end = await host.WaitAsync("one", TimeSpan.FromMinutes(1), default);
            Assert.True(end.Overview is { Pieces: > 5, Committed: 1 }, $"{end.Overview}");
        }

        var file = _place.State.ReadFiles("one").Single();
        Assert.All([file.Output!.Sha256, file.Rejects!.Sha256, file.RejectRecords!.Sha256], digest => Assert.StartsWith("sha256-blocks:", digest, StringComparison.Ordinal));
        Assert.True((await ReportVerifier.VerifyAsync(_place.State, "one", CancellationToken.None)).Ok);

        foreach (var name in new[] { "out/large.csv", "out/_rejects/large.rejects.csv", "out/.orleansclean/batches/one/rejects/in/large.csv.jsonl" })
        {
            var path = _place.PathOf(name);
            var whole = await File.ReadAllBytesAsync(path);
            var changed = whole.ToArray();
            changed[^3] ^= 1;
            await File.WriteAllBytesAsync(path, changed);
            Assert.False((await ReportVerifier.VerifyAsync(_place.State, "one", CancellationToken.None)).Ok, name);
            await File.WriteAllBytesAsync(path, whole);
        }
    }

    [Fact]
    public async Task Pieces_whose_staged_bytes_are_gone_cost_the_file_another_attempt_and_nothing_else()
    {
        _place.Write("in/large.csv", "id,value\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i},{i % 97}\n")));
        await CleanAsync("one");
        var expected = _place.Read("out/large.csv");
        Directory.Delete(_place.OutputRoot, recursive: true);

        var store = new Forgetful(new FolderStore(_place.OutputRoot));
        await using (var host = new LocalBatchHost(Options() with { Stores = new LocalStores(name => name == _place.OutputRoot ? store : new FolderStore(name)) }))
        {
            await host.SubmitAsync(Submission("one") with { PieceBytes = 64 << 10 }, default);
            Assert.True((await host.WaitAsync("one", TimeSpan.FromMinutes(1), default)).Overview is { Pieces: > 5, Committed: 1 });
        }

        Assert.True(store.HasForgotten);
        Assert.Equal(expected, _place.Read("out/large.csv"));
    }

    /// <summary>Loses what was staged, as blobs lose blocks when somebody else writes the name, the first time that pieces are joined.</summary>
    private sealed class Forgetful(FolderStore store) : StoreDecorator(store)
    {
        public bool HasForgotten { get; private set; }

        public override async ValueTask<StagedReference> JoinAsync(IReadOnlyList<StagedReference> pieces, StageId stage, CancellationToken cancellationToken)
        {
            if (!HasForgotten)
            {
                HasForgotten = true;
                await store.AbortAsync(pieces[1], cancellationToken);
            }

            return await store.JoinAsync(pieces, stage, cancellationToken);
        }
    }

    private static Func<FileCleaning, CancellationToken, FileReport> Blocking(Action reached) => (_, token) =>
    {
        reached();
        token.WaitHandle.WaitOne();
        throw new OperationCanceledException(token);
    };

    private async Task CleanAsync(string id)
    {
        await using var host = Host();
        var reply = await host.SubmitAsync(Submission(id), default);
        Assert.True(reply.IsGood, reply.Message);
        Assert.True((await host.WaitAsync(id, TimeSpan.FromMinutes(1), default)).IsDone);
    }

    private LocalBatchHost Host() => new(Options());

    private LocalHostOptions Options() => new() { Stores = new LocalStores(), OutputRoot = _place.OutputRoot, Workers = 2 };

    private BatchSubmission Submission(string id) => new()
    {
        Id = id,
        PlanText = _place.Read("plan.yaml"),
        InputRoot = _place.Root,
        OutputRoot = _place.OutputRoot,
        FrozenAt = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero),
    };

    private sealed class ClockAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromDays(1);
    }
}
