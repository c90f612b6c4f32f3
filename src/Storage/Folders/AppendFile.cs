namespace OrleansClean.Storage.Folders;

/// <summary>A log that one process writes and nobody fences. What was appended survives the process.</summary>
public interface IAppendLog : IAsyncDisposable
{
    /// <summary>Where the next append begins.</summary>
    long Length { get; }

    /// <summary>Appends <paramref name="bytes"/> as one write.</summary>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}

/// <summary>A log in a file; each append is one write to the kernel.</summary>
internal sealed class AppendFile(FileStream file, string path) : IAppendLog
{
    public long Length { get; private set; } = file.Length;

    public static AppendFile Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            BufferSize = FolderRoot.Unbuffered,
        });
        CutTornLine(file);
        return new AppendFile(file, path);
    }

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            file.Write(bytes.Span);
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            throw FolderErrors.Of(e, path, "written");
        }

        Length += bytes.Length;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    /// <summary>Cuts what follows the last line end: a process was killed while it wrote.</summary>
    private static void CutTornLine(FileStream file)
    {
        Span<byte> block = stackalloc byte[4096];
        var end = file.Length;
        while (end > 0)
        {
            var start = Math.Max(0, end - block.Length);
            file.Position = start;
            var part = block[..(int)(end - start)];
            file.ReadExactly(part);
            var newline = part.LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                end = start + newline + 1;
                break;
            }

            end = start;
        }

        file.SetLength(end);
        file.Position = end;
    }
}
