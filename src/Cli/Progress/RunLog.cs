using System.Text;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.Logging;

namespace OrleansClean.Cli.Progress;

/// <summary>Where the events of a run go: standard error with <c>-v</c>, a file with <c>--log</c>, both, or nowhere.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly StreamWriter? _file;

    private RunLog(IBatchLog? entries, StreamWriter? file) => (Entries, _file) = (entries, file);

    /// <summary>What takes the events, or null.</summary>
    public IBatchLog? Entries { get; }

    /// <summary>Opens what was asked for. An existing file is continued.</summary>
    public static RunLog Open(Terminal terminal, bool isVerbose, string? path)
    {
        var file = path is null ? null : new StreamWriter(path, append: true, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var toTerminal = isVerbose ? new TextBatchLog(terminal.Error) : null;
        var toFile = file is null ? null : new TextBatchLog(file);
        return new RunLog(toTerminal is not null && toFile is not null ? new Both(toTerminal, toFile) : toTerminal ?? toFile, file);
    }

    /// <inheritdoc />
    public void Dispose() => _file?.Dispose();

    private sealed class Both(IBatchLog first, IBatchLog second) : IBatchLog
    {
        public void Write(BatchLogEntry entry)
        {
            first.Write(entry);
            second.Write(entry);
        }
    }
}
