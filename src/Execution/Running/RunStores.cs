using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>The stores of a run: those of the machine, with whatever stands between the run and its outputs.</summary>
internal sealed class RunStores(IStoreDirectory stores, string outputRoot, Func<IObjectStore, IObjectStore> wrap) : IStoreDirectory
{
    private readonly Lazy<IObjectStore> _output = new(() => wrap(stores.Open(outputRoot)));

    /// <inheritdoc />
    public IObjectStore Open(string name) => string.Equals(name, outputRoot, StringComparison.Ordinal) ? _output.Value : stores.Open(name);
}
