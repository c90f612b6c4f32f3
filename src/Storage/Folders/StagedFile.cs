namespace OrleansClean.Storage.Folders;

/// <summary>A file in the staging folder that becomes an object by one rename.</summary>
internal sealed class StagedFile : IStaging
{
    private readonly StageId _stage;
    private readonly string _nonce;
    private readonly FileStream _file;
    private readonly string _path;
    private bool _isSealed;
    private bool _isLeft;

    public StagedFile(ObjectName name, string path, StageId stage, string nonce, FileStream file)
    {
        _stage = stage;
        _nonce = nonce;
        _file = file;
        _path = path;
        Name = name;
        Content = new StagedStream(file, path);
    }

    public ObjectName Name { get; }

    public string Handle => _nonce;

    public Stream Content { get; }

    public void Leave() => _isLeft = true;

    public ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var bytes = _file.Length;
            var etag = StagedFiles.Seal(_file);
            _isSealed = true;
            return ValueTask.FromResult(new StagedReference(Name, _stage, bytes, _nonce, etag));
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, _path, "written");
        }
    }

    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        if (!_isSealed && !_isLeft)
        {
            StagedFiles.Discard(_file.Name);
        }

        return ValueTask.CompletedTask;
    }
}
