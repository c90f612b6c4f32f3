using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Cli.Streams;

/// <summary>The bytes that come into and go out of this process.</summary>
internal static class StandardStreams
{
    private const int BrokenPipe = 32;
    private const int BrokenPipeOnWindows = unchecked((int)0x8007006D);
    private const int ClosingPipeOnWindows = unchecked((int)0x800700E8);

    /// <summary>Standard input.</summary>
    public static Stream Input() => Console.OpenStandardInput();

    /// <summary>Standard output, as a stream that fails when its reader has gone: the console's would go on writing into nothing.</summary>
    public static Stream Output() =>
        OperatingSystem.IsWindows()
            ? Console.OpenStandardOutput()
            : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    /// <summary>True if <paramref name="failure"/> says that whoever read our output has gone.</summary>
    public static bool IsReaderGone(IOException failure) => failure.HResult is BrokenPipe or BrokenPipeOnWindows or ClosingPipeOnWindows;
}
