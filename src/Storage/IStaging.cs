namespace OrleansClean.Storage;

/// <summary>
/// A write in the making. Disposed before it is sealed it is given up; sealed it waits for its commit, also beyond the
/// life of this process.
/// </summary>
public interface IStaging : IAsyncDisposable
{
    /// <summary>The name that it will have.</summary>
    ObjectName Name { get; }

    /// <summary>
    /// What <see cref="IObjectStore.ReopenAsync"/> needs to find the content again before it is sealed: letters and digits. Null where the medium
    /// cannot do that.
    /// </summary>
    string? Handle => null;

    /// <summary>Disposed after this without being sealed, the content stays until it is opened again or swept.</summary>
    void Leave()
    {
    }

    /// <summary>Takes the content; not to be disposed by the caller. May not be used after <see cref="SealAsync"/>.</summary>
    Stream Content { get; }

    /// <summary>Ends the content and returns what any process needs to commit it.</summary>
    ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken);
}
