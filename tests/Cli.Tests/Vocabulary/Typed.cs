using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Output;

// Commands read the working folder of the process, of which there is one.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace OrleansClean.Cli.Tests.Vocabulary;

/// <summary>What came of a command line.</summary>
internal sealed record Answer(int ExitCode, string Out, string Error);

/// <summary>Types command lines, in this process.</summary>
internal static class Typed
{
    public static Task<Answer> Async(params string[] words) => Async(words, CancellationToken.None);

    /// <summary>Types a command line that cleans a stream; what it writes for machines is the third answer.</summary>
    public static async Task<(Answer Answer, byte[] Bytes)> StreamAsync(byte[] input, params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var bytes = new MemoryStream();
        var terminal = new Terminal
        {
            Out = output,
            Error = TextWriter.Synchronized(error),
            OpenIn = () => new MemoryStream(input, writable: false),
            OpenOut = () => bytes,
        };
        var exitCode = await CommandLine.InvokeAsync(words, terminal, CancellationToken.None);
        return (new Answer(exitCode, output.ToString(), error.ToString()), bytes.ToArray());
    }

    public static Task<Answer> Async(string[] words, CancellationToken cancellationToken, IClusterDoor? door = null) => Async([], words, cancellationToken, door);

    /// <summary>With bytes on standard input.</summary>
    public static Task<Answer> Async(byte[] input, params string[] words) => Async(input, words, CancellationToken.None);

    private static async Task<Answer> Async(byte[] input, string[] words, CancellationToken cancellationToken, IClusterDoor? door = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var bytes = new MemoryStream();
        var terminal = new Terminal
        {
            Out = output,
            Error = TextWriter.Synchronized(error),
            OpenIn = () => new MemoryStream(input),
            OpenOut = () => bytes,
        };
        var exitCode = await CommandLine.InvokeAsync(words, terminal, cancellationToken, door);

        // A command prints text or bytes, not both.
        return new Answer(exitCode, output + System.Text.Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }
}
