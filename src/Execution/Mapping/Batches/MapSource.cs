using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>The one map that this process coordinates, as its worker pool sees it.</summary>
internal sealed class MapSource(string id, string outputRoot, BatchCoordinator coordinator) : IWorkSource, IOpenBatches
{
    private readonly CoordinatedWork _work = new(id, outputRoot, coordinator.Generations);

    /// <inheritdoc />
    public string Id => id;

    /// <inheritdoc />
    public Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<IWorkSource>>(coordinator.Completion.IsCompleted ? [] : [this]);

    /// <inheritdoc />
    public async Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken) =>
        _work.Reply(await AskAsync(_work.Ask(request), cancellationToken), coordinator.Overview);

    /// <inheritdoc />
    public async Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken) =>
        CoordinatedWork.Heard(await AskAsync(CoordinatedWork.Tell(report), cancellationToken));

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
