using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Execution.Mapping.Workers;

/// <summary>
/// The pipes to the host, taken away from the function: it may print and read what it likes. On Linux this holds for whatever writes to the
/// file descriptors, and for the processes that the function starts; elsewhere for <see cref="Console"/> only.
/// </summary>
internal static partial class WorkerPipes
{
    private const int DuplicateCloseOnExec = 1030;
    private const int FirstFree = 10;

    /// <summary>The pipe from the host and the one to it. Call it once, before anything is printed.</summary>
    public static (Stream Input, Stream Output) Take()
    {
        var pipes = OperatingSystem.IsLinux() ? TakeDescriptors() : (Console.OpenStandardInput(), Console.OpenStandardOutput());
        Console.SetOut(Console.Error);
        Console.SetIn(TextReader.Null);
        return pipes;
    }

    private static (Stream Input, Stream Output) TakeDescriptors()
    {
        var input = Duplicate(0);
        var output = Duplicate(1);
        using var nothing = File.OpenHandle("/dev/null");
        Replace((int)nothing.DangerousGetHandle(), 0);
        Replace(2, 1);
        return (Open(input, FileAccess.Read), Open(output, FileAccess.Write));
    }

    // A function may start processes: they must not hold the pipes open when this one is gone.
    private static int Duplicate(int descriptor) => Control(descriptor, DuplicateCloseOnExec, FirstFree) is var copy and >= 0
        ? copy
        : throw new IOException($"A worker process cannot take its pipe: error {Marshal.GetLastPInvokeError()}.");

    private static void Replace(int from, int to)
    {
        if (DuplicateTo(from, to) < 0)
        {
            throw new IOException($"A worker process cannot give its function a console: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static FileStream Open(int descriptor, FileAccess access) => new(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int DuplicateTo(int from, int to);
}
