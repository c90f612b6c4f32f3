using Microsoft.Win32.SafeHandles;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// An open <c>.npy</c> file under a lock of the operating system, which ends with its process however that ends: many jobs may read one
/// array, or one may change it.
/// </summary>
internal sealed class ArrayFile : IElementSource, IDisposable
{
    private readonly string _path;
    private readonly ETag? _tag;

    private ArrayFile(string path, string name, SafeFileHandle handle)
    {
        _path = path;
        Name = name;
        Handle = handle;
        _tag = LocalFile.TagOf(handle, path);
        var bytes = RandomAccess.GetLength(handle);
        var head = new byte[(int)Math.Min(bytes, NpyHeader.PreludeBytes + NpyHeader.HeaderBytesMax)];
        head = head[..ReadFully(0, head)];
        Header = NpyHeader.Read(new MemoryStream(head), name);
        Header.Check(bytes, name);
    }

    public string Name { get; }

    public NpyHeader Header { get; }

    public SafeFileHandle Handle { get; }

    /// <summary>Which file it is, whatever is written into it.</summary>
    public string Key => LocalFile.KeyOf(Handle, _path);

    /// <summary>Which content it has.</summary>
    public ETag Tag => LocalFile.TagOf(Handle, _path) ?? throw Missing();

    /// <summary>Opens the array at <paramref name="path"/> to read it, or with <paramref name="toChange"/> to change it, which nobody else may do meanwhile.</summary>
    public static ArrayFile Open(string path, string name, bool toChange)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"'{name}' is a folder. Name one .npy file of it.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"There is no array '{name}'.");
        }

        if (RegularFile.LengthOf(path) is null)
        {
            throw new UsageException($"'{name}' is a pipe, socket or device. Arrays are read at many places at once: save it to a file first and name the file.");
        }

        var handle = FileLocks.Open(path, name, toChange ? FileAccess.ReadWrite : FileAccess.Read, toChange ? FileShare.None : FileShare.Read, FileMode.Open);
        try
        {
            return new ArrayFile(path, name, handle);
        }
        catch (Exception)
        {
            handle.Dispose();
            throw;
        }
    }

    public void Read(long index, Span<byte> block)
    {
        if (ReadFully(Header.Bytes.Length + (index * Header.Element.Bytes()), block) < block.Length)
        {
            throw Changed();
        }
    }

    /// <summary>Throws if anyone has written the file since it was opened.</summary>
    public void CheckUnchanged()
    {
        if (LocalFile.TagOf(Handle, _path) != _tag || LocalFile.TagOf(_path) != _tag)
        {
            throw Changed();
        }
    }

    public FileFailedException Changed() =>
        new(ProblemCodes.InputChanged, $"{Name} was changed by someone else while it was being worked on. Run the same command again when it is at rest.");

    public void Dispose() => Handle.Dispose();

    private StorageException Missing() => new(StorageFault.Missing, $"{Name} is not there any more.");

    private int ReadFully(long position, Span<byte> bytes)
    {
        try
        {
            var total = 0;
            while (total < bytes.Length && RandomAccess.Read(Handle, bytes[total..], position + total) is var read and > 0)
            {
                total += read;
            }

            return total;
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            throw LocalFile.Explain(e, Name, "read");
        }
    }
}
