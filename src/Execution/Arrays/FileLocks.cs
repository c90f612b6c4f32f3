using Microsoft.Win32.SafeHandles;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Arrays;

/// <summary>Opens files under the operating system's lock.</summary>
internal static class FileLocks
{
    /// <summary>Opens <paramref name="path"/>, or says that another job has it.</summary>
    public static SafeFileHandle Open(string path, string name, FileAccess access, FileShare share, FileMode mode)
    {
        try
        {
            return File.OpenHandle(path, mode, access, share);
        }
        catch (IOException e) when (IsHeld(e))
        {
            throw new UsageException($"'{name}' is in use by another process. Wait until it is done, or end it; nothing was changed.");
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            throw LocalFile.Explain(e, name, access is FileAccess.Read ? "read" : "written");
        }
    }

    /// <summary>.NET tells a lock that is held by a plain IOException with the system's number.</summary>
    private static bool IsHeld(IOException e)
    {
        const int wouldBlock = 11;
        const int wouldBlockOnMac = 35;
        const int sharingViolation = unchecked((int)0x80070020);
        return e.HResult is wouldBlock or wouldBlockOnMac or sharingViolation;
    }
}
