using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Ranges;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Streams;

/// <summary>
/// Cleans a stream in this process: rows go out in order and as they come, unless the plan must see all of them first. Nothing is kept but the
/// report: there is no state, and nothing to continue.
/// </summary>
public static class StreamRunner
{
    /// <summary>The input's name in reports and reject records.</summary>
    public const string InputName = "-";

    /// <summary>A report as JSON, as the reports of batches are written.</summary>
    public static string ToJson(BatchReport report) => JsonSerializer.Serialize(report, ExecutionJson.Pages.BatchReport);

    /// <summary>
    /// Cleans the stream to its end and returns its report, also if the input cannot be cleaned, a limit was exceeded or time ran out: rows
    /// written until then are good rows. Throws <see cref="PlanException"/> for a bad plan, <see cref="UsageException"/> for a request that
    /// cannot be carried out, <see cref="OperationCanceledException"/> if it is cancelled, and what the streams throw.
    /// </summary>
    public static Task<BatchReport> RunAsync(StreamRequest request, IBatchProgress? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // A thread of its own: it waits for a pipe, perhaps for hours.
        return Task.Factory.StartNew(
            () => new StreamRun(request, progress).Run(cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }
}

/// <summary>One stream on its way through a plan.</summary>
internal sealed class StreamRun
{
    private readonly StreamRequest _request;
    private readonly IBatchProgress? _progress;
    private readonly BatchClock _clock = new(TimeProvider.System);
    private readonly Plan _plan;
    private readonly BatchGate _gate;
    private readonly int _workers;
    private long _bytesIn;
    private long _bytesOut;

    public StreamRun(StreamRequest request, IBatchProgress? progress)
    {
        var plan = PlanLoader.Load(PlanText.Read(request.PlanPath, request.PlanPath), request.PlanPath, request.Parameters);
        _request = request;
        _progress = progress;
        _plan = plan with
        {
            Run = plan.Run with { MaxRejects = request.MaxRejects ?? plan.Run.MaxRejects, Timeout = request.Timeout ?? plan.Run.Timeout },
        };
        _gate = BatchGate.For(_plan, request.PlanPath);
        _workers = WorkerCount.For(request.Workers, request.MemoryBytes);
    }

    private string BatchId => $"{_plan.Name}-stream";

    public BatchReport Run(CancellationToken cancellationToken)
    {
        _progress?.Listed(new BatchListing(_plan.Name, BatchId, 1, 0, "standard output", _workers));
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (_plan.Run.Timeout is { } timeout)
        {
            limited.CancelAfter(timeout);
        }

        var status = BatchStatus.Done;
        FileSummary summary;
        try
        {
            summary = FileSummaries.Of(StreamRunner.InputName, Clean(limited.Token)) with { Attempts = 1, InputBytes = _bytesIn };
        }
        catch (FileFailedException failed) when (failed.InnerException is not PlanException)
        {
            status = BatchStatus.Failed;
            summary = FileSummaries.Failed(StreamRunner.InputName, failed.Code, failed.Message, failed.Line) with { Attempts = 1 };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            status = BatchStatus.Timeout;
            summary = new FileSummary { Path = StreamRunner.InputName, Status = FileStatus.Cancelled, Attempts = 1 };
        }

        _progress?.Finished(summary);
        return Report(summary, status);
    }

    private FileReport Clean(CancellationToken cancellationToken)
    {
        using var source = new StreamSource(new ReadAheadStream(_request.Input, cancellationToken));
        using var file = RangedFile.Open(
            new FileCleaning
            {
                Plan = _plan,
                InputName = StreamRunner.InputName,
                OpenInput = source.Open,
                InputIsReady = () => source.IsReady,
                Outputs = new StreamOutputs(_request.Output, _request.Rejects),
                BatchId = BatchId,
                Now = _clock.StartedAt.UtcDateTime,
                Progress = (bytes, rows) => _progress?.Advanced(bytes, rows),
            },
            cancellationToken);
        if (file.HasBarrier)
        {
            source.Spill(new SpillPlace(_request.TempFolder, _request.TempBytesMax), cancellationToken);
        }

        var budget = new CoreBudget(_workers);
        budget.Enter();
        var report = RangedCleaner.Clean(file, budget);
        _request.Output.Flush();
        _request.Rejects?.Flush();
        (_bytesIn, _bytesOut) = (report.BytesIn, report.BytesOut);
        return report;
    }

    private BatchReport Report(FileSummary summary, string status)
    {
        var totals = new BatchTotals();
        totals.Add(summary);
        totals.SetBytesOut(_bytesOut);
        var rows = totals.Ledger.Rows;
        var counts = new GateCounts(rows.In, rows.Out, rows.Rejected, rows.Dropped, 1, summary.Failure is null ? 0 : 1);
        var excess = status is BatchStatus.Done ? _gate.FindExcess(counts) : null;
        return new BatchReport
        {
            BatchId = BatchId,
            Status = excess is null ? status : BatchStatus.LimitExceeded,
            StartedAt = _clock.StartedAt,
            Plan = new PlanIdentity(
                _plan.Name,
                "sha256:" + _plan.Fingerprint,
                _plan.Parameters.ToImmutableSortedDictionary(p => p.Key, p => p.Value.Written, StringComparer.Ordinal)),
            Engine = new EngineIdentity(Engine.Version, Engine.OutputVersion, _workers),
            Ledger = totals.Ledger,
            Steps = totals.Steps,
            Expectations = [.. totals.Expectations, .. _gate.Evaluate(counts)],
            Codes = totals.Codes,
            Files = [summary with { Detail = null }],
            Cost = _clock.Cost(0),
            Links = new BatchLinks("", "", ""),
            Message = excess?.Replace("Nothing was published.", "The rows had gone out before that was known.", StringComparison.Ordinal)
                ?? (status is BatchStatus.Timeout ? "Time ran out. The rows written until then are good rows." : null),
        };
    }

    private sealed class StreamOutputs(Stream output, Stream? rejects) : ICleaningOutputs
    {
        public Stream OpenOutput() => output;

        public Stream OpenRejectRecords() => rejects ?? Stream.Null;

        public Stream OpenRejectRows() => Stream.Null;
    }
}
