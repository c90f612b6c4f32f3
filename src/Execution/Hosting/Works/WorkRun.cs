using System.Globalization;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>Has a host do a piece of work to its end.</summary>
internal static class WorkRun
{
    private const int HashDigits = 12;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Submits, takes up what failed before, waits, and reads the report. Throws <see cref="UsageException"/> for what is refused,
    /// <see cref="StorageException"/> if the host or the report is out of reach.
    /// </summary>
    public static async Task<ReadOnlyMemory<byte>> ToEndAsync(
        IWorkHost host, string id, WorkSubmission submission, Action<BatchOverview>? progress, CancellationToken cancellationToken)
    {
        Check(await host.SubmitWorkAsync(id, submission, cancellationToken));
        var status = await host.WaitForWorkAsync(id, TimeSpan.Zero, cancellationToken);
        if (status.IsDone)
        {
            Check(await host.RetryWorkAsync(id, cancellationToken));
        }

        do
        {
            status = await host.WaitForWorkAsync(id, Look, cancellationToken);
            Check(new HostReply(status.Outcome, status.Message));
            if (status.Overview is { } overview)
            {
                progress?.Invoke(overview);
            }
        }
        while (!status.IsDone);

        var output = host.Stores.Open(submission.OutputRoot);
        var report = WorkNames.Report(submission.Kind, id);
        return (await output.ReadDocumentAsync(report, CancellationToken.None))?.Content
            ?? throw new StorageException(
                StorageFault.Missing, $"The work is finished, and its report {output.Locate(report)} is missing. Remove the folder that it lies in, and do it again.");
    }

    /// <summary>
    /// The work that a request means, by its name, the hash of its submission and a number: the unfinished one, or the finished one whose result still stands, with its
    /// report, or a new one.
    /// </summary>
    public static async Task<(string Id, TReport? Report)> FindAsync<TReport>(
        IObjectStore output,
        WorkSubmission submission,
        string name,
        Func<ReadOnlyMemory<byte>, TReport> parse,
        Func<TReport, Task<EarlierWork>> judgeAsync,
        CancellationToken cancellationToken)
        where TReport : class
    {
        var hash = submission.Hash()[..HashDigits];
        for (var number = 1; ; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{hash}-{number}");
            if (await output.ReadDocumentAsync(WorkNames.Report(submission.Kind, id), cancellationToken) is not { } document)
            {
                return (id, null);
            }

            // A report may stand before the journal says that it does: then the work is finished by whoever opens it.
            var report = parse(document.Content);
            switch (await judgeAsync(report))
            {
                case EarlierWork.Stands:
                    return (id, report);
                case EarlierWork.MayPass:
                    return (id, null);
            }
        }
    }

    private static void Check(HostReply reply)
    {
        if (reply.Outcome is HostOutcome.Unavailable)
        {
            throw new StorageException(StorageFault.Other, reply.Message);
        }

        if (!reply.IsGood)
        {
            throw new UsageException(reply.Message);
        }
    }
}

/// <summary>What the report of earlier work means for the same request.</summary>
internal enum EarlierWork
{
    /// <summary>Its result stands.</summary>
    Stands,

    /// <summary>It failed for a reason that lies outside of the inputs: what failed is tried again, and nothing else.</summary>
    MayPass,

    /// <summary>Its result is gone, or is not wanted: the next one begins anew.</summary>
    Over,
}
