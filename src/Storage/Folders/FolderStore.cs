using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansClean.Storage.Folders;

/// <summary>
/// Objects as files below a folder. Writes are staged in <c>ROOT/.orleansclean/staging</c>, which is on the same file
/// system, and become visible by one rename. A killed process loses nothing that it committed, and what it staged is
/// removed by <see cref="RemoveStaged"/> of the next run. Preconditions are checked right before the rename: of the
/// writers that hold the root's lock exactly one wins; a stranger who ignores the lock may slip in between.
/// </summary>
public sealed class FolderStore : IObjectStore
{
    /// <summary>The folder below the root that holds state; it is never listed.</summary>
    public const string StateFolderName = ".orleansclean";

    private const int Unbuffered = 1;

    private readonly ConcurrentDictionary<string, ulong> _openedFolders = new(StringComparer.Ordinal);
    private readonly string _staging;
    private long _operations;
    private long _staged;

    /// <summary>The store over <paramref name="root"/>, which is created with the first write.</summary>
    public FolderStore(string root)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        _staging = Path.Combine(Root, StateFolderName, "staging");
    }

    /// <summary>The root, a full path.</summary>
    public string Root { get; }

    /// <inheritdoc />
    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>The full path of an object.</summary>
    public string PathOf(ObjectName name) => Path.Combine(Root, name.Value.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Removes what dead processes staged. Only for the holder of the root's lock.</summary>
    public void RemoveStaged()
    {
        if (Directory.Exists(_staging))
        {
            foreach (var path in Directory.EnumerateFiles(_staging))
            {
                Discard(path);
            }
        }
    }

    /// <inheritdoc />
    public ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken)
    {
        var walk = new FolderWalk(Root, scope, StateFolderName);
        var listing = walk.Run(cancellationToken);
        Interlocked.Add(ref _operations, walk.Operations);
        return ValueTask.FromResult(listing);
    }

    /// <inheritdoc />
    public ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _operations);
        var found = FileIdentity.Of(PathOf(name));
        return ValueTask.FromResult(found is { Kind: FileKind.File } file ? new StoredObject(name, file.Bytes, file.ETag) : null);
    }

    /// <inheritdoc />
    public ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _operations);
        var path = PathOf(name);

        // Before it is opened, because opening a pipe that took the file's place would wait for ever.
        PinnedStream.Check(FileIdentity.Of(path)?.ETag, path, etag);
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = Unbuffered,
                Options = FileOptions.SequentialScan,
            });
            PinnedStream.Check(FileIdentity.Of(file.SafeFileHandle, path)?.ETag, path, etag);
            return ValueTask.FromResult<Stream>(new PinnedStream(file, path, etag));
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "read");
        }
    }

    /// <inheritdoc />
    public ValueTask<IStagedObject> StageAsync(ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _operations);
        var path = PathOf(name);
        var number = Interlocked.Increment(ref _staged);
        var stagedPath = Path.Combine(_staging, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{number}.partial"));
        try
        {
            OpenFolders(name);
            CreateStaging();
            var file = new FileStream(stagedPath, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = Unbuffered,
            });
            return ValueTask.FromResult<IStagedObject>(new StagedFile(this, name, stagedPath, file));
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "written");
        }
    }

    /// <inheritdoc />
    public ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _operations);
        var path = PathOf(name);
        var found = FileIdentity.Of(path);
        if (found is null)
        {
            return ValueTask.FromResult(true);
        }

        if (found.Value.ETag != etag)
        {
            return ValueTask.FromResult(false);
        }

        try
        {
            OpenFolders(name);
            File.Delete(path);
            return ValueTask.FromResult(true);
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "deleted");
        }
    }

    /// <inheritdoc />
    public ValueTask<IAppendLog> OpenLogAsync(ObjectName name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _operations);
        var path = PathOf(name);
        try
        {
            OpenFolders(name);
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                BufferSize = Unbuffered,
            });
            AppendFile.CutTornLine(file);
            return ValueTask.FromResult<IAppendLog>(new AppendFile(file, path));
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "written");
        }
    }

    /// <summary>Renames a staged file into place if the precondition holds.</summary>
    internal void Publish(string stagedPath, ObjectName name, Precondition precondition)
    {
        Interlocked.Increment(ref _operations);
        var path = PathOf(name);
        var found = FileIdentity.Of(path, follow: false);
        if (found?.Kind is FileKind.Folder)
        {
            throw new StorageException(StorageFault.Conflict, $"{path} cannot be written: a folder has that name. Move it away, or write somewhere else.");
        }

        // A link is replaced, never followed; it counts as the content that it shows.
        var shown = found?.Kind is FileKind.Link ? FileIdentity.Of(path)?.ETag : found?.ETag;
        if (shown != precondition.Expected)
        {
            throw new StorageException(
                StorageFault.Conflict,
                $"{path} was {(shown is null ? "removed" : precondition.Expected is null ? "created" : "changed")} by someone else while it was being written anew. Nothing was replaced; run the same command again.");
        }

        try
        {
            File.Move(stagedPath, path, overwrite: precondition.Expected is not null || found?.Kind is FileKind.Link);
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "written");
        }
    }

    /// <summary>Removes a staged file. A failure is left to the next run's <see cref="RemoveStaged"/>.</summary>
    internal static void Discard(string stagedPath)
    {
        try
        {
            File.Delete(stagedPath);
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            // Nobody sees the file, and the caller has a more important failure to tell.
        }
    }

    /// <summary>Creates the folders of <paramref name="name"/> and makes sure that no link among them leaves the root.</summary>
    private void OpenFolders(ObjectName name)
    {
        var folder = Path.GetDirectoryName(PathOf(name))!;
        if (_openedFolders.ContainsKey(folder))
        {
            return;
        }

        Directory.CreateDirectory(Root);
        var realRoot = RealPath.Of(Root) ?? Root;
        if (RealPath.Of(folder) is not { } real || !RealPath.IsInside(realRoot, real))
        {
            throw new StorageException(
                StorageFault.NameRefused,
                $"{ObjectName.Show(folder)} leads out of {Root} by a link. Remove the link, or write to its target by name.");
        }

        Directory.CreateDirectory(folder);
        var device = FileIdentity.Of(folder)?.Device ?? 0;
        if (device != (FileIdentity.Of(Root)?.Device ?? 0))
        {
            // A rename across file systems is a copy, and a copy can be seen half done.
            throw new StorageException(
                StorageFault.NameRefused,
                $"{folder} is on another file system than {Root}. Make it the output root of its own (write: or --out).");
        }

        _openedFolders[folder] = device;
    }

    private void CreateStaging()
    {
        if (_openedFolders.ContainsKey(_staging))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_staging);
        }
        else
        {
            // Half-written data is nobody else's business; once renamed a file has the permissions of any other.
            Directory.CreateDirectory(Path.GetDirectoryName(_staging)!);
            Directory.CreateDirectory(_staging, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _openedFolders[_staging] = 0;
    }
}
