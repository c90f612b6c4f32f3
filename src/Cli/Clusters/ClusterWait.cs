using System.Text;
using OrleansClean.Batches;
using OrleansClean.Cli.Arrays;
using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Mapping;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Arrays;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Mapping;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Clusters;

/// <summary>How the end of a batch on a cluster is waited for and told.</summary>
internal sealed record ClusterWaitOptions
{
    /// <summary><c>text json jsonl</c>.</summary>
    public string Form { get; init; } = "text";

    /// <summary>How progress is shown.</summary>
    public string Progress { get; init; } = "auto";

    /// <summary>Where the outputs are, if this command knows.</summary>
    public string? OutputRoot { get; init; }

    /// <summary>Say nothing but what went wrong.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Show every step.</summary>
    public bool AllSteps { get; init; }

    /// <summary>What makes a finished batch count as failed.</summary>
    public FailOn FailOn { get; init; }

    /// <summary>How long to wait; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Waits for a batch that a cluster works on and prints its ledger from its report. Interrupted, it leaves the batch alone and says how to wait again.</summary>
internal sealed class ClusterWait(Terminal terminal, IBatchHost host, ClusterAddress cluster, ClusterWaitOptions options)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Waits, prints, and answers the exit code.</summary>
    public async Task<int> UntilEndAsync(string id, CancellationToken cancellationToken, WorkKind kind = WorkKind.CleanFiles)
    {
        StatusReply status;
        try
        {
            var progress = new ClusterProgress(id, ClusterProgress.ItemOf(kind));
            status = await ProgressDisplay.ShowAsync(
                terminal, options.IsQuiet ? "none" : options.Progress, progress, () => WaitAsync(id, progress, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Say($"The batch {Visible.Path(id)} goes on without this command. 'orleansclean batch wait {Visible.Path(id)} {ClusterAsked.Words(cluster)}' waits for it again.");
            return ExitCodes.Interrupted;
        }

        if (status.IsDone)
        {
            return kind is WorkKind.CleanFiles ? await PrintAsync(id, CancellationToken.None) : await PrintWorkAsync(id, kind);
        }

        terminal.Say($"orleansclean: {(status.Overview is null ? Visible.Message(status.Message) : $"batch {Visible.Path(id)} is not done yet.")}");
        return status.Outcome switch
        {
            HostOutcome.Missing => ExitCodes.Usage,
            HostOutcome.Known => ExitCodes.LimitExceeded,
            _ => ExitCodes.Failed,
        };
    }

    /// <summary>Prints the report of work other than cleaning.</summary>
    private async Task<int> PrintWorkAsync(string id, WorkKind kind)
    {
        await using var paper = await host.OpenAsync(id, BatchPaper.Report, null, CancellationToken.None);
        if (paper is null)
        {
            terminal.Say($"orleansclean: the report of batch {Visible.Path(id)} cannot be read here.");
            return ExitCodes.Failed;
        }

        using var document = new MemoryStream();
        await paper.CopyToAsync(document, CancellationToken.None);
        if (kind is WorkKind.Array)
        {
            terminal.Out.Write(ArrayText.Of(ArrayBatch.ReadReport(document.ToArray()), $"cluster {cluster.Name}"));
            return ExitCodes.Done;
        }

        return new MapToFolder(terminal, options.IsQuiet, options.Progress).Say(id, request: null, MapBatch.ReadReport(document.ToArray()), $"cluster {cluster.Name}");
    }

    /// <summary>Prints what a batch that is done left, in the form that was asked for.</summary>
    public async Task<int> PrintAsync(string id, CancellationToken cancellationToken)
    {
        if (await ReportAsync(id, cancellationToken) is not { } report)
        {
            terminal.Say($"orleansclean: the report of batch {Visible.Path(id)} cannot be read here.");
            return ExitCodes.Failed;
        }

        if (options.Form is "text")
        {
            if (!options.IsQuiet || report.Status is not BatchStatus.Done)
            {
                terminal.Out.Write(LedgerText.Of(WithWorkers(report), new LedgerOptions
                {
                    OutputRoot = options.OutputRoot is { } root ? BatchAsked.Shown(root) : $"cluster {cluster.Name}",
                    AllSteps = options.AllSteps,
                    HasNextCommands = false,
                }));
            }
        }
        else
        {
            await CopyAsync(id, options.Form is "json" ? BatchPaper.Report : BatchPaper.Files, cancellationToken);
        }

        return ExitCodes.Of(report, options.FailOn);
    }

    /// <summary>A coordinator does not know how many slots there were in all; the files say which ones worked.</summary>
    public static BatchReport WithWorkers(BatchReport report) => report.Engine.Workers > 0
        ? report
        : report with { Engine = report.Engine with { Workers = report.Files.Select(file => file.Worker).OfType<string>().Distinct(StringComparer.Ordinal).Count() } };

    private async Task<StatusReply> WaitAsync(string id, ClusterProgress progress, CancellationToken cancellationToken)
    {
        var waited = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var status = await host.WaitAsync(id, Look, cancellationToken);
            if (status.Overview is { } overview)
            {
                progress.Overview = overview;
            }

            if (status.IsDone || status.Outcome is HostOutcome.Missing or HostOutcome.Refused || waited.Elapsed >= options.Timeout)
            {
                return status;
            }
        }
    }

    private async Task<BatchReport?> ReportAsync(string id, CancellationToken cancellationToken)
    {
        await using var paper = await host.OpenAsync(id, BatchPaper.Report, null, cancellationToken);
        return paper is null ? null : await BatchReport.ReadAsync(paper, cancellationToken);
    }

    private async Task CopyAsync(string id, BatchPaper paper, CancellationToken cancellationToken)
    {
        await using var content = await host.OpenAsync(id, paper, null, cancellationToken);
        if (content is null)
        {
            return;
        }

        using var text = new StreamReader(content, Encoding.UTF8);
        var buffer = new char[1 << 16];
        int read;
        while ((read = await text.ReadAsync(buffer, cancellationToken)) > 0)
        {
            terminal.Out.Write(buffer, 0, read);
        }
    }
}
