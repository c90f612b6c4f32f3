using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Storage.Folders;

/// <summary>
/// Logs in files. An append writes its first byte last: until then a zero stands in its place, and a log ends before its
/// first zero. So an append whose process was killed is not seen, and the next one at that position cuts it.
/// </summary>
internal sealed class FolderLogs(FolderRoot root, StoreLimits limits)
{
    public AppendResult Append(ObjectName name, long position, ReadOnlySpan<byte> bytes)
    {
        var path = root.PathOf(name);
        var found = FileIdentity.Of(path, follow: false);
        if (found is null && position != 0)
        {
            return new AppendResult.Refused(0);
        }

        if (found is { Kind: not FileKind.File })
        {
            throw new StorageException(StorageFault.NameRefused, $"{path} is no file, so nothing can be appended to it. Move it away.");
        }

        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        if (length != position)
        {
            var end = EndOf(file, position <= length ? position : 0);
            if (end != position)
            {
                return new AppendResult.Refused(end);
            }

            RandomAccess.SetLength(file, position);
        }

        try
        {
            RandomAccess.Write(file, bytes[1..], position + 1);
            RandomAccess.Write(file, bytes[..1], position);
            if (!OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(file);
            }
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            // A full disk. What is left of the append would only be cut by the next one.
            RandomAccess.SetLength(file, position);
            throw;
        }

        return new AppendResult.Appended(position + bytes.Length);
    }

    public ReadOnlyMemory<byte>? Read(ObjectName name, long position)
    {
        var path = root.PathOf(name);
        if (FileIdentity.Of(path) is not { Kind: FileKind.File })
        {
            return null;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[(int)Math.Clamp(RandomAccess.GetLength(file) - position, 0, limits.LogReadBytesMax)];
        var read = ReadFull(file, bytes, position);
        return bytes.AsMemory(0, LogText.WholeLines(bytes.AsSpan(0, read)));
    }

    /// <summary>Where the whole lines from <paramref name="position"/> on end.</summary>
    private static long EndOf(SafeFileHandle file, long position)
    {
        var block = new byte[1 << 16];
        var end = position;
        for (var at = position; ;)
        {
            var read = ReadFull(file, block, at);
            var part = block.AsSpan(0, read);
            var zero = part.IndexOf((byte)0);
            var last = (zero < 0 ? part : part[..zero]).LastIndexOf((byte)'\n');
            end = last < 0 ? end : at + last + 1;
            at += read;
            if (zero >= 0 || read < block.Length)
            {
                return end;
            }
        }
    }

    private static int ReadFull(SafeFileHandle file, Span<byte> bytes, long position)
    {
        var total = 0;
        while (total < bytes.Length && RandomAccess.Read(file, bytes[total..], position + total) is var read and > 0)
        {
            total += read;
        }

        return total;
    }
}
