using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Cli.Output;

/// <summary>Standard output as bytes.</summary>
internal static class StandardOutput
{
    private const int BrokenPipe = 32;
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsNoData = unchecked((int)0x800700E8);

    /// <summary>
    /// Opens it. The console's own stream swallows the news that a pipe has no reader any more, and the work would go on for nobody; so a
    /// pipe is opened as such. A file is not: it may be shared with standard error, at one position.
    /// </summary>
    public static Stream Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.OpenStandardOutput();
        }

        var file = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!file.CanSeek)
        {
            Pipes.Widen(1);
            return file;
        }

        file.Dispose();
        return Console.OpenStandardOutput();
    }

    /// <summary>True if a write failed because whoever reads the pipe has gone.</summary>
    public static bool HasNoReader(IOException failure) => failure.HResult is BrokenPipe or WindowsBrokenPipe or WindowsNoData;
}
