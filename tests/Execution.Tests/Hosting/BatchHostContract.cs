using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>
/// What every host of batches must hold, in one process or on a cluster, on every store. By default the stores are folders; a class
/// with others overrides what touches them.
/// </summary>
public abstract partial class BatchHostContract : IAsyncLifetime
{
    /// <summary>Types one column and rejects what is no integer.</summary>
    protected const string SimplePlan = """
        plan: 1
        name: simple
        read: {files: "in/**/*.csv"}
        steps:
          - parse: {value: integer}
        write: out/{dir}/{name}.csv
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("host-");

    /// <summary>A folder of this test's own.</summary>
    protected string Root => _folder.FullName;

    /// <summary>The store of the inputs, as the host names it.</summary>
    protected virtual string InputRoot => Root;

    /// <summary>The store of the outputs, as the host names it.</summary>
    protected virtual string OutputRoot => Path.Combine(Root, "out");

    /// <summary>The store of the inputs, for the test's own hand.</summary>
    protected virtual IObjectStore Inputs => new FolderStore(InputRoot);

    /// <summary>The store of the outputs, for the test's own hand.</summary>
    protected virtual IObjectStore Outputs => new FolderStore(OutputRoot);

    /// <summary>The host under test. It may be another one after <see cref="KillAsync"/>.</summary>
    protected abstract IBatchHost Host { get; }

    /// <summary>Begins a host over the folders.</summary>
    protected abstract Task StartAsync();

    /// <summary>Ends everything that works on batches, at once and without any good-bye; then begins a new host.</summary>
    protected abstract Task KillAsync();

    /// <summary>Ends the host.</summary>
    protected abstract Task StopAsync();

    /// <summary>Removes all outputs and all state.</summary>
    protected virtual Task ClearAsync()
    {
        Directory.Delete(OutputRoot, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Makes an output impossible to write, until <see cref="Unblock"/>.</summary>
    protected virtual void Block(string output) => Directory.CreateDirectory(Path.Combine(OutputRoot, output));

    /// <summary>Ends what <see cref="Block"/> began.</summary>
    protected virtual void Unblock(string output) => Directory.Delete(Path.Combine(OutputRoot, output));

    /// <summary>What is left of staging and should not be.</summary>
    protected virtual IReadOnlyList<string> Staged() => Directory.Exists(Path.Combine(OutputRoot, ".orleansclean/staging"))
        ? Directory.GetFiles(Path.Combine(OutputRoot, ".orleansclean/staging"))
        : [];

    public Task InitializeAsync() => StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_submitted_batch_is_cleaned_to_its_end()
    {
        WriteInputs(5);

        Assert.Equal(HostOutcome.Accepted, (await SubmitAsync(Submission("one"))).Outcome);
        var end = await EndOfAsync("one");

        Assert.Equal((5, 5, 0), (end.Items, end.Committed, end.Failed));
        Assert.Equal("done", Report("one").GetProperty("status").GetString());
        Assert.Equal("id,value\n1-1,1\n1-2,2\n1-3,3\n", await OutputAsync("1.csv"));
    }

    [Theory]
    [InlineData("in/a/1.csv")]
    [InlineData("in/a")]
    [InlineData("in/a/*.csv")]
    public async Task An_input_that_the_plan_covers_has_the_place_that_the_plan_gives_it(string input)
    {
        Write("in/a/1.csv", "id,value\n1,1\n");

        Assert.Equal(HostOutcome.Accepted, (await SubmitAsync(Submission("one") with { Inputs = [input] })).Outcome);
        await EndOfAsync("one");

        Assert.Equal("id,value\n1,1\n", await OutputAsync("a/1.csv"));
    }

    [Fact]
    public async Task A_submit_of_the_same_id_and_body_is_the_same_batch()
    {
        WriteInputs(3);

        var first = await SubmitAsync(Submission("one"));
        var again = await SubmitAsync(Submission("one") with { FrozenAt = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await EndOfAsync("one");
        var late = await SubmitAsync(Submission("one"));

        Assert.Equal((HostOutcome.Accepted, HostOutcome.Known, HostOutcome.Known), (first.Outcome, again.Outcome, late.Outcome));
        Assert.Equal(3, (await EndOfAsync("one")).Committed);
    }

    [Fact]
    public async Task Of_submits_at_once_one_begins_the_batch()
    {
        WriteInputs(3);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => SubmitAsync(Submission("one")))));

        Assert.Single(replies, reply => reply.Outcome is HostOutcome.Accepted);
        Assert.All(replies, reply => Assert.True(reply.IsGood, reply.Message));
        Assert.Equal(3, (await EndOfAsync("one")).Committed);
    }

    [Fact]
    public async Task A_submit_of_the_same_id_with_another_body_is_a_conflict()
    {
        WriteInputs(3);
        await SubmitAsync(Submission("one"));

        var other = await SubmitAsync(Submission("one") with { PlanText = SimplePlan.Replace("integer", "number", StringComparison.Ordinal) });

        Assert.Equal(HostOutcome.Conflict, other.Outcome);
        Assert.Contains("another body", other.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await EndOfAsync("one")).Committed);
    }

    [Fact]
    public async Task A_bad_plan_is_refused_with_its_place()
    {
        WriteInputs(1);

        var reply = await SubmitAsync(Submission("one") with { PlanText = SimplePlan.Replace("integer", "intger", StringComparison.Ordinal) });

        Assert.Equal(HostOutcome.Refused, reply.Outcome);
        Assert.Contains("intger", reply.Message, StringComparison.Ordinal);
        Assert.Equal(HostOutcome.Missing, (await Host.StatusAsync("one", default)).Outcome);
    }

    [Fact]
    public async Task A_batch_without_inputs_ends_as_failed_and_says_why()
    {
        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");

        Assert.Equal("failed", Report("one").GetProperty("status").GetString());
        Assert.Contains("Nothing matches", Report("one").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_that_no_input_has_ends_the_batch_before_a_file_is_cleaned()
    {
        WriteInputs(3);

        await SubmitAsync(Submission("one") with { PlanText = SimplePlan.Replace("{value: integer}", "{valeu: integer}", StringComparison.Ordinal) });
        var end = await EndOfAsync("one");

        Assert.Equal(0, end.Items);
        Assert.Equal("failed", Report("one").GetProperty("status").GetString());
        Assert.Contains("valeu", Report("one").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("None of 3 inputs", Report("one").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_missing()
    {
        Assert.Equal(HostOutcome.Missing, (await Host.StatusAsync("none", default)).Outcome);
        Assert.Equal(HostOutcome.Missing, (await Host.CancelAsync("none", default)).Outcome);
        Assert.Equal(HostOutcome.Missing, (await Host.RetryAsync("none", default)).Outcome);
        Assert.Equal(HostOutcome.Missing, (await Host.ResumeAsync("none", default)).Outcome);
        Assert.Null(await Host.OpenAsync("none", BatchPaper.Report, null, default));
    }

    [Fact]
    public async Task Progress_never_goes_back_and_ends_with_every_file()
    {
        WriteInputs(200, rows: 50);
        await SubmitAsync(Submission("one"));

        var last = 0;
        while (await Host.WaitAsync("one", TimeSpan.FromMilliseconds(5), default) is { IsDone: false } status)
        {
            Assert.NotNull(status.Overview);
            Assert.InRange(status.Overview.Committed, last, 200);
            last = status.Overview.Committed;
        }

        Assert.Equal(200, (await EndOfAsync("one")).Committed);
    }

    [Fact]
    public async Task Rejected_rows_are_kept_by_input()
    {
        Write("in/bad.csv", "id,value\n1,1\n2,x\n3,3\n");

        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");

        await using var records = await Host.OpenAsync("one", BatchPaper.Rejects, "in/bad.csv", default);
        using var text = new StreamReader(records!);
        var record = JsonDocument.Parse((await text.ReadToEndAsync()).TrimEnd()).RootElement;
        Assert.Equal(("type-error", "2,x"), (record.GetProperty("code").GetString(), record.GetProperty("raw").GetString()));
        Assert.Equal("id,value\n2,x\n", await OutputAsync("_rejects/bad.rejects.csv"));
        Assert.Equal("id,value\n1,1\n3,3\n", await OutputAsync("bad.csv"));
    }

    [Fact]
    public async Task A_rejects_file_goes_when_all_rows_are_good_again()
    {
        Write("in/a.csv", "id,value\n1,1\n2,x\n");
        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");

        Write("in/a.csv", "id,value\n1,1\n2,2\n");
        await SubmitAsync(Submission("two"));
        await EndOfAsync("two");

        Assert.DoesNotContain("_rejects/a.rejects.csv", await NamesAsync());
    }

    [Fact]
    public async Task A_second_batch_finds_its_files_unchanged()
    {
        WriteInputs(5);
        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");
        Write("in/2.csv", "id,value\n9,9\n");

        await SubmitAsync(Submission("two"));
        var end = await EndOfAsync("two");
        await SubmitAsync(Submission("three") with { Force = true });

        Assert.Equal((1, 4), (end.Committed, end.Unchanged));
        Assert.Equal(5, (await EndOfAsync("three")).Committed);
        Assert.Equal("id,value\n9,9\n", await OutputAsync("2.csv"));
    }

    [Fact]
    public async Task An_output_that_somebody_changed_is_cleaned_again()
    {
        WriteInputs(3);
        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");
        Write("out/2.csv", "mine\n");

        await SubmitAsync(Submission("two"));

        Assert.Equal(2, (await EndOfAsync("two")).Unchanged);
        Assert.DoesNotContain("mine", await OutputAsync("2.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_clobber_refuses_to_replace_what_no_batch_wrote()
    {
        WriteInputs(2);
        Write("out/2.csv", "mine\n");

        await SubmitAsync(Submission("one") with { NoClobber = true });
        await EndOfAsync("one");

        Assert.Contains("would be replaced", Report("one").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["2.csv"], await NamesAsync());
    }

    [Fact]
    public async Task A_batch_beyond_its_limit_publishes_nothing()
    {
        WriteInputs(3);
        Write("in/bad.csv", "id,value\n1,x\n2,y\n");

        await SubmitAsync(Submission("one") with { MaxRejects = "1" });
        await EndOfAsync("one");

        Assert.Equal("limit-exceeded", Report("one").GetProperty("status").GetString());
        Assert.Empty(await NamesAsync());
        Assert.NotNull(await ReadAsync("one", BatchPaper.Rejects, "in/bad.csv"));
    }

    [Fact]
    public async Task A_batch_within_its_limit_is_published_as_a_whole()
    {
        WriteInputs(3);
        Write("in/bad.csv", "id,value\n1,x\n2,2\n");

        await SubmitAsync(Submission("one") with { MaxRejects = "1" });

        Assert.Equal(4, (await EndOfAsync("one")).Committed);
        Assert.Equal("done", Report("one").GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_failed_file_costs_itself_and_is_tried_again_when_asked_for()
    {
        WriteInputs(4);
        Block("2.csv");
        await SubmitAsync(Submission("one"));
        var end = await EndOfAsync("one");
        Unblock("2.csv");

        var retry = await Host.RetryAsync("one", default);
        var again = await EndOfAsync("one");

        Assert.Equal((3, 1), (end.Committed, end.Failed));
        Assert.Equal(HostOutcome.Accepted, retry.Outcome);
        Assert.Equal((4, 0), (again.Committed, again.Failed));
        Assert.Equal("done", Report("one").GetProperty("status").GetString());
    }

    [Fact]
    public async Task What_somebody_wrote_after_the_listing_is_not_replaced_by_a_retry()
    {
        WriteInputs(2);
        Block("2.csv");
        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");
        Unblock("2.csv");
        Write("out/2.csv", "mine\n");

        await Host.RetryAsync("one", default);
        var again = await EndOfAsync("one");

        Assert.Equal((1, 1), (again.Committed, again.Failed));
        Assert.Equal("mine\n", await OutputAsync("2.csv"));
    }

    [Fact]
    public async Task A_batch_in_which_nothing_failed_has_nothing_to_retry()
    {
        WriteInputs(1);
        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");

        Assert.Equal(HostOutcome.Refused, (await Host.RetryAsync("one", default)).Outcome);
    }

    [Fact]
    public async Task A_cancelled_batch_publishes_nothing_more_and_a_retry_ends_it()
    {
        WriteInputs(300, rows: 300);
        await SubmitAsync(Submission("one"));
        await UntilAsync("one", overview => overview.Items > 0);

        var reply = await Host.CancelAsync("one", default);
        var end = await EndOfAsync("one");
        var published = await NamesAsync();
        var again = await Host.CancelAsync("one", default);

        Assert.True(reply.IsGood, reply.Message);
        Assert.Equal(HostOutcome.Known, again.Outcome);
        Assert.Equal(end.Items, end.Committed + end.Cancelled);
        Assert.Equal(end.Committed, published.Count);

        if (end.Cancelled > 0)
        {
            Assert.Equal("cancelled", Report("one").GetProperty("status").GetString());
            Assert.Equal(HostOutcome.Accepted, (await Host.RetryAsync("one", default)).Outcome);
        }

        Assert.Equal(300, (await EndOfAsync("one")).Committed);
    }

    [Fact]
    public async Task A_killed_host_leaves_a_batch_that_the_next_one_ends_with_the_same_bytes()
    {
        WriteInputs(200, rows: 100);
        await SubmitAsync(Submission("whole"));
        await EndOfAsync("whole");
        var expected = await SnapshotAsync(Outputs);
        var manifest = Manifest("whole");
        await ClearAsync();

        await KillAsync();
        await SubmitAsync(Submission("whole"));
        foreach (var share in new[] { 1, 60, 130 })
        {
            Assert.True(await UntilAsync("whole", overview => overview.Committed >= share) || share > 1, "The batch was done before it could be killed.");
            await KillAsync();
            var resumed = await Host.ResumeAsync("whole", default);
            Assert.True(resumed.IsGood, resumed.Message);
        }

        var end = await EndOfAsync("whole");

        Assert.Equal((200, 0), (end.Committed, end.Failed));
        Assert.Equal(expected, await SnapshotAsync(Outputs));
        Assert.Equal(manifest, Manifest("whole"));
        Assert.Empty(Staged());
    }

    [Fact]
    public async Task A_done_batch_is_known_to_the_next_host()
    {
        WriteInputs(2);
        await SubmitAsync(Submission("one"));
        await EndOfAsync("one");

        await KillAsync();

        Assert.True((await Host.StatusAsync("one", default)).IsDone);
        Assert.Equal(HostOutcome.Known, (await Host.ResumeAsync("one", default)).Outcome);
        Assert.Equal(HostOutcome.Known, (await SubmitAsync(Submission("one"))).Outcome);
        Assert.Equal(HostOutcome.Known, (await Host.CancelAsync("one", default)).Outcome);
        Assert.Contains((await Host.ListAsync(default)).Batches, batch => batch is { Id: "one", PlanName: "simple", IsDone: true });
    }

    [Fact]
    public async Task Two_batches_side_by_side_do_not_mix()
    {
        WriteInputs(40, rows: 20);
        var plan = SimplePlan.Replace("out/{dir}/{name}.csv", "out/other-{name}.csv", StringComparison.Ordinal);

        await SubmitAsync(Submission("one"));
        await SubmitAsync(Submission("two") with { PlanText = plan });

        Assert.Equal(40, (await EndOfAsync("one")).Committed);
        Assert.Equal(40, (await EndOfAsync("two")).Committed);
        Assert.Equal(80, (await NamesAsync()).Count);
        Assert.Equal(await OutputAsync("7.csv"), await OutputAsync("other-7.csv"));
    }

    [Fact]
    public async Task Outputs_and_rejects_are_those_of_the_command()
    {
        WriteInputs(20, rows: 10);
        Write("in/de/bad.csv", "id,value\n1,1\n2,x\n3\n");
        var command = await RunCommandAsync();

        await SubmitAsync(Submission("same"));
        await EndOfAsync("same");

        Assert.Equal(await SnapshotAsync(command), await SnapshotAsync(Outputs));
    }

    /// <summary>What <c>run</c> makes of the inputs.</summary>
    private async Task<FolderStore> RunCommandAsync()
    {
        var there = Path.Combine(Root, "command");
        foreach (var found in (await Inputs.ListAsync(new ListScope("in"), default)).Objects)
        {
            Directory.CreateDirectory(Path.Combine(there, found.Name.Folder));
            await File.WriteAllTextAsync(Path.Combine(there, found.Name.Value), await TextAsync(Inputs, found.Name.Value));
        }

        await File.WriteAllTextAsync(Path.Combine(there, "plan.yaml"), SimplePlan);
        await BatchRunner.RunAsync(new BatchRequest { PlanPath = "plan.yaml", WorkingDirectory = there, Id = "command" }, null, default);
        return new FolderStore(Path.Combine(there, "out"));
    }

    [Fact]
    public async Task A_large_file_is_shared_in_pieces_and_becomes_the_bytes_of_one_worker()
    {
        var (expected, records) = await CleanLargeAsync();

        Assert.Equal(HostOutcome.Accepted, (await SubmitAsync(InPieces("one"))).Outcome);
        var end = await EndOfAsync("one");

        Assert.Equal((3, 3, 0), (end.Items, end.Committed, end.Failed));
        Assert.InRange(end.Pieces, 4, 64);
        Assert.Equal(expected, await SnapshotAsync(Outputs));
        Assert.Equal(records, BatchName().Replace((await ReadAsync("one", BatchPaper.Rejects, "in/large.csv"))!, ""));
        Assert.Contains("\"sha256-blocks:", Manifest("one"), StringComparison.Ordinal);
        Assert.Empty(Staged());
        Assert.DoesNotContain(await AllAsync(), name => name.Contains("/parts/", StringComparison.Ordinal));

        // The digest of blocks is known again: nothing is done twice.
        await SubmitAsync(InPieces("two"));
        var again = await EndOfAsync("two");
        Assert.Equal((0, 3, 0), (again.Committed, again.Unchanged, again.Pieces));
    }

    [Fact]
    public async Task A_killed_host_leaves_pieces_that_the_next_one_puts_together()
    {
        var (expected, records) = await CleanLargeAsync();

        Assert.Equal(HostOutcome.Accepted, (await SubmitAsync(InPieces("one"))).Outcome);
        foreach (var share in new[] { 1, 3 })
        {
            if (await UntilAsync("one", overview => overview.Pieces - overview.PiecesWaiting - overview.PiecesRunning >= share))
            {
                await KillAsync();
                Assert.True((await Host.ResumeAsync("one", default)).IsGood);
            }
        }

        var end = await EndOfAsync("one");

        Assert.Equal((3, 0), (end.Committed, end.Failed));
        Assert.Equal(expected, await SnapshotAsync(Outputs));
        Assert.Equal(records, BatchName().Replace((await ReadAsync("one", BatchPaper.Rejects, "in/large.csv"))!, ""));
        Assert.Empty(Staged());
    }

    [Fact]
    public async Task A_file_in_pieces_that_was_cancelled_is_made_anew_by_a_retry()
    {
        var (expected, _) = await CleanLargeAsync();

        Assert.Equal(HostOutcome.Accepted, (await SubmitAsync(InPieces("one"))).Outcome);
        await UntilAsync("one", overview => overview.PiecesRunning > 0);
        await Host.CancelAsync("one", default);
        var end = await EndOfAsync("one");
        if (end.Cancelled > 0)
        {
            Assert.Equal(HostOutcome.Accepted, (await Host.RetryAsync("one", default)).Outcome);
        }

        Assert.Equal(3, (await EndOfAsync("one")).Committed);
        Assert.Equal(expected, await SnapshotAsync(Outputs));
    }

    [Fact]
    public async Task A_file_whose_pieces_fail_fails_as_one_that_was_not_cut()
    {
        Write("in/large.csv", LargeText());
        var plan = SimplePlan.Replace("{value: integer}", "{value: integer}\n    on_error: fail", StringComparison.Ordinal);
        await SubmitAsync(Submission("whole") with { PlanText = plan });
        await EndOfAsync("whole");
        var message = FailureOf("whole");

        await SubmitAsync(InPieces("pieces") with { PlanText = plan });
        var end = await EndOfAsync("pieces");

        Assert.Equal((1, 1), (end.Items, end.Failed));
        Assert.True(end.Pieces > 1);
        Assert.Contains("line 1004", message, StringComparison.Ordinal);
        Assert.Equal(message, FailureOf("pieces"));

        string FailureOf(string id) => Report(id).GetProperty("files")[0].GetProperty("failure").GetProperty("message").GetString()!;
    }

    /// <summary>Writes a large file and two small ones: what <c>run</c> makes of them, and its records of rejected rows without the batch's name.</summary>
    private async Task<(string[] Outputs, string Records)> CleanLargeAsync()
    {
        Write("in/large.csv", LargeText());
        WriteInputs(2);
        var command = await RunCommandAsync();
        return (await SnapshotAsync(command), BatchName().Replace(await TextAsync(command, ".orleansclean/batches/command/rejects/in/large.csv.jsonl"), ""));
    }

    [GeneratedRegex("\"batch\":\"[^\"]*\",?", RegexOptions.NonBacktracking)]
    private static partial Regex BatchName();

    private BatchSubmission InPieces(string id) => Submission(id) with { PieceBytes = 300 << 10 };

    /// <summary>Some 3 MB: rows, rejected rows, quoted line ends, and a quote that is never closed.</summary>
    private static string LargeText()
    {
        var text = new StringBuilder("id,value,note\n");
        for (var i = 1; i <= 90_000; i++)
        {
            text.Append(i).Append(',').Append(i % 5_003 == 1_002 ? "x" : (i % 313).ToString(System.Globalization.CultureInfo.InvariantCulture));
            text.Append(i % 70_001 == 69_000 ? ",\"open\n" : i % 1_000 == 505 ? ",\"a\nnote\"\n" : ",\"a note, as long as others\"\n");
        }

        return text.ToString();
    }

    private async Task<IReadOnlyList<string>> AllAsync() =>
        [.. (await Outputs.ListAsync(new ListScope(".orleansclean", IncludeHidden: true), default)).Objects.Select(o => o.Name.Value)];

    /// <summary>A submission over the test's folders.</summary>
    protected BatchSubmission Submission(string id) => new()
    {
        Id = id,
        PlanText = SimplePlan,
        InputRoot = InputRoot,
        OutputRoot = OutputRoot,
        FrozenAt = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero),
    };

    /// <summary>Submits.</summary>
    protected Task<HostReply> SubmitAsync(BatchSubmission submission) => Host.SubmitAsync(submission, default);

    /// <summary>Inputs <c>in/1.csv</c>, <c>in/2.csv</c>, … with that many good rows each.</summary>
    protected void WriteInputs(int files, int rows = 3)
    {
        for (var file = 1; file <= files; file++)
        {
            var text = new StringBuilder("id,value\n");
            for (var row = 1; row <= rows; row++)
            {
                text.Append(file).Append('-').Append(row).Append(',').Append(row).Append('\n');
            }

            Write($"in/{file}.csv", text.ToString());
        }
    }

    /// <summary>Waits for the end of a batch.</summary>
    protected async Task<BatchOverview> EndOfAsync(string id)
    {
        var status = await Host.WaitAsync(id, Patience, default);
        Assert.True(status.IsDone, $"{id} is not done after {Patience}: {status}");
        return status.Overview!;
    }

    /// <summary>False if the batch is done before that.</summary>
    private async Task<bool> UntilAsync(string id, Func<BatchOverview, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await Host.WaitAsync(id, TimeSpan.FromMilliseconds(1), patience.Token) is { IsDone: false } status)
        {
            if (status.Overview is { } overview && isSo(overview))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<string?> ReadAsync(string id, BatchPaper paper, string? input)
    {
        await using var stream = await Host.OpenAsync(id, paper, input, default);
        return stream is null ? null : await new StreamReader(stream).ReadToEndAsync();
    }

    private JsonElement Report(string id) => JsonDocument.Parse(ReadAsync(id, BatchPaper.Report, null).Result!).RootElement;

    private string? Manifest(string id) => ReadAsync(id, BatchPaper.Manifest, null).Result;

    /// <summary>Writes an input, or below <c>out/</c> what stands in the way of an output.</summary>
    protected void Write(string name, string text)
    {
        var isOutput = name.StartsWith("out/", StringComparison.Ordinal);
        var store = isOutput ? Outputs : Inputs;
        var key = ObjectName.Parse(isOutput ? name["out/".Length..] : name);
        var found = store.FindAsync(key, default).AsTask().Result;
        var written = store.WriteDocumentAsync(key, Encoding.UTF8.GetBytes(text), Precondition.AsFound(found), default).AsTask().Result;
        Assert.IsType<WriteResult.Written>(written);
    }

    private Task<string> OutputAsync(string name) => TextAsync(Outputs, name);

    private async Task<IReadOnlyList<string>> NamesAsync() => [.. (await Outputs.ListAsync(new ListScope(), default)).Objects.Select(o => o.Name.Value)];

    private static async Task<string[]> SnapshotAsync(IObjectStore store)
    {
        var texts = new List<string>();
        foreach (var found in (await store.ListAsync(new ListScope(), default)).Objects)
        {
            texts.Add($"{found.Name}\n{await TextAsync(store, found.Name.Value)}");
        }

        return [.. texts];
    }

    private static async Task<string> TextAsync(IObjectStore store, string name) =>
        Encoding.UTF8.GetString((await store.ReadDocumentAsync(ObjectName.Parse(name), default))!.Content.Span);
}
