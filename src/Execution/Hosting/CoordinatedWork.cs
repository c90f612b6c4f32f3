using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;

namespace OrleansClean.Execution.Hosting;

/// <summary>What a worker pool says and hears, in the words of a coordinator in the same process.</summary>
/// <param name="id">The batch.</param>
/// <param name="outputRoot">The store that holds its documents.</param>
/// <param name="generationsBefore">The workers that the journal knew when this process took it over, each with its last generation.</param>
internal sealed class CoordinatedWork(string id, string outputRoot, IReadOnlyDictionary<string, long> generationsBefore)
{
    /// <summary>The pool's question.</summary>
    public BatchInput.Take Ask(TakeRequest request) => new(Newest(request.Worker), request.Sequence, request.FreeSlots, request.Held) { At = default };

    /// <summary>What the pool gets for it; <paramref name="overview"/> is how far the batch is after it was asked.</summary>
    public TakeReply Reply(BatchAnswer answer, BatchOverview overview)
    {
        var work = answer as BatchAnswer.Work ?? new BatchAnswer.Work([], []);
        return new TakeReply(work.Attempts, work.Stop, BatchPlace.Of(id, outputRoot, overview), overview.Phase is BatchPhase.Finishing or BatchPhase.Done);
    }

    /// <summary>The end of an attempt.</summary>
    public static BatchInput.Report Tell(AttemptReport report) => new(report.Attempt, report.ToOutcome()) { At = default };

    /// <summary>What the pool hears of it.</summary>
    public static ReportReply Heard(BatchAnswer? answer) => new(answer is BatchAnswer.Reported { Counted: true });

    /// <summary>
    /// The pool of this process is newer than every one that the journal knew before, whatever the clock says: it may have been set back since.
    /// </summary>
    private WorkerId Newest(WorkerId pool) => generationsBefore.TryGetValue(pool.Name, out var before) && before >= pool.Generation
        ? pool with { Generation = before + 1 }
        : pool;
}
