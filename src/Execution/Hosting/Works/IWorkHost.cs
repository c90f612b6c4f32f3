namespace OrleansClean.Execution.Hosting.Works;

/// <summary>
/// Does work of other kinds than cleaning: in this process, or on a cluster behind a client. What is asked for twice happens once, as with
/// <see cref="IBatchHost"/>.
/// </summary>
public interface IWorkHost
{
    /// <summary>The stores that this host and its caller both know.</summary>
    IStoreDirectory Stores { get; }

    /// <summary>
    /// Begins work under an id, or goes on with it. The same id with the same body is the same work, with another body a
    /// <see cref="HostOutcome.Conflict"/>.
    /// </summary>
    Task<HostReply> SubmitWorkAsync(string id, WorkSubmission submission, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until the work is done, at most <paramref name="patience"/>, and says how far it is then. A host in this process throws what ended its coordinator.
    /// </summary>
    Task<StatusReply> WaitForWorkAsync(string id, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Takes failed and cancelled items of finished work up again.</summary>
    Task<HostReply> RetryWorkAsync(string id, CancellationToken cancellationToken);
}
