using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Mapping.Functions;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;
using OrleansClean.Execution.Mapping.Workers;

namespace OrleansClean.Execution.Mapping;

/// <summary>The main function of a worker process: it calls a library's function for the inputs that the host sends.</summary>
public static class MapWorker
{
    /// <summary>The word that makes the command a worker.</summary>
    public const string Word = "map-worker";

    /// <summary>
    /// Works until the host closes standard input, or is gone: then it ends at once, whatever the function does. What the function writes to
    /// standard output goes to standard error, and it cannot read what the host sends.
    /// </summary>
    public static int Run()
    {
        if (!Console.IsInputRedirected)
        {
            Console.Error.WriteLine($"orleansclean {Word} is what `orleansclean map --library` starts. It is of no use by itself.");
            return ExitCodes.Usage;
        }

        // A terminal sends its signals to everybody. Only the host decides: a worker that died of one would blame its input.
        using var interrupt = Ignore(PosixSignal.SIGINT);
        using var terminate = Ignore(PosixSignal.SIGTERM);
        using var quit = Ignore(PosixSignal.SIGQUIT);
        using var hangUp = Ignore(PosixSignal.SIGHUP);
        var (input, output) = WorkerPipes.Take();
        var content = Array.Empty<byte>();
        if (!Frames.TryRead(input, ref content, out var kind, out var length))
        {
            return ExitCodes.Done;
        }

        var opening = WorkerOpening.Parse(content.AsSpan(0, length));
        LineFunction function;
        try
        {
            var finder = FunctionSource.Load(opening.Library);
            if (kind is FrameKind.List)
            {
                Frames.Write(output, FrameKind.Hello, new WorkerHello(null, false, [.. finder.All().Select(marked => marked.ToInfo())]).ToBytes());
                return ExitCodes.Done;
            }

            var marked = finder.Find(opening.Function!);
            function = FunctionBinder.Bind(marked, opening.Parameters);
            Frames.Write(output, FrameKind.Hello, new WorkerHello(null, marked.Mark.IsPure, null).ToBytes());
        }
        catch (UsageException problem)
        {
            Frames.Write(output, FrameKind.Hello, new WorkerHello(problem.Message, false, null).ToBytes());
            return ExitCodes.Usage;
        }

        new WorkerLoop(input, output, function, opening).Run();
        return ExitCodes.Done;
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) => PosixSignalRegistration.Create(signal, context => context.Cancel = true);
}

/// <summary>Inputs in, answers out.</summary>
#pragma warning disable CA1001 // It lives as long as its process.
internal sealed class WorkerLoop(Stream input, Stream output, LineFunction function, WorkerOpening opening)
#pragma warning restore CA1001
{
    /// <summary>Bytes of answers that are sent at once.</summary>
    private const int AnswerBytesMax = 32 << 10;

    /// <summary>How long an answer waits for others. It is what a process that crashes may take with it, and is done again.</summary>
    private static readonly TimeSpan AnswerWaitMax = TimeSpan.FromMilliseconds(2);

    private readonly FrameBuffer _answers = new();
    private readonly Lock _sending = new();
    private readonly SemaphoreSlim _given = new(0);
    private readonly ManualResetEventSlim _hasAnswers = new();
    private byte[] _inputs = [];
    private byte[] _spare = [];
    private int _length;

    /// <summary>Works until the host is gone.</summary>
    public void Run()
    {
        new Thread(Compute) { IsBackground = true, Name = "map function" }.Start();
        new Thread(SendNowAndThen) { IsBackground = true, Name = "answers" }.Start();

        // This thread does nothing but listen, so that the end of the host is noticed in the middle of any function.
        while (Frames.TryRead(input, ref _spare, out _, out var length))
        {
            // One frame at a time: the host sends the next one when this one is answered.
            (_inputs, _spare, _length) = (_spare, _inputs, length);
            _given.Release();
        }

        // Not Environment.Exit: that would wait for whoever holds the process, and the function may.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }

    private void Compute()
    {
        while (true)
        {
            _given.Wait();
            ReadOnlySpan<byte> rest = _inputs.AsSpan(0, _length);
            var isCareful = rest[0] != 0;
            rest = rest[1..];
            var result = new JsonText();
            while (rest.Length > 0)
            {
                Answer(FrameBuffer.TakeSized(ref rest), result);
                if (isCareful || _answers.Length >= AnswerBytesMax)
                {
                    Send();
                }
            }

            Send();
        }
    }

    private void Answer(ReadOnlySpan<byte> line, JsonText result)
    {
        for (var attempt = 1; ; attempt++)
        {
            result.Clear();
            var fault = function.Invoke(line, result, CancellationToken.None);
            if (fault is null)
            {
                Add(AnswerKind.Result, result.Written);
                return;
            }

            if (fault.MayPass && attempt <= opening.RetriesMax)
            {
                Add(AnswerKind.Retrying, []);
                Send();
                Thread.Sleep(RetryPause.Before(attempt, TimeSpan.FromMilliseconds(opening.RetryDelayMilliseconds), LineMapRequest.RetryDelayMax));
                continue;
            }

            Add(AnswerKind.Fault, Encoding.UTF8.GetBytes($"{fault.Code}\n{fault.Message}"));
            if (fault.Code is ProblemCodes.MemoryLimit)
            {
                // What is left of the memory may be in any state: a new process goes on.
                Send();
                Frames.Write(output, FrameKind.Bye, []);
                using var self = Process.GetCurrentProcess();
                self.Kill();
            }

            return;
        }
    }

    private void Add(AnswerKind kind, ReadOnlySpan<byte> content)
    {
        lock (_sending)
        {
            _answers.Append((byte)kind);
            _answers.AppendSized(content);
        }

        if (!_hasAnswers.IsSet)
        {
            _hasAnswers.Set();
        }
    }

    private void Send()
    {
        lock (_sending)
        {
            if (_answers.Length > 0)
            {
                Frames.Write(output, FrameKind.Answers, _answers.Written);
                _answers.Clear();
            }

            _hasAnswers.Reset();
        }
    }

    private void SendNowAndThen()
    {
        while (true)
        {
            _hasAnswers.Wait();
            Thread.Sleep(AnswerWaitMax);
            Send();
        }
    }
}
