using System.Globalization;
using System.Text.Json;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Running;

public sealed class BatchRunTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task One_bad_cell_in_six_files_costs_one_row()
    {
        _place.WriteInputs(6).Write("in/4.csv", "id,value\n4-1,1\n4-2,\"1,000\"\n4-3,3\n");

        var report = await _place.RunAsync();

        Assert.Equal(BatchStatus.Done, report.Status);
        Assert.Equal(ExitCodes.Done, ExitCodes.Of(report));
        Assert.Equal(new FileCounts(6, 6, 0, 0, 0), report.Ledger.Files);
        Assert.Equal(new RowTotals(18, 17, 0, 1, Balanced: true), report.Ledger.Rows);
        Assert.Equal("id,value\n4-1,1\n4-3,3\n", _place.Read("out/4.csv"));
        Assert.Equal("id,value\n4-2,\"1,000\"\n", _place.Read("out/_rejects/4.rejects.csv"));
        var reject = report.Files.Single(f => f.FirstReject is not null).FirstReject!;
        Assert.Equal((3, "value", "type-error", "1,000"), (reject.Line, reject.Column, reject.Code, reject.Value));
    }

    [Fact]
    public async Task One_bad_file_costs_one_file()
    {
        _place.WriteInputs(2).Write("in/bad.csv", "id,other\n1,1\n").Write("in/cut.csv.gz", "no gzip at all");

        var report = await _place.RunAsync();

        Assert.Equal(BatchStatus.Partial, report.Status);
        Assert.Equal(ExitCodes.Partial, ExitCodes.Of(report));
        Assert.Equal(["1.csv", "2.csv"], _place.Files());
        Assert.Equal(["in/bad.csv", "in/cut.csv.gz", "in/1.csv", "in/2.csv"], report.Files.Select(f => f.Path));
        Assert.Equal("missing-label", report.Files[0].Failure!.Code);
        Assert.Equal(6, report.Ledger.Rows.In);
        Assert.Empty(_place.Staged());
    }

    [Fact]
    public async Task A_plan_error_that_the_first_good_header_shows_stops_the_run_before_anything_is_written()
    {
        _place.Write("in/1.csv", "").Write("in/2.csv.gz", "no gzip at all").Write("in/3.csv", "id,value\n1,2\n")
            .Plan(Workplace.SimplePlan.Replace("parse: {value: integer}", "filter: id < value", StringComparison.Ordinal));

        var wrong = await Assert.ThrowsAsync<PlanException>(() => _place.RunAsync());

        Assert.Contains("plan.yaml:5:13: ", wrong.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.PathOf("out")));
    }

    [Fact]
    public async Task A_header_that_cannot_be_decoded_can_be_named_by_hand_and_costs_one_row()
    {
        Directory.CreateDirectory(_place.PathOf("in"));
        File.WriteAllBytes(_place.PathOf("in/1.csv"), [.. "id,valu"u8, 0xE9, .. "\n1,2\n"u8]);
        var pinned = Workplace.SimplePlan.Replace("csv.gz}\"}", "csv.gz}\", encoding: utf-8}", StringComparison.Ordinal);
        _place.Plan(pinned);
        Assert.Equal("encoding-error", (await _place.RunAsync()).Files[0].Failure!.Code);

        _place.Plan(pinned.Replace("utf-8}", "utf-8, header: false, columns: [id, value]}", StringComparison.Ordinal));
        var report = await _place.RunAsync();

        Assert.Equal(new RowTotals(2, 1, 0, 1, Balanced: true), report.Ledger.Rows);
        Assert.Equal("id,value\n1,2\n", _place.Read("out/1.csv"));
    }

    [Fact]
    public async Task An_output_folder_that_cannot_be_made_is_named_with_what_to_do()
    {
        _place.WriteInputs(1).Write("file", "");

        var refused = await Assert.ThrowsAsync<StorageException>(() => _place.RunAsync(r => r with { OutputDirectory = "file/below" }));

        Assert.EndsWith("file/below/out cannot be written: no folder can be made there. Choose another folder with --out.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_every_file_fails_the_batch_failed()
    {
        _place.Write("in/bad.csv", "id,\"value\n1,1\n");

        var report = await _place.RunAsync();

        Assert.Equal((BatchStatus.Failed, ExitCodes.Failed), (report.Status, ExitCodes.Of(report)));
    }

    [Fact]
    public async Task A_bug_in_the_engine_costs_one_file_and_quotes_nothing_of_it()
    {
        _place.WriteInputs(3).Seams = _place.Seams with
        {
            Clean = (job, token) => job.InputName is "in/2.csv"
                ? throw new InvalidOperationException("the cell holds SECRET")
                : Cleaning.FileCleaner.Clean(job, token),
        };

        var report = await _place.RunAsync();

        Assert.Equal((2, 1), (report.Ledger.Files.Cleaned, report.Ledger.Files.Failed));
        Assert.Equal("internal-error", report.Files[0].Failure!.Code);
        Assert.DoesNotContain("SECRET", report.Files[0].Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(4, 4)]
    public async Task Workers_and_order_change_neither_outputs_nor_the_manifest(int workers, int seed)
    {
        var random = new Random(seed + Environment.TickCount);
        _place.WriteInputs(12, rows: 50).Write("in/bad.csv", "id\n1\n").Write("in/some.csv", "id,value\n1,x\n2,2\n3,y\n");
        var one = await _place.RunAsync(r => r with { Workers = 1, OutputDirectory = "one" });
        var many = await _place.RunAsync(r => r with
        {
            Workers = workers,
            OutputDirectory = "many",
            FileOrder = names =>
            {
                var shuffled = names.ToArray();
                random.Shuffle(shuffled);
                return shuffled;
            },
        });

        Assert.Equal(_place.Files("one/out").Select(f => (f, _place.Read($"one/out/{f}"))), _place.Files("many/out").Select(f => (f, _place.Read($"many/out/{f}"))));
        Assert.Equal(_place.Read($"one/out/{one.Links.Manifest}"), _place.Read($"many/out/{many.Links.Manifest}"));
        Assert.Equal(one.Steps.Select(step => step with { Codes = null }), many.Steps.Select(step => step with { Codes = null }));
    }

    [Fact]
    public async Task The_report_on_disk_is_the_report_and_its_names_are_those_of_the_example()
    {
        _place.WriteInputs(2).Write("in/3.csv", "id,value\n1,x\n");

        var report = await _place.RunAsync();

        using var json = JsonDocument.Parse(_place.StateFile(report.BatchId, "report.json"));
        Assert.Equal(
            ["reportVersion", "batchId", "status", "startedAt", "plan", "engine", "ledger", "steps", "expectations", "codes", "files", "cost", "links"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Matches("^20..-..-..T..:..:..[.]...Z$", json.RootElement.GetProperty("startedAt").GetString());
        Assert.Equal(7, json.RootElement.GetProperty("ledger").GetProperty("rows").GetProperty("in").GetInt32());
        Assert.Equal(report.BatchId, _place.State.LatestId());
        Assert.Equal(report.Ledger, _place.State.ReadReport(null)!.Ledger);
        Assert.Equal(["in/1.csv", "in/2.csv", "in/3.csv"], _place.State.ReadFiles(null).Select(f => f.Path));
    }

    [Fact]
    public async Task No_cell_is_in_any_document_but_the_rejects()
    {
        var log = new StringWriter(CultureInfo.InvariantCulture);
        _place.Write("in/1.csv", "id,value\n1,SECRET-CELL\n");

        var report = await _place.RunAsync(r => r with { Log = new Logging.TextBatchLog(log) });

        Assert.Equal("SECRET-CELL", report.Files[0].FirstReject!.Value);
        foreach (var file in new[] { "report.json", "manifest.json", "files.jsonl", "listing.jsonl" })
        {
            Assert.DoesNotContain("SECRET-CELL", _place.StateFile(report.BatchId, file), StringComparison.Ordinal);
        }

        Assert.Contains("file=in/1.csv", log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET-CELL", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("SECRET-CELL", _place.StateFile(report.BatchId, "rejects/in/1.csv.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_tells_of_every_file()
    {
        var progress = new RecordingProgress();
        _place.WriteInputs(5);

        await _place.RunAsync(progress: progress);

        Assert.Equal(5, progress.Listing!.Files);
        Assert.Equal(["in/1.csv", "in/2.csv", "in/3.csv", "in/4.csv", "in/5.csv"], progress.Finished.Order(StringComparer.Ordinal));
        Assert.Equal(15, progress.Rows);
    }

    [Fact]
    public async Task A_second_run_in_the_same_folder_is_refused_and_names_the_process()
    {
        using var started = new SemaphoreSlim(0);
        using var mayEnd = new ManualResetEventSlim();
        _place.WriteInputs(1).Seams = _place.Seams with
        {
            Clean = (job, token) =>
            {
                started.Release();
                mayEnd.Wait(token);
                return Cleaning.FileCleaner.Clean(job, token);
            },
        };
        var first = _place.RunAsync();
        await started.WaitAsync();

        var message = await _place.RefusedAsync(r => r with { Force = true });
        mayEnd.Set();

        Assert.Contains($"is in use by process {Environment.ProcessId}", message, StringComparison.Ordinal);
        Assert.Equal(BatchStatus.Done, (await first).Status);
        Assert.Equal(BatchStatus.Done, (await _place.RunAsync()).Status);
    }

    [Fact]
    public async Task The_door_of_the_library_takes_a_plan_an_input_and_an_output()
    {
        _place.WriteInputs(2);

        var report = await Batch.RunAsync(_place.PathOf("plan.yaml"), _place.PathOf("in"), _place.PathOf("there"));

        Assert.Equal(2, report.Ledger.Files.Cleaned);
        Assert.Equal(["1.csv", "2.csv"], _place.Files("there/out"));
    }

    [Fact]
    public async Task A_plan_that_is_not_there_is_said_to_be_so()
    {
        Assert.Contains("There is no plan nothing.yaml", await _place.RefusedAsync(r => r with { PlanPath = "nothing.yaml" }), StringComparison.Ordinal);
        Assert.Contains("is a folder", await _place.RefusedAsync(r => r with { PlanPath = "." }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_is_taken_by_another_job_is_refused_and_a_finished_one_is_told_again()
    {
        _place.WriteInputs(1);
        var first = await _place.RunAsync(r => r with { Id = "nightly" });
        var again = await _place.RunAsync(r => r with { Id = "nightly" });

        Assert.Equal((first.StartedAt.ToUnixTimeMilliseconds(), "nightly"), (again.StartedAt.ToUnixTimeMilliseconds(), again.BatchId));
        Assert.Contains("another plan", await _place.RefusedAsync(r => r with { Id = "nightly", Inputs = ["in/1.csv"] }), StringComparison.Ordinal);
        Assert.Contains("cannot be a batch's id", await _place.RefusedAsync(r => r with { Id = "../x" }), StringComparison.Ordinal);
    }
}
