using System.Diagnostics;
using System.Globalization;

namespace OrleansClean.Execution.Mapping.Workers;

/// <summary>A worker process as its host sees it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int LineCharactersMax = 500;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    private const string Terminated = "Process terminated.";

    // How the runtime begins what it says of a process that it ends.
    private static readonly string[] LastWords = ["Unhandled exception.", Terminated, "Stack overflow.", "Out of memory.", "Fatal error."];

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Action<string>? _said;
    private string? _cause;
    private string? _lastLine;
    private byte[] _content = [];

    private WorkerProcess(Process process, Action<string>? said)
    {
        _process = process;
        _said = said;
        _input = process.StandardInput.BaseStream;
        _output = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>Starts one and tells it what it is there for. It answers with <see cref="WaitHello"/>.</summary>
    public static WorkerProcess Start(WorkerCommand command, FrameKind kind, WorkerOpening opening, long? memoryBytes, Action<string>? said)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Processes side by side, each with a part of the memory: what suits one process that has all of it does not suit them.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        if (memoryBytes is { } memory)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = memory.ToString("X", CultureInfo.InvariantCulture);
        }

        WorkerProcess worker;
        try
        {
            worker = new WorkerProcess(Process.Start(start)!, said);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"A worker process cannot be started: {command.Program}: {e.Message}", e);
        }

        worker.TrySend(kind, opening.ToBytes());
        return worker;
    }

    /// <summary>What the worker says when it is ready. Throws <see cref="IOException"/> if it says nothing.</summary>
    public WorkerHello WaitHello()
    {
        using var patience = new Timer(_ => Kill(), state: null, StartPatience, Timeout.InfiniteTimeSpan);
        return TryRead(out var kind, out var content) && kind is FrameKind.Hello
            ? WorkerHello.Parse(content)
            : throw new IOException($"A worker process did not begin its work: {Epitaph()}");
    }

    /// <summary>Sends a frame. False if the worker is gone.</summary>
    public bool TrySend(FrameKind kind, ReadOnlySpan<byte> content)
    {
        try
        {
            Frames.Write(_input, kind, content);
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Waits for the next frame; the content is good until the next call. False if the worker is gone.</summary>
    public bool TryRead(out FrameKind kind, out ReadOnlySpan<byte> content)
    {
        var isRead = false;
        var length = 0;
        kind = default;
        try
        {
            isRead = Frames.TryRead(_output, ref _content, out kind, out length);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It is gone.
        }

        content = _content.AsSpan(0, isRead ? length : 0);
        return isRead;
    }

    /// <summary>Ends it, with what it started.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>How it ended, once it has.</summary>
    public string Epitaph()
    {
        // Its pipe is closed, so it ends, or somebody makes it.
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            Kill();
        }

        // Without a limit: this also waits for the last of what it said.
        _process.WaitForExit();
        var ended = _process.ExitCode switch
        {
            > 128 and < 160 and var code when !OperatingSystem.IsWindows() => SignalText(code - 128),
            var code => string.Create(CultureInfo.InvariantCulture, $"it ended its process with exit code {code}"),
        };
        return (_cause ?? _lastLine) is { } said ? $"{ended}: {said}" : ended;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Kill();
        _input.Dispose();
        _output.Dispose();
        _process.Dispose();
    }

    private static string SignalText(int signal) => signal switch
    {
        6 => "it crashed (SIGABRT)",
        9 => "it was killed (SIGKILL), perhaps by the system for its memory",
        11 => "it crashed (SIGSEGV)",
        _ => string.Create(CultureInfo.InvariantCulture, $"it was ended by signal {signal}"),
    };

    private void Hear(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        var shown = line.Length <= LineCharactersMax ? line.Trim() : line[..LineCharactersMax];
        _lastLine = shown;
        if (_cause is Terminated)
        {
            // The reason is on the line after it.
            _cause = $"{Terminated} {shown}";
        }
        else if (_cause is null && Array.Exists(LastWords, word => shown.StartsWith(word, StringComparison.Ordinal)))
        {
            _cause = shown;
        }

        _said?.Invoke(shown);
    }
}
