using Orleans;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Registry;
using OrleansClean.Storage;

namespace OrleansClean.Grains.Running;

/// <summary>The cluster's open batches as a silo's runner finds them: by reading the store, so that nobody has to tell it.</summary>
/// <param name="registry">The cluster's batches.</param>
/// <param name="grains">Finds grains.</param>
public sealed class OpenGrainBatches(ClusterRegistry registry, IGrainFactory grains) : IOpenBatches
{
    /// <inheritdoc />
    public async Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await registry.ListOpenAsync(cancellationToken)).Select(id => new GrainWorkSource(grains, id))];
        }
        catch (StorageException e)
        {
            throw new WorkUnavailableException($"The open batches cannot be listed: {e.Message}", e);
        }
    }
}
