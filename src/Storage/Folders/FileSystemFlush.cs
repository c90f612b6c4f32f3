using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Storage.Folders;

/// <summary>Writes everything that a file system holds in memory to its medium.</summary>
internal static partial class FileSystemFlush
{
    /// <summary>
    /// Flushes the file system of an open file. One call covers a group of new files, their renames and a log, where a
    /// flush of each file and each folder would wait for the medium as many times. Elsewhere than on Linux files are flushed
    /// as they are sealed.
    /// </summary>
    public static void Run(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux() && SyncFs(file) != 0)
        {
            throw new IOException($"The file system could not be flushed: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Has the kernel begin to write a part of an open file to its medium, and does not wait: so the flush of a large file finds little left, and
    /// writing it goes on beside its making. A hint: where there is no such call, and where it fails, nothing happens; the flush tells of every error.
    /// </summary>
    public static void Begin(SafeFileHandle file, long start, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(file, start, length, SyncFileRangeWrite);
        }
    }

    // SYNC_FILE_RANGE_WRITE of Linux: starts the writing of dirty pages that are not being written yet.
    private const uint SyncFileRangeWrite = 2;

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFs(SafeFileHandle file);
}
