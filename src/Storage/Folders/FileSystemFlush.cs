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

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFs(SafeFileHandle file);
}
