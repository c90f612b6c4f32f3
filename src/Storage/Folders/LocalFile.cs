using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Storage.Folders;

/// <summary>
/// What a local file needs that is written at many places at once, or where it stands: facts and care that .NET does not offer. Such a
/// file is no object of a store: it is not replaced as a whole.
/// </summary>
public static partial class LocalFile
{
    private const int NotSupported = 95;
    private const int NotImplemented = 38;
    private const int CloseOnExec = 0x80000;
    private const int KeepSize = 1;
    private const int PopulateWrite = 23;
    private const int BadAddress = 14;
    private const int PoisonedPage = 133;

    /// <summary>The tag of the file at <paramref name="path"/>, behind any links; null if there is none. It changes with every write.</summary>
    public static ETag? TagOf(string path) => FileIdentity.Of(path)?.ETag;

    /// <summary>The tag of an open file.</summary>
    public static ETag? TagOf(SafeFileHandle file, string path) => FileIdentity.Of(file, path)?.ETag;

    /// <summary>
    /// Which file it is, whatever is written into it: device and inode, and its size. Where the system tells neither, its size alone.
    /// </summary>
    public static string KeyOf(SafeFileHandle file, string path) =>
        FileIdentity.Of(file, path) is { } found
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{found.Device}-{found.Inode}-{found.Bytes}")
            : throw new StorageException(StorageFault.Missing, $"{ObjectName.Show(path)} is not there any more.");

    /// <summary>Where <paramref name="path"/> leads, all links followed; null if they go in a circle.</summary>
    public static string? RealPathOf(string path) => RealPath.Of(path);

    /// <summary>
    /// Makes sure that a part of a file has its place on the medium, holes included: writing it through a memory map cannot run out of space
    /// then, which would end the process. Where the file system cannot promise that, nothing happens.
    /// </summary>
    public static void Reserve(SafeFileHandle file, long offset, long bytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || bytes == 0 || Allocate(file, KeepSize, offset, bytes) == 0)
        {
            return;
        }

        var error = Marshal.GetLastPInvokeError();
        if (error is not (NotSupported or NotImplemented))
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage(), error);
        }
    }

    /// <summary>
    /// Makes the pages of a memory map ready to be written, all at once: page by page, as they are touched, costs several times as much. False
    /// if they cannot be written, because the file was cut short or its place is gone: touching them would end the process. Where the system
    /// cannot say, nothing happens.
    /// </summary>
    public static unsafe bool Populate(byte* begin, long bytes)
    {
        if (!OperatingSystem.IsLinux() || Advise(begin, (nuint)bytes, PopulateWrite) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is not (BadAddress or PoisonedPage);
    }

    /// <summary>Writes the names in <paramref name="folder"/> to the medium: a new file's name and a rename are not lost with the power.</summary>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = Open(folder, CloseOnExec);
        if (handle.IsInvalid || Flush(handle) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>True for what <see cref="Explain"/> can name.</summary>
    public static bool Knows(Exception exception) => FolderErrors.Knows(exception);

    /// <summary>The sentence for what the file system threw; <paramref name="action"/> completes "cannot be …".</summary>
    public static StorageException Explain(Exception exception, string path, string action) => FolderErrors.Of(exception, path, action);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long bytes);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Advise(byte* begin, nuint bytes, int advice);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(SafeFileHandle file);
}
