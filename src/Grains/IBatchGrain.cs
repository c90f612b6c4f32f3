using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains;

/// <summary>
/// One batch on the cluster; its key is the batch's id. Every call ends within seconds and may be repeated; what cannot be done is
/// told by the reply, and nothing of ours is thrown across. No call carries the caller's cancellation: a caller that gives up ends its
/// own wait and no write of the journal.
/// </summary>
[GrainInterfaceType("oc.batch")]
public interface IBatchGrain : IGrainWithStringKey
{
    /// <summary>Begins the batch. The same body again is the same batch.</summary>
    Task<HostReply> Submit(BatchSubmission submission);

    /// <summary>Begins the batch whose submission is too long for a message and was left in the cluster's store.</summary>
    Task<HostReply> SubmitFrom(SubmissionPlace place);

    /// <summary>How far it is, from memory: it waits for no other call.</summary>
    [AlwaysInterleave]
    Task<StatusReply> Status();

    /// <summary>A silo's runner asks for work and says what it holds.</summary>
    Task<TakeAnswer> Take(TakeRequest request);

    /// <summary>A silo's runner says how an attempt ended.</summary>
    Task<ReportAnswer> Report(AttemptReport report);

    /// <summary>Stops the batch.</summary>
    Task<HostReply> Cancel();

    /// <summary>Takes failed and cancelled items of a finished batch up again.</summary>
    Task<HostReply> Retry();
}
