using System.Globalization;
using Orleans;
using OrleansClean.Grains;
using OrleansClean.Grains.Registry;

namespace OrleansClean.Silo.Running;

/// <summary>
/// How much work the cluster's open batches have, for whatever decides how many silos there are. Every silo tells the whole cluster's.
/// A batch that does not answer within <see cref="Patience"/> counts nothing: the number may be too low for a moment, never too high.
/// </summary>
internal sealed class QueuedWork(ClusterRegistry registry, IGrainFactory grains)
{
    /// <summary>Batches that are asked; more of them only add to a number that is large already.</summary>
    public const int BatchesMax = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Asks the open batches.</summary>
    public async Task<WorkAmount> CountAsync(CancellationToken cancellationToken)
    {
        var ids = await registry.ListOpenAsync(cancellationToken);
        var amounts = await Task.WhenAll(ids.Take(BatchesMax).Select(id => AskAsync(id, cancellationToken)));
        return new WorkAmount(ids.Count, amounts.Sum(amount => amount.Waiting), amounts.Sum(amount => amount.Running));
    }

    private async Task<WorkAmount> AskAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var status = await grains.GetGrain<IBatchGrain>(id).Status().WaitAsync(Patience, cancellationToken);
            return status.Overview is { } overview ? new WorkAmount(1, overview.Waiting + overview.PiecesWaiting, overview.Running + overview.PiecesRunning) : default;
        }
#pragma warning disable CA1031 // A grain that moves and a silo that dies throw a dozen types; each means that nothing is known now.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return default;
        }
    }
}

/// <summary>Open batches, and their files, and pieces of files, that wait and that are under way.</summary>
internal readonly record struct WorkAmount(int Batches, long Waiting, long Running)
{
    /// <summary>As JSON: <c>{"batches": 1, "waiting": 40, "running": 6}</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"batches": {{Batches}}, "waiting": {{Waiting}}, "running": {{Running}}}""");
}
