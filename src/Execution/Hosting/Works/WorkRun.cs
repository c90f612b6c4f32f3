using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>Has a host do a piece of work to its end.</summary>
internal static class WorkRun
{
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
