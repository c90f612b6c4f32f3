using OrleansClean.Batches;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.Hosting;

/// <summary>Told, in the process of host and workers, what becomes of a batch. From any thread; what it throws ends the batch.</summary>
internal interface IBatchWatch
{
    /// <summary>An attempt begins.</summary>
    void Started(AttemptId attempt, string file, string worker);

    /// <summary>An attempt has its result, before anybody is told of it. Only here the summary has an offending text.</summary>
    void Made(AttemptId attempt, FileSummary summary);

    /// <summary>An attempt is given back.</summary>
    void GaveBack(AttemptId attempt, string file);

    /// <summary>An intent is about to be published, maybe one of an earlier process.</summary>
    void Publishing(AttemptId attempt, CommitIntent intent);

    /// <summary>Something is true from now on, and durable.</summary>
    void Happened(BatchEvent happened);
}
