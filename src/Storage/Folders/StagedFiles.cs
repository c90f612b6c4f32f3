using System.Security.Cryptography;

namespace OrleansClean.Storage.Folders;

/// <summary>
/// Files that wait in <c>.orleansclean/staging</c> to be renamed into place. A file's name begins with its stage and ends with a
/// number of chance, so nothing that is staged later can be taken for it; its tag is known when it is sealed.
/// </summary>
internal sealed class StagedFiles(FolderRoot root)
{
    private const string Extension = ".partial";
    private const int NonceLength = 16;

    private readonly string _folder = root.StatePathOf("staging");

    public FileStream Create(StageId stage, out string nonce)
    {
        root.OpenPrivate(_folder);
        nonce = RandomNumberGenerator.GetHexString(NonceLength, lowercase: true);
        return new FileStream(PathOf(stage, nonce), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.Read,
            BufferSize = FolderRoot.Unbuffered,
        });
    }

    /// <summary>
    /// Opens a file that was not sealed, cut to <paramref name="bytes"/> and standing at its end; null if there is none that nobody else has open. (A writer shares its
    /// file with readers, so that asking for it alone tells whether its process or thread is alive.)
    /// </summary>
    public FileStream? Reopen(StageId stage, string nonce, long bytes, Action<ReadOnlySpan<byte>> see, CancellationToken cancellationToken)
    {
        var path = PathOf(stage, nonce);
        if (!IsNonce(nonce) || !File.Exists(path))
        {
            return null;
        }

        FileStream file;
        try
        {
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = FolderRoot.Unbuffered,
            });
        }
        catch (IOException)
        {
            return null;
        }

        try
        {
            if (file.Length < bytes)
            {
                file.Dispose();
                return null;
            }

            file.SetLength(bytes);
            var chunk = new byte[256 << 10];
            for (var length = file.Read(chunk); length > 0; length = file.Read(chunk))
            {
                cancellationToken.ThrowIfCancellationRequested();
                see(chunk.AsSpan(0, length));
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public string PathOf(StageId stage, string nonce) => Path.Combine(_folder, $"{stage}-{nonce}{Extension}");

    /// <summary>The path of what a reference names; null if it names none of this folder.</summary>
    public string? Find(StagedReference staged) =>
        IsNonce(staged.Content) ? PathOf(staged.Stage, staged.Content) : null;

    /// <summary>Copies what was sealed. Throws <see cref="FileNotFoundException"/> if it is not there any more.</summary>
    public void CopyTo(StagedReference staged, Stream destination, CancellationToken cancellationToken)
    {
        var path = Find(staged);
        if (path is null || FileIdentity.Of(path, follow: false)?.ETag is not { } etag || etag != staged.ETag)
        {
            throw new FileNotFoundException(null, path);
        }

        using var file = new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = FolderRoot.Unbuffered,
            Options = FileOptions.SequentialScan,
        });
        var chunk = new byte[1 << 20];
        for (var length = file.Read(chunk); length > 0; length = file.Read(chunk))
        {
            cancellationToken.ThrowIfCancellationRequested();
            destination.Write(chunk, 0, length);
        }
    }

    private static bool IsNonce(string text) => text.Length == NonceLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Ends a file: from now on its tag is that of the object that it will be.</summary>
    public static ETag Seal(FileStream file)
    {
        // The kernel's own time moves in steps of milliseconds and inodes come again: a document that is written three times
        // in one step could get its first tag back.
        File.SetLastWriteTimeUtc(file.SafeFileHandle, FileTimes.Next());
        if (!OperatingSystem.IsLinux())
        {
            // There is no call that flushes a whole file system, so each file is flushed at once.
            file.Flush(flushToDisk: true);
        }

        var identity = FileIdentity.Of(file.SafeFileHandle, file.Name);
        file.Dispose();
        return identity?.ETag ?? throw new FileNotFoundException(null, file.Name);
    }

    public void Discard(StagedReference staged)
    {
        if (Find(staged) is { } path)
        {
            Discard(path);
        }
    }

    public int Sweep(Func<StageId, bool> isFinished)
    {
        if (!Directory.Exists(_folder))
        {
            return 0;
        }

        var removed = 0;
        foreach (var path in Directory.EnumerateFiles(_folder))
        {
            var name = Path.GetFileName(path.AsSpan());
            if (name.Length > StageId.TextLength && StageId.TryParse(name[..StageId.TextLength], out var stage) && isFinished(stage))
            {
                Discard(path);
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Removes a staged file. A failure is left to the next sweep.</summary>
    public static void Discard(string stagedPath)
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
}

/// <summary>Times of modification, no two of them alike in this process.</summary>
internal static class FileTimes
{
    private static long _last;

    public static DateTime Next()
    {
        var seen = Interlocked.Read(ref _last);
        while (true)
        {
            var next = Math.Max(DateTime.UtcNow.Ticks, seen + 1);
            var before = Interlocked.CompareExchange(ref _last, next, seen);
            if (before == seen)
            {
                return new DateTime(next, DateTimeKind.Utc);
            }

            seen = before;
        }
    }
}
