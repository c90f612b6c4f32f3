namespace OrleansClean.Storage.Folders;

/// <summary>
/// Objects as files below a folder. Writes are staged in <c>ROOT/.orleansclean/staging</c>, which is on the same file
/// system, and become visible by one rename. A killed process loses nothing that it committed. Preconditions are checked
/// right before the rename, under a lock that all users of this store respect, in this process and in others: of them exactly
/// one wins. A stranger who knows nothing of the lock may slip in between check and rename, but never where the
/// precondition is that there is nothing.
/// <para>
/// A tag is size, modification time and inode, so it is known when content is sealed, and a commit that was done
/// before is recognised by the tag of what stands there: nothing is written beside the object.
/// </para>
/// </summary>
public sealed class FolderStore : IObjectStore
{
    /// <summary>The folder below the root that holds state; it is listed only by its name.</summary>
    public const string StateFolderName = ".orleansclean";

    private const int ReadTriesMax = 100;

    private readonly FolderRoot _root;
    private readonly StagedFiles _staged;
    private readonly FolderPublisher _publisher;
    private readonly FolderLogs _logs;
    private readonly NameLocks _locks;
    private long _operations;

    /// <summary>The store over <paramref name="root"/>, which is created with the first write.</summary>
    public FolderStore(string root)
        : this(root, TimeSpan.FromSeconds(10))
    {
    }

    /// <summary>The store with another bound on waiting for a process that is frozen in mid-write.</summary>
    internal FolderStore(string root, TimeSpan lockWaitMax)
    {
        _root = new FolderRoot(root);
        _staged = new StagedFiles(_root);
        _publisher = new FolderPublisher(_root, _staged);
        _logs = new FolderLogs(_root, Limits);
        _locks = new NameLocks(_root, lockWaitMax);
    }

    /// <summary>The root, a full path.</summary>
    public string Root => _root.Path;

    /// <inheritdoc />
    public long Operations => Interlocked.Read(ref _operations);

    /// <inheritdoc />
    public StoreLimits Limits => StoreLimits.Default;

    /// <summary>The full path of an object.</summary>
    public string PathOf(ObjectName name) => _root.PathOf(name);

    /// <inheritdoc />
    public string Locate(ObjectName name) => ObjectName.Show(PathOf(name));

    /// <inheritdoc />
    public ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken)
    {
        var walk = new FolderWalk(Root, scope);
        var listing = walk.Run(cancellationToken);
        Interlocked.Add(ref _operations, walk.Operations);
        return ValueTask.FromResult(listing);
    }

    /// <inheritdoc />
    public ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        var found = FileIdentity.Of(PathOf(name));
        return ValueTask.FromResult(found is { Kind: FileKind.File } file ? new StoredObject(name, file.Bytes, file.ETag) : null);
    }

    /// <inheritdoc />
    public ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
        OpenReadAsync(name, etag, new ByteRange(0, long.MaxValue), cancellationToken);

    /// <inheritdoc />
    public ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        var path = PathOf(name);

        // Before it is opened, because opening a pipe that took the file's place would wait for ever.
        PinnedStream.Check(FileIdentity.Of(path)?.ETag, path, etag);
        return Try(name, "read", () =>
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = FolderRoot.Unbuffered,
                Options = FileOptions.SequentialScan,
            });
            PinnedStream.Check(FileIdentity.Of(file.SafeFileHandle, path)?.ETag, path, etag);
            file.Position = range.Start;
            var end = range.Length > long.MaxValue - range.Start ? long.MaxValue : range.Start + range.Length;
            return ValueTask.FromResult<Stream>(new PinnedStream(file, path, etag, end));
        });
    }

    /// <inheritdoc />
    public ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return Try(name, "written", () =>
        {
            _root.OpenFolders(name);
            var file = _staged.Create(stage, out var nonce);
            return ValueTask.FromResult<IStaging>(new StagedFile(name, PathOf(name), stage, nonce, file));
        });
    }

    /// <inheritdoc />
    public ValueTask<IStaging?> ReopenAsync(
        ObjectName name, StageId stage, string handle, long bytes, Action<ReadOnlySpan<byte>> see, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(see);
        Begin(cancellationToken);
        return Try(name, "read", () =>
        {
            var file = _staged.Reopen(stage, handle, bytes, see, cancellationToken);
            return ValueTask.FromResult<IStaging?>(file is null ? null : new StagedFile(name, PathOf(name), stage, handle, file));
        });
    }

    /// <inheritdoc />
    public ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return Write(staged.Name, () => _publisher.Commit(staged, precondition));
    }

    /// <inheritdoc />
    public async ValueTask<StagedReference> JoinAsync(IReadOnlyList<StagedReference> pieces, StageId stage, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        await using var joined = await StageAsync(pieces[0].Name, stage, cancellationToken);
        foreach (var piece in pieces)
        {
            Try(piece.Name, "put together", () =>
            {
                _staged.CopyTo(piece, joined.Content, cancellationToken);
                return true;
            });
        }

        return await joined.SealAsync(cancellationToken);
    }

    /// <inheritdoc />
    public ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        _staged.Discard(staged);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(isFinished);
        Begin(cancellationToken);
        return ValueTask.FromResult(_staged.Sweep(isFinished));
    }

    /// <inheritdoc />
    public ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return FileIdentity.Of(PathOf(name)) is null
            ? ValueTask.FromResult(true)
            : Write(name, () => _publisher.Delete(name, etag), "deleted");
    }

    /// <inheritdoc />
    public async ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken)
    {
        // A document is replaced by rename, so what was opened is whole; a stranger's edit in place is told by the tag.
        for (var tries = 1; await FindAsync(name, cancellationToken) is { } found; tries++)
        {
            Limits.CheckDocument(name, (int)Math.Min(found.Bytes, int.MaxValue));
            try
            {
                var content = new byte[found.Bytes];
                await using var stream = await OpenReadAsync(name, found.ETag, cancellationToken);
                await stream.ReadExactlyAsync(content, cancellationToken);
                return new StoredDocument(content, found.ETag);
            }
            catch (StorageException e) when (e.Fault is StorageFault.Changed or StorageFault.Missing && tries < ReadTriesMax)
            {
                // It was replaced between the look and the read.
            }
        }

        return null;
    }

    /// <inheritdoc />
    public ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        Limits.CheckDocument(name, content.Length);
        return Write(name, () => _publisher.Write(name, content.Span, precondition));
    }

    /// <inheritdoc />
    public ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        Limits.CheckAppend(name, bytes.Span);
        return Write(name, () => _logs.Append(name, position, bytes.Span));
    }

    /// <inheritdoc />
    public ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        return Try(name, "read", () => ValueTask.FromResult(_logs.Read(name, position)));
    }

    /// <inheritdoc />
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Begin(cancellationToken);
        try
        {
            if (Directory.Exists(Root))
            {
                using var file = _locks.OpenAny();
                FileSystemFlush.Run(file);
            }

            return ValueTask.CompletedTask;
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, Root, "flushed");
        }
    }

    private void Begin(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _operations);
    }

    private ValueTask<T> Write<T>(ObjectName name, Func<T> write, string action = "written") => Try(name, action, () =>
    {
        _root.OpenFolders(name);
        return ValueTask.FromResult(_locks.Hold(name, write));
    });

    private T Try<T>(ObjectName name, string action, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            // A folder that was there may have been removed: the next call creates it again.
            _root.Forget();
            throw FolderErrors.Of(e, PathOf(name), action);
        }
    }
}
