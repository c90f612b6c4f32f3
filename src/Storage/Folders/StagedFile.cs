namespace OrleansClean.Storage.Folders;

/// <summary>A file in the staging folder that becomes an object by one rename.</summary>
internal sealed class StagedFile : IStagedObject
{
    private readonly FolderStore _store;
    private readonly string _stagedPath;
    private readonly FileStream _file;
    private bool _isCommitted;

    public StagedFile(FolderStore store, ObjectName name, string stagedPath, FileStream file)
    {
        _store = store;
        _stagedPath = stagedPath;
        _file = file;
        Name = name;
        Content = new NamedErrorStream(file, store.PathOf(name));
    }

    public ObjectName Name { get; }

    public Stream Content { get; }

    public ValueTask<ETag> SealAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            _file.Flush();
            var identity = FileIdentity.Of(_file.SafeFileHandle, _stagedPath);
            _file.Dispose();
            return ValueTask.FromResult(identity?.ETag ?? throw new FileNotFoundException());
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, _store.PathOf(Name), "written");
        }
    }

    public ValueTask CommitAsync(Precondition precondition, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _store.Publish(_stagedPath, Name, precondition);
        _isCommitted = true;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        if (!_isCommitted)
        {
            FolderStore.Discard(_stagedPath);
        }

        return ValueTask.CompletedTask;
    }
}
