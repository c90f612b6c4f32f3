using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>The one map that this process coordinates, as its worker pool sees it.</summary>
internal sealed class MapSource(string id, string outputRoot, BatchCoordinator coordinator) : IWorkSource, IOpenBatches
{
    /// <inheritdoc />
    public string Id => id;

    /// <inheritdoc />
    public Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IWorkSource>>(coordinator.Completion.IsCompleted ? [] : [this]);

    /// <inheritdoc />
    public async Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        var take = new BatchInput.Take(request.Worker, request.Sequence, request.FreeSlots, request.Held) { At = default };
        var work = await AskAsync(take, cancellationToken) as BatchAnswer.Work ?? new BatchAnswer.Work([], []);
        var overview = coordinator.Overview;
        var place = overview is { Body: { } body, Listing: { } listing } ? new BatchPlace(id, outputRoot, body, listing) : null;
        return new TakeReply(work.Attempts, work.Stop, place, overview.Phase is BatchPhase.Finishing or BatchPhase.Done);
    }

    /// <inheritdoc />
    public async Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken) =>
        new(await AskAsync(new BatchInput.Report(report.Attempt, report.ToOutcome()) { At = default }, cancellationToken)
            is BatchAnswer.Reported { Counted: true });

    private async Task<BatchAnswer> AskAsync(BatchInput input, CancellationToken cancellationToken)
    {
        try
        {
            return await coordinator.SendAsync(input, cancellationToken);
        }
        catch (Exception e) when (e is FencedException or StorageException)
        {
            throw new WorkUnavailableException($"The map {id} does not answer: {e.Message}", e);
        }
    }
}
