using OrleansClean.Cleaning;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Running;

public sealed class InterruptedTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_cancelled_run_leaves_no_part_behind_and_the_same_command_continues()
    {
        using var cancel = new CancellationTokenSource();
        _place.WriteInputs(6).Seams = _place.Seams with { Clean = Blocking("in/3.csv", cancel.Cancel) };

        var report = await _place.RunAsync(r => r with { Workers = 1, FileOrder = names => names }, cancellationToken: cancel.Token);

        Assert.Equal(BatchStatus.Cancelled, report.Status);
        Assert.Equal((130, 143), (ExitCodes.Of(report), ExitCodes.Of(report, wasTerminated: true)));
        Assert.Equal(new FileCounts(6, 2, 0, 0, 4), report.Ledger.Files);
        Assert.Equal(["1.csv", "2.csv"], _place.Files());
        Assert.Empty(_place.Staged());

        var cleaned = new List<string>();
        _place.Write("in/late.csv", "id,value\n1,1\n").Seams = _place.Seams with { Clean = Noting(cleaned) };
        var progress = new RecordingProgress();
        var continued = await _place.RunAsync(progress: progress);

        Assert.Equal((report.BatchId, BatchStatus.Done), (continued.BatchId, continued.Status));
        Assert.Equal(new FileCounts(6, 6, 0, 0, 0), continued.Ledger.Files);
        Assert.Equal(["in/3.csv", "in/4.csv", "in/5.csv", "in/6.csv"], cleaned.Order(StringComparer.Ordinal));
        Assert.Equal((true, 1), (progress.Listing!.IsContinued, progress.Listing.AppearedSince));
        Assert.Contains("1 inputs appeared since", continued.Message, StringComparison.Ordinal);
        Assert.Equal(7, (await _place.RunAsync()).Ledger.Files.Found);
    }

    [Fact]
    public async Task A_file_that_takes_too_long_fails_and_the_rest_goes_on()
    {
        _place.WriteInputs(3).Seams = _place.Seams with { Clean = Blocking("in/2.csv", () => { }) };

        var report = await _place.RunAsync(r => r with { FileTimeout = TimeSpan.FromMilliseconds(50) });

        Assert.Equal(BatchStatus.Partial, report.Status);
        Assert.Equal("file-timeout", report.Files[0].Failure!.Code);
        Assert.Equal(["1.csv", "3.csv"], _place.Files());
        Assert.Empty(_place.Staged());
    }

    [Fact]
    public async Task A_batch_that_takes_too_long_keeps_what_is_done()
    {
        _place.WriteInputs(3).Seams = _place.Seams with { Clean = Blocking("in/2.csv", () => { }) };

        var report = await _place.RunAsync(r => r with { Timeout = TimeSpan.FromSeconds(1), Workers = 1, FileOrder = names => names });

        Assert.Equal((BatchStatus.Timeout, ExitCodes.LimitExceeded), (report.Status, ExitCodes.Of(report)));
        Assert.Equal(new FileCounts(3, 1, 0, 0, 2), report.Ledger.Files);
        Assert.Equal(["1.csv"], _place.Files());
        Assert.Empty(_place.Staged());
    }

    [Fact]
    public async Task A_failure_that_may_pass_is_tried_again()
    {
        var failures = 2;
        var progress = new RecordingProgress();
        _place.WriteInputs(1).Seams = _place.Seams with
        {
            Clean = (job, token) => failures-- > 0 ? throw new IOException("The device is not ready.") : FileCleaner.Clean(job, token),
        };

        var report = await _place.RunAsync(progress: progress);

        Assert.Equal((BatchStatus.Done, 3), (report.Status, report.Files[0].Attempts));
        Assert.Equal(["in/1.csv 2", "in/1.csv 3"], progress.Retries);
    }

    [Fact]
    public async Task A_failure_that_does_not_pass_ends_after_the_retries_of_the_plan()
    {
        var attempts = 0;
        _place.Plan(Workplace.SimplePlan + "\nrun: {retries: 2}").WriteInputs(1).Seams = _place.Seams with
        {
            Clean = (_, _) =>
            {
                attempts++;
                throw new IOException("The device is not ready.");
            },
        };

        var report = await _place.RunAsync();

        Assert.Equal((3, "storage-error"), (attempts, report.Files[0].Failure!.Code));
    }

    [Fact]
    public async Task An_input_that_changes_under_the_run_fails_and_is_never_a_mixture()
    {
        _place.WriteInputs(2).Seams = _place.Seams with
        {
            Clean = (job, token) =>
            {
                if (job.InputName is "in/1.csv")
                {
                    _place.Write("in/1.csv", "id,value\nnew,99\n");
                }

                return FileCleaner.Clean(job, token);
            },
        };

        var report = await _place.RunAsync();

        Assert.Equal("input-changed", report.Files[0].Failure!.Code);
        Assert.Equal(["2.csv"], _place.Files());
        _place.Seams = Execution.Running.BatchSeams.Real;
        Assert.Equal(BatchStatus.Done, (await _place.RunAsync()).Status);
    }

    [Fact]
    public async Task An_input_that_goes_right_after_it_was_read_whole_is_cleaned_as_it_was_listed()
    {
        _place.WriteInputs(1).Seams = _place.Seams with
        {
            Clean = (job, token) =>
            {
                var report = FileCleaner.Clean(job, token);
                File.Delete(_place.PathOf("in/1.csv"));
                return report;
            },
        };

        Assert.Equal(BatchStatus.Done, (await _place.RunAsync()).Status);
        Assert.Equal("id,value\n1-1,1\n1-2,2\n1-3,3\n", _place.Read("out/1.csv"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_a_run_shows_whole_outputs_only_and_the_next_one_finishes_without_doing_anything_twice(bool after)
    {
        const int operationsMax = 400;
        using var undisturbed = new Workplace().WriteInputs(2).Write("in/3.csv", "id,value\n1,x\n2,2\n");
        var whole = await undisturbed.RunAsync();
        var spared = 0;
        for (var operation = 1; operation < operationsMax; operation++)
        {
            using var place = new Workplace().WriteInputs(2).Write("in/3.csv", "id,value\n1,x\n2,2\n");
            place.Write("out/1.csv", "id,value\nold,0\n");
            MortalStore? store = null;
            place.Seams = place.Seams with { Wrap = inner => store = new MortalStore(inner, operation, after) };

            var wasKilled = await WasKilledAsync(place);

            var published = place.Files();
            Assert.All(published, file => Assert.Contains(
                place.Read($"out/{file}"),
                new[] { undisturbed.Read($"out/{file}"), file is "1.csv" ? "id,value\nold,0\n" : "" }));
            var done = published.Where(file => place.Read($"out/{file}") == undisturbed.Read($"out/{file}") && !file.StartsWith('_')).ToList();

            var cleaned = new List<string>();
            place.Seams = BatchSeamsOf(cleaned);
            var report = await place.RunAsync();

            Assert.Equal(BatchStatus.Done, report.Status);
            Assert.Equal(undisturbed.Files().Select(f => (f, undisturbed.Read($"out/{f}"))), place.Files().Select(f => (f, place.Read($"out/{f}"))));
            Assert.Empty(place.Staged());
            Assert.DoesNotContain(cleaned, file => done.Contains(file["in/".Length..]));
            Assert.True((await Verification.ReportVerifier.VerifyAsync(place.State, null, CancellationToken.None)).Ok);
            spared = wasKilled ? 0 : spared + 1;
            if (spared == SparedMax)
            {
                Assert.True(operation > 20, $"Only {operation} writes were counted: the sweep swept nothing.");
                Assert.Equal(whole.Ledger.Rows, report.Ledger.Rows with { InUnchanged = 0 });
                return;
            }
        }

        Assert.Fail($"A batch of three files took more than {operationsMax} writes.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_a_combined_output_is_old_or_whole_and_the_next_run_leaves_no_part_behind(bool after)
    {
        const int operationsMax = 400;
        using var undisturbed = Combined();
        await undisturbed.RunAsync();
        var expected = undisturbed.Read("out/all.csv");
        var spared = 0;
        for (var operation = 1; operation < operationsMax; operation++)
        {
            using var place = Combined().Write("out/all.csv", "id,value\nold,0\n");
            place.Seams = place.Seams with { Wrap = inner => new MortalStore(inner, operation, after) };

            var wasKilled = await WasKilledAsync(place);

            var isWhole = place.Read("out/all.csv") == expected;
            Assert.True(isWhole || place.Read("out/all.csv") == "id,value\nold,0\n", place.Read("out/all.csv"));
            place.Seams = Execution.Running.BatchSeams.Real;
            var report = await place.RunAsync();

            Assert.Equal((BatchStatus.Done, expected), (report.Status, place.Read("out/all.csv")));
            Assert.Equal(["_rejects/3.rejects.csv", "all.csv"], place.Files());
            Assert.Empty(place.Staged());
            Assert.Empty(place.Parts(report.BatchId));
            Assert.True((await Verification.ReportVerifier.VerifyAsync(place.State, null, CancellationToken.None)).Ok);
            spared = wasKilled ? 0 : spared + 1;
            if (spared == SparedMax)
            {
                Assert.True(operation > 20, $"Only {operation} writes were counted: the sweep swept nothing.");
                return;
            }
        }

        Assert.Fail($"A batch of three files took more than {operationsMax} writes.");
    }

    [Fact]
    public async Task A_run_that_was_cancelled_before_its_gate_keeps_what_is_ready_for_the_next_one()
    {
        using var cancel = new CancellationTokenSource();
        _place.Plan(Workplace.SimplePlan + "\nrun: {publish: together}").WriteInputs(4).Seams = _place.Seams with { Clean = Blocking("in/3.csv", cancel.Cancel) };
        var report = await _place.RunAsync(r => r with { Workers = 1, FileOrder = names => names }, cancellationToken: cancel.Token);
        Assert.Equal((BatchStatus.Cancelled, 0), (report.Status, _place.Files().Count));

        var cleaned = new List<string>();
        _place.Seams = BatchSeamsOf(cleaned);

        Assert.Equal(BatchStatus.Done, (await _place.RunAsync()).Status);
        Assert.Equal(["in/3.csv", "in/4.csv"], cleaned.Order(StringComparer.Ordinal));
        Assert.Equal(["1.csv", "2.csv", "3.csv", "4.csv"], _place.Files());
        Assert.Empty(_place.Staged());
    }

    [Fact]
    public async Task The_same_command_with_more_time_ends_a_batch_that_ran_out_of_it()
    {
        _place.WriteInputs(3).Seams = _place.Seams with { Clean = Blocking("in/2.csv", () => { }) };
        var first = await _place.RunAsync(r => r with { Timeout = TimeSpan.FromSeconds(1), Workers = 1, FileOrder = names => names });
        var cleaned = new List<string>();
        _place.Seams = BatchSeamsOf(cleaned);

        var second = await _place.RunAsync(r => r with { Timeout = TimeSpan.FromMinutes(5) });

        Assert.Equal((first.BatchId, BatchStatus.Done), (second.BatchId, second.Status));
        Assert.Equal(["in/2.csv", "in/3.csv"], cleaned.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_a_killed_run_published_is_known_to_a_run_of_another_plan()
    {
        _place.Write("in/1.csv", "id,value\n1,x\n2,2\n");
        await _place.RunAsync();
        _place.Write("in/1.csv", "id,value\n1,y\n2,2\n").Write("in/2.csv", "id,value\n1,1\n");
        _place.Seams = _place.Seams with { Wrap = inner => new MortalStore(inner, int.MaxValue, after: true) { LastCommit = "1.csv" } };
        Assert.True(await WasKilledAsync(_place));
        Assert.Contains("1,y", _place.Read("out/_rejects/1.rejects.csv"), StringComparison.Ordinal);

        _place.Plan(Workplace.SimplePlan.Replace("integer", "number", StringComparison.Ordinal)).Seams = Execution.Running.BatchSeams.Real;
        var report = await _place.RunAsync(r => r with { NoClobber = true });

        Assert.Equal((BatchStatus.Done, 2), (report.Status, report.Ledger.Files.Cleaned));
    }

    /// <summary>How many appends of the journal share a write depends on the moment, so one run may have fewer writes than another: the sweep is over when so many in a row had too few.</summary>
    private const int SparedMax = 6;

    private static Workplace Combined() => new Workplace(Workplace.SimplePlan.Replace("out/{name}.csv", "{to: out/all.csv, combine: true}", StringComparison.Ordinal))
        .WriteInputs(2).Write("in/3.csv", "id,value\n1,x\n2,2\n");

    private static async Task<bool> WasKilledAsync(Workplace place)
    {
        try
        {
            await place.RunAsync(r => r with { Workers = 1 });
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    private static Execution.Running.BatchSeams BatchSeamsOf(List<string> cleaned) =>
        Execution.Running.BatchSeams.Real with { Clean = Noting(cleaned) };

    private static Func<FileCleaning, CancellationToken, Cleaning.Ledgers.FileReport> Noting(List<string> cleaned) => (job, token) =>
    {
        lock (cleaned)
        {
            cleaned.Add(job.InputName);
        }

        return FileCleaner.Clean(job, token);
    };

    /// <summary>Writes half an output and then waits until it is cancelled.</summary>
    private static Func<FileCleaning, CancellationToken, Cleaning.Ledgers.FileReport> Blocking(string file, Action reached) => (job, token) =>
    {
        if (job.InputName != file)
        {
            return FileCleaner.Clean(job, token);
        }

        job.Outputs.OpenOutput().Write("half"u8);
        reached();
        token.WaitHandle.WaitOne();
        token.ThrowIfCancellationRequested();
        throw new InvalidOperationException("The token says that it was cancelled.");
    };
}
