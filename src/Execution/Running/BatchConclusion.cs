using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Running;

/// <summary>Ends a batch: adds all files up in the order of names, writes the manifest, and last the report.</summary>
internal sealed class BatchConclusion(BatchRun run, BatchClock clock, bool wasCancelledByCaller)
{
    private readonly PreparedBatch _batch = run.Batch;
    private readonly List<FileSummary> _first = [];
    private readonly List<FileSummary> _others = [];
    private readonly BatchTotals _totals = new();

    /// <summary>Every file's summary in the order of names; a file that was not done counts as cancelled.</summary>
    public static void ForEach(BatchRun run, Action<FileSummary> action)
    {
        var index = 0;
        foreach (var line in run.Log.Read())
        {
            var item = run.Batch.Items[index++];
            action(line is null
                ? new FileSummary { Path = item.Name, Status = FileStatus.Cancelled, InputEtag = item.ETag.Value, InputBytes = item.Bytes }
                : JsonSerializer.Deserialize(line, ExecutionJson.Lines.FileSummary)!);
        }
    }

    /// <summary>Writes everything that remains and returns the report.</summary>
    public async Task<BatchReport> WriteAsync()
    {
        var index = 0;
        ForEach(run, file =>
        {
            _totals.Add(file);
            Keep(file with { Detail = null }, index++);
        });
        if (run.CombinedBytes is { } bytes)
        {
            _totals.SetBytesOut(bytes);
        }

        if (!_totals.Ledger.Rows.Balanced)
        {
            throw new InvalidOperationException($"The ledger does not balance: {_totals.Ledger.Rows}. This is a bug.");
        }

        var report = Report();
        if (!BatchStatus.IsUnfinished(report.Status))
        {
            await _batch.Store.WriteAsync(StateNames.Of(_batch.Id, StateNames.ManifestFile), WriteManifest, CancellationToken.None);
        }

        // From here on the log's places no longer hold: this is the last look at it.
        await _batch.Store.WriteAsync(StateNames.Of(_batch.Id, StateNames.FilesFile), WriteFiles, CancellationToken.None);
        await _batch.Store.WriteAsync(
            StateNames.Of(_batch.Id, StateNames.ReportFile),
            stream => JsonSerializer.Serialize(stream, report, ExecutionJson.Pages.BatchReport),
            CancellationToken.None);
        run.Tell("finished", string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Status}: {report.Ledger.Files.Cleaned} cleaned, {report.Ledger.Files.Unchanged} unchanged, {report.Ledger.Files.Failed} failed, {report.Ledger.Files.Cancelled} not done"));
        return report;
    }

    private void WriteFiles(Stream stream)
    {
        using var buffered = new BufferedStream(stream, 1 << 16);
        ForEach(run, file =>
        {
            JsonSerializer.Serialize(buffered, file, ExecutionJson.Lines.FileSummary);
            buffered.WriteByte((byte)'\n');
        });
    }

    private void Keep(FileSummary file, int index)
    {
        var list = file.Status is FileStatus.Failed ? _first : _others;
        if (list.Count < BatchReport.FilesMax)
        {
            list.Add(file.FirstReject is { } reject && run.FirstValues.TryGetValue(index, out var value)
                ? file with { FirstReject = reject with { Value = value } }
                : file);
        }
    }

    private void WriteManifest(Stream stream)
    {
        using var manifest = new ManifestWriter(stream, Plan(), Engine.OutputVersion, _totals);
        ForEach(run, manifest.Add);
    }

    private BatchReport Report()
    {
        var files = _totals.Ledger.Files;
        var status = StatusOf(files);
        return new BatchReport
        {
            BatchId = _batch.Id,
            Status = status,
            StartedAt = clock.StartedAt,
            Plan = Plan(),
            Engine = new EngineIdentity(Engine.Version, Engine.OutputVersion, _batch.Workers),
            Ledger = _totals.Ledger,
            Steps = _totals.Steps,
            Expectations = [.. _totals.Expectations, .. _batch.Gate.Evaluate(Counts())],
            Codes = _totals.Codes,
            Files = [.. _first.Concat(_others).Take(BatchReport.FilesMax)],
            Cost = clock.Cost(_batch.Store.Operations + _batch.Sources.Sum(s => s.Operations)),
            Links = new BatchLinks(
                StateNames.RejectsFolder + "/",
                StateNames.Of(_batch.Id, StateNames.FilesFile).Value,
                StateNames.Of(_batch.Id, StateNames.ManifestFile).Value),
            Message = MessageOf(status),
        };
    }

    private string StatusOf(FileCounts files)
    {
        if (files.Cancelled > 0)
        {
            return wasCancelledByCaller ? BatchStatus.Cancelled : BatchStatus.Timeout;
        }

        return run.Excess is not null ? BatchStatus.LimitExceeded
            : files.Failed == 0 ? BatchStatus.Done
            : files.Failed == files.Found ? BatchStatus.Failed
            : BatchStatus.Partial;
    }

    private string? MessageOf(string status) => status switch
    {
        BatchStatus.LimitExceeded => run.Excess,
        BatchStatus.Timeout => string.Create(
            CultureInfo.InvariantCulture,
            $"The time limit of {_batch.Plan.Run.Timeout?.TotalSeconds:0.###} s was reached. Finished files are published; the same command continues."),
        BatchStatus.Cancelled => "Cancelled. Finished files are published; the same command continues.",
        _ when _batch.AppearedSince > 0 => string.Create(
            CultureInfo.InvariantCulture,
            $"This run continued a batch with its own listing; {_batch.AppearedSince} inputs appeared since. The same command takes them now."),
        _ => null,
    };

    private GateCounts Counts()
    {
        var (rows, files) = (_totals.Ledger.Rows, _totals.Ledger.Files);
        return new GateCounts(rows.In, rows.Out, rows.Rejected, rows.Dropped, files.Found, files.Failed);
    }

    private PlanIdentity Plan() => new(
        _batch.Plan.Name,
        "sha256:" + _batch.Plan.Fingerprint,
        _batch.Plan.Parameters.ToImmutableSortedDictionary(p => p.Key, p => p.Value.Written, StringComparer.Ordinal));
}

/// <summary>What a run costs, measured from its beginning.</summary>
internal sealed class BatchClock(TimeProvider time)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TimeSpan _cpu = Cpu();

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public BatchCost Cost(long storageOperations)
    {
        using var self = Process.GetCurrentProcess();
        return new BatchCost(
            Math.Round((Cpu() - _cpu).TotalSeconds, 3),
            Math.Round(Stopwatch.GetElapsedTime(_started).TotalSeconds, 3),
            self.PeakWorkingSet64,
            storageOperations);
    }

    private static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }
}
