using Orleans;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains.Running;

/// <summary>A batch's grain as a silo's runner sees it.</summary>
/// <param name="grains">Finds grains.</param>
/// <param name="id">The batch.</param>
public sealed class GrainWorkSource(IGrainFactory grains, string id) : IWorkSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly IBatchGrain _batch = grains.GetGrain<IBatchGrain>(id);

    /// <inheritdoc />
    public string Id => id;

    /// <inheritdoc />
    public async Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(() => _batch.Take(request), cancellationToken);
        return answer.Reply ?? throw new WorkUnavailableException(answer.Unavailable ?? "The batch does not say why.");
    }

    /// <inheritdoc />
    public async Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken)
    {
        var bounded = report.Failure is { } failure ? report with { Failure = failure with { Message = WireText.Bounded(failure.Message) } } : report;
        var answer = await AskAsync(() => _batch.Report(bounded), cancellationToken);
        return answer.Reply ?? throw new WorkUnavailableException(answer.Unavailable ?? "The batch does not say why.");
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().WaitAsync(Patience, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // A silo that dies, a gateway that hangs and a grain that moves throw a dozen types; each means: unknown, ask again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new WorkUnavailableException($"Batch {id} does not answer: {e.Message}", e);
        }
    }
}
