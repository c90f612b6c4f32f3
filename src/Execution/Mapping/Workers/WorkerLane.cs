using System.Diagnostics;
using System.Text;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;

namespace OrleansClean.Execution.Mapping.Workers;

/// <summary>
/// Gives lines to a worker process. When the process ends in the middle of a chunk, the input that it was at is the culprit and the others
/// go to a new one. If more than one input was not answered yet, a new process does them one answer at a time: then it is known which.
/// </summary>
internal sealed class WorkerLane : IMapLane<LineChunk>
{
    /// <summary>Processes that may end while nothing is asked of them, one after another, before the map gives up.</summary>
    private const int LostIdleMax = 10;

    private readonly LineMapCall _call;
    private readonly WorkerCrew _crew;
    private readonly CancellationTokenRegistration _stop;
    private readonly FrameBuffer _frame = new();
    private readonly Dictionary<int, LineFault> _refusals = [];
    private readonly Dictionary<int, byte[]> _known = [];
    private readonly List<int> _sent = [];
    private WorkerProcess? _worker;
    private int _attempts = 1;
    private int _crashes;
    private bool _isCareful;
    private bool _isIdle = true;

    private int _lostIdle;

    // How far the worker is, for the thread that looks: it grows with each answer, and is 0 while nothing is asked.
    private readonly Lock _watch = new();
    private long _progress;
    private long _last;
    private long _seen;
    private TimeSpan _seenAt;
    private long _killedAt;

    public WorkerLane(LineMapCall call, WorkerCrew crew)
    {
        _call = call;
        _crew = crew;
        _stop = call.Stopping.Register(() => Volatile.Read(ref _worker)?.Kill());
    }

    /// <inheritdoc />
    public bool Run(LineChunk chunk)
    {
        var (started, before) = (Stopwatch.GetTimestamp(), chunk.Done);
        while (!chunk.IsWhole && !_call.Stopping.IsCancellationRequested && _call.HasRoom(chunk))
        {
            Prepare(chunk);
            if (_sent.Count > 0 && !Converse(chunk))
            {
                continue;
            }

            ApplyKnown(chunk, chunk.Count);
        }

        if (_sent.Count > 0 && !_isCareful)
        {
            _call.Sizes.Measured(chunk.Done - before, Stopwatch.GetElapsedTime(started));
        }

        return true;
    }

    /// <inheritdoc />
    public LaneState Look(TimeSpan now)
    {
        lock (_watch)
        {
            if (_progress == 0 || _progress != _seen)
            {
                (_seen, _seenAt) = (_progress, now);
            }
            else if (now - _seenAt >= _call.Request.InputTimeout)
            {
                // The thread that talks to the worker hears of it by the end of the pipe.
                _killedAt = _progress;
                Volatile.Read(ref _worker)?.Kill();
            }
        }

        return LaneState.Working;
    }

    /// <inheritdoc />
    public bool TryGiveUp() => false;

    /// <inheritdoc />
    public void Dispose()
    {
        _stop.Dispose();
        if (_worker is not { } worker)
        {
            return;
        }

        if (_isIdle && !_call.Stopping.IsCancellationRequested)
        {
            _crew.GiveBack(worker);
        }
        else
        {
            _crew.Drop(worker);
        }
    }

    /// <summary>Sorts out what needs no worker, and puts the rest into a frame.</summary>
    private void Prepare(LineChunk chunk)
    {
        _refusals.Clear();
        _known.Clear();
        _sent.Clear();
        _frame.Clear();
        _frame.Append(_isCareful ? (byte)1 : (byte)0);
        for (var i = chunk.Done; i < chunk.Count; i++)
        {
            if (chunk.Refusal(i) is { } refusal)
            {
                _refusals.Add(i, refusal);
            }
            else if (_call.Memo is { } memo && memo.TryGet(chunk.Text(i), out var known))
            {
                _known.Add(i, known);
            }
            else
            {
                _sent.Add(i);
                _frame.AppendSized(chunk.Line(i));
            }
        }
    }

    /// <summary>Takes in what was known before, up to <paramref name="end"/>.</summary>
    private void ApplyKnown(LineChunk chunk, int end)
    {
        while (chunk.Done < end)
        {
            if (_refusals.TryGetValue(chunk.Done, out var refusal))
            {
                chunk.Fail(refusal, attempts: 1);
            }
            else
            {
                chunk.Succeed(_known[chunk.Done]);
            }
        }
    }

    /// <summary>Sends the frame and takes the answers in. False if not all came.</summary>
    private bool Converse(LineChunk chunk)
    {
        var worker = _worker ?? TakeWorker();
        if (worker is null)
        {
            return false;
        }

        var answered = 0;
        _isIdle = false;
        Advance();
        if (!worker.TrySend(FrameKind.Inputs, _frame.Written))
        {
            // It was gone before it was asked, so nobody is to blame; but not for ever.
            return ++_lostIdle <= LostIdleMax ? Leave(worker) : throw new IOException($"Worker processes end while nothing is asked of them: {worker.Epitaph()}");
        }

        while (answered < _sent.Count && worker.TryRead(out var kind, out var content))
        {
            if (kind is FrameKind.Bye)
            {
                return Leave(worker);
            }

            while (content.Length > 0)
            {
                var answer = (AnswerKind)content[0];
                content = content[1..];
                TakeAnswer(chunk, ref answered, answer, FrameBuffer.TakeSized(ref content));
            }

            // While the chunk waits for its turn the worker waits for us: that is not its time.
            Pause();
            if (!_call.HasRoom(chunk))
            {
                return false;
            }

            Advance();
        }

        var asked = Pause();
        if (answered == _sent.Count)
        {
            _isCareful = _isCareful && _crashes > 0;
            _crashes = 0;
            _lostIdle = 0;
            _isIdle = true;
            return true;
        }

        BlameOne(chunk, answered, asked, worker);
        return false;
    }

    private void TakeAnswer(LineChunk chunk, ref int answered, AnswerKind answer, ReadOnlySpan<byte> content)
    {
        if (answer is AnswerKind.Retrying)
        {
            chunk.Counts.Retries++;
            _attempts++;
            return;
        }

        ApplyKnown(chunk, _sent[answered]);
        if (answer is AnswerKind.Result)
        {
            _call.Memo?.Add(chunk.Text(chunk.Done), content.ToArray());
            chunk.Succeed(content);
        }
        else
        {
            var text = Encoding.UTF8.GetString(content);
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            chunk.Fail(new LineFault(text[..end], text[(end + 1)..]), _attempts);
        }

        _attempts = 1;
        answered++;
    }

    /// <summary>The worker is gone in the middle. Whose fault it was, if that is known.</summary>
    private void BlameOne(LineChunk chunk, int answered, long asked, WorkerProcess worker)
    {
        if (_call.Stopping.IsCancellationRequested)
        {
            return;
        }

        var ran = _killedAt == asked;
        var epitaph = ran ? "" : worker.Epitaph();
        Leave(worker);
        if (ran)
        {
            ApplyKnown(chunk, _sent[answered]);
            chunk.Fail(LocalLane.TimedOut(_call.Request.InputTimeout), _attempts);
            _attempts = 1;
            return;
        }

        _crashes++;
        if (!_isCareful && _sent.Count - answered > 1)
        {
            _isCareful = true;
            return;
        }

        if (_attempts <= _call.Request.RetriesMax)
        {
            chunk.Counts.Retries++;
            _call.Stopping.WaitHandle.WaitOne(RetryPause.Before(_attempts++, _call.Request.RetryDelay, LineMapRequest.RetryDelayMax));
            return;
        }

        ApplyKnown(chunk, _sent[answered]);
        chunk.Fail(LineFault.Of(ProblemCodes.FunctionCrashed, $"The worker process was lost with it: {epitaph}"), _attempts);
        _attempts = 1;
    }

    private WorkerProcess? TakeWorker()
    {
        try
        {
            var worker = _crew.Take();
            Volatile.Write(ref _worker, worker);
            return worker;
        }
        catch (IOException) when (_call.Stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private bool Leave(WorkerProcess worker)
    {
        Pause();
        Volatile.Write(ref _worker, null);
        _crew.Drop(worker);
        return false;
    }

    private void Advance()
    {
        lock (_watch)
        {
            _progress = ++_last;
        }
    }

    /// <summary>Nothing is asked from now on. Returns how far the worker was.</summary>
    private long Pause()
    {
        lock (_watch)
        {
            var progress = _progress;
            _progress = 0;
            return progress;
        }
    }
}
