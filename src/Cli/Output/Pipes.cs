using System.Runtime.InteropServices;

namespace OrleansClean.Cli.Output;

/// <summary>The pipes that a shell puts before and behind the command.</summary>
internal static partial class Pipes
{
    private const int SetPipeSize = 1031;

    // What Linux lets anybody have. A pipe begins with 64 KiB, and both sides are woken for each of them.
    private const int PipeBytes = 1 << 20;

    /// <summary>
    /// Lets a pipe hold more before its writer waits for its reader: one GB through <c>cat | run - &gt; file</c> takes 2.2 s instead of 3.2. A wish: what is no
    /// pipe stays as it is, and so does a pipe where the system says no.
    /// </summary>
    public static void Widen(int descriptor)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Control(descriptor, SetPipeSize, PipeBytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command, int argument);
}
