namespace OrleansClean.Storage;

/// <summary>
/// A write in the making. Disposed before it is sealed it is given up; sealed it waits for its commit, also beyond the
/// life of this process.
/// </summary>
public interface IStaging : IAsyncDisposable
{
    /// <summary>The name that it will have.</summary>
    ObjectName Name { get; }

    /// <summary>Takes the content; not to be disposed by the caller. May not be used after <see cref="SealAsync"/>.</summary>
    Stream Content { get; }

    /// <summary>Ends the content and returns what any process needs to commit it.</summary>
    ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken);
}
