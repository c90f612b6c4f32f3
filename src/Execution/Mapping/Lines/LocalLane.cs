using System.Diagnostics;
using System.Globalization;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Mapping.Pools;

namespace OrleansClean.Execution.Mapping.Lines;

/// <summary>Calls a function of this process for each line.</summary>
internal sealed class LocalLane(LineMapCall call, LineFunction function) : IMapLane<LineChunk>
{
    private readonly InputGuard? _guard = call.Request.InputTimeout is null && call.Request.Timeout is null
        ? null
        : new InputGuard(call.Request.InputTimeout, call.Stopping);

    // What the thread writes to while the input may be taken from it.
    private readonly JsonText _result = new();
    private LineChunk? _chunk;

    /// <inheritdoc />
    public bool Run(LineChunk chunk)
    {
        Volatile.Write(ref _chunk, chunk);
        var (started, before) = (Stopwatch.GetTimestamp(), chunk.Done);
        while (!chunk.IsWhole && !call.Stopping.IsCancellationRequested && call.HasRoom(chunk))
        {
            if (chunk.Refusal(chunk.Done) is { } refusal)
            {
                chunk.Fail(refusal, attempts: 1);
            }
            else if (call.Memo is { } memo)
            {
                var text = chunk.Text(chunk.Done);
                if (memo.TryGet(text, out var known))
                {
                    chunk.Succeed(known);
                }
                else if (!Attempt(chunk, text))
                {
                    return false;
                }
            }
            else if (!Attempt(chunk, key: null))
            {
                return false;
            }
        }

        call.Sizes.Measured(chunk.Done - before, Stopwatch.GetElapsedTime(started));
        return true;
    }

    /// <inheritdoc />
    public LaneState Look(TimeSpan now)
    {
        if (_guard?.Look(now) is not true)
        {
            return LaneState.Working;
        }

        Volatile.Read(ref _chunk)!.Fail(TimedOut(call.Request.InputTimeout), attempts: 1);
        return LaneState.GivenUp;
    }

    /// <inheritdoc />
    public bool TryGiveUp() => _guard is null || _guard.TryGiveUp();

    /// <inheritdoc />
    public void Dispose() => _guard?.Dispose();

    /// <summary>The fault of an input that ran out of its time.</summary>
    public static LineFault TimedOut(TimeSpan? limit) => new(ProblemCodes.InputTimeout, string.Create(
        CultureInfo.InvariantCulture, $"It was not done after {limit?.TotalSeconds:0.###} s, which --input-timeout allows."));

    /// <summary>Tries one line as often as is asked for. False: it was given up.</summary>
    private bool Attempt(LineChunk chunk, string? key)
    {
        for (var attempt = 1; ; attempt++)
        {
            _result.Clear();
            LineFault? fault = null;
            var isCancelled = false;
            _guard?.Enter();
            try
            {
                fault = function.Invoke(chunk.Line(chunk.Done), _result, _guard?.Token ?? call.Stopping);
            }
            catch (OperationCanceledException)
            {
                isCancelled = true;
            }

            if (_guard?.Leave() is false)
            {
                return false;
            }

            if (isCancelled && call.Stopping.IsCancellationRequested)
            {
                return true;
            }

            _guard?.Renew();
            if (isCancelled)
            {
                fault = TimedOut(call.Request.InputTimeout);
            }

            if (fault is null)
            {
                if (key is not null)
                {
                    call.Memo!.Add(key, _result.Written.ToArray());
                }

                chunk.Succeed(_result.Written);
                return true;
            }

            if (!fault.MayPass || attempt > call.Request.RetriesMax)
            {
                chunk.Fail(fault, attempt);
                return true;
            }

            chunk.Counts.Retries++;
            if (call.Stopping.WaitHandle.WaitOne(RetryPause.Before(attempt, call.Request.RetryDelay, LineMapRequest.RetryDelayMax)))
            {
                return true;
            }
        }
    }
}
