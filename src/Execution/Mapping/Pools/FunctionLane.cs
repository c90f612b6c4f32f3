using System.Diagnostics;
using System.Globalization;
using OrleansClean.Cleaning;

namespace OrleansClean.Execution.Mapping.Pools;

/// <summary>Calls a function of this process for each input of a chunk.</summary>
internal sealed class FunctionLane<TInput, TResult>(FunctionCall<TInput, TResult> call, CancellationToken stopping) : IMapLane<ListChunk<TInput, TResult>>
{
    // Without a limit in time nobody else ever writes to a chunk, and nothing needs to be settled for each input.
    private readonly InputGuard? _guard = call.Options.InputTimeout is null && call.Options.Timeout is null
        ? null
        : new InputGuard(call.Options.InputTimeout, stopping);

    private ListChunk<TInput, TResult>? _chunk;
    private int _attempt;

    /// <inheritdoc />
    public bool Run(ListChunk<TInput, TResult> chunk)
    {
        Volatile.Write(ref _chunk, chunk);
        var started = Stopwatch.GetTimestamp();
        var before = chunk.Done;
        if (_guard is null && call.Memo is null && call.Options.RetriesMax == 0)
        {
            while (!RunPlain(chunk))
            {
            }
        }
        else if (!RunCareful(chunk))
        {
            return false;
        }

        call.Sizes?.Measured(chunk.Done - before, Stopwatch.GetElapsedTime(started));
        return true;
    }

    /// <inheritdoc />
    public LaneState Look(TimeSpan now)
    {
        if (_guard?.Look(now) is not true)
        {
            return LaneState.Working;
        }

        // From here on the chunk is ours.
        Volatile.Read(ref _chunk)!.Fail(ProblemCodes.InputTimeout, TimeoutMessage(), exception: null, Volatile.Read(ref _attempt));
        return LaneState.GivenUp;
    }

    /// <inheritdoc />
    public bool TryGiveUp() => _guard is null || _guard.TryGiveUp();

    /// <inheritdoc />
    public void Dispose() => _guard?.Dispose();

    /// <summary>Nothing is asked for but results: no work for each input but the call. False: it goes on behind a failure.</summary>
    private bool RunPlain(ListChunk<TInput, TResult> chunk)
    {
        var inputs = chunk.Inputs;
        var results = chunk.Results;
        var start = chunk.Done;
        var i = start;
        try
        {
            if (call.Plain is { } function)
            {
                for (; i < inputs.Length && !stopping.IsCancellationRequested; i++)
                {
                    results[i] = function(inputs[i]);
                }
            }
            else
            {
                for (; i < inputs.Length && !stopping.IsCancellationRequested; i++)
                {
                    results[i] = call.WithToken(inputs[i], stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The input is not done.
        }
#pragma warning disable CA1031 // It is the caller's function: whatever it throws is what became of this input.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Settle();
            chunk.Fail(ProblemCodes.FunctionFailed, Text(e), e, attempts: 1);
            return false;
        }

        Settle();
        return true;

        void Settle()
        {
            chunk.States[start..i].Fill(InputState.Ok);
            chunk.Done = i;
        }
    }

    private bool RunCareful(ListChunk<TInput, TResult> chunk)
    {
        while (!chunk.IsWhole && !stopping.IsCancellationRequested)
        {
            var input = chunk.Inputs[chunk.Done];
            if (call.Memo is { } memo && memo.TryGet(new ValueTuple<TInput>(input), out var known))
            {
                Succeed(chunk, known);
            }
            else if (!Attempt(chunk, input))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Tries one input as often as is asked for. False: it was given up.</summary>
    private bool Attempt(ListChunk<TInput, TResult> chunk, TInput input)
    {
        for (var attempt = 1; ; attempt++)
        {
            Volatile.Write(ref _attempt, attempt);
            Exception? thrown = null;
            var result = default(TResult);
            _guard?.Enter();
            try
            {
                result = call.Plain is { } function ? function(input) : call.WithToken(input, _guard?.Token ?? stopping);
            }
#pragma warning disable CA1031 // It is the caller's function: whatever it throws is what became of this input.
            catch (Exception e)
#pragma warning restore CA1031
            {
                thrown = e;
            }

            if (_guard?.Leave() is false)
            {
                return false;
            }

            if (thrown is null)
            {
                _guard?.Renew();
                call.Memo?.Add(new ValueTuple<TInput>(input), result!);
                Succeed(chunk, result!);
                return true;
            }

            if (thrown is OperationCanceledException && (stopping.IsCancellationRequested || _guard?.IsWarned is true))
            {
                if (!stopping.IsCancellationRequested)
                {
                    chunk.Fail(ProblemCodes.InputTimeout, TimeoutMessage(), thrown, attempt);
                    _guard!.Renew();
                }

                return true;
            }

            _guard?.Renew();
            if (attempt > call.Options.RetriesMax || call.Options.IsTransient?.Invoke(thrown) is not true)
            {
                chunk.Fail(ProblemCodes.FunctionFailed, Text(thrown), thrown, attempt);
                return true;
            }

            chunk.Retries++;
            if (stopping.WaitHandle.WaitOne(RetryPause.Before(attempt, call.Options.RetryDelay, call.Options.RetryDelayMax)))
            {
                return true;
            }
        }
    }

    private static void Succeed(ListChunk<TInput, TResult> chunk, TResult result)
    {
        chunk.Results[chunk.Done] = result;
        chunk.States[chunk.Done] = InputState.Ok;
        chunk.Done++;
    }

    private static string Text(Exception e) => $"{e.GetType().Name}: {e.Message}";

    private string TimeoutMessage() => string.Create(
        CultureInfo.InvariantCulture, $"It was not done after {call.Options.InputTimeout?.TotalSeconds:0.###} s.");
}

/// <summary>A function with everything that all lanes share.</summary>
/// <param name="Plain">The function; null if it takes a token.</param>
/// <param name="WithToken">The function with a token.</param>
/// <param name="Options">How it is called.</param>
/// <param name="Memo">Results by input, or null.</param>
/// <param name="Sizes">Told how long chunks take, or null.</param>
internal sealed record FunctionCall<TInput, TResult>(
    Func<TInput, TResult>? Plain,
    Func<TInput, CancellationToken, TResult> WithToken,
    MapOptions Options,
    Memo<ValueTuple<TInput>, TResult>? Memo,
    ChunksOfStream? Sizes);

/// <summary>How long to wait before an attempt.</summary>
internal static class RetryPause
{
    /// <summary>Behind the attempt of this number, from one: doubled with each, up to a limit.</summary>
    public static TimeSpan Before(int attempt, TimeSpan first, TimeSpan max)
    {
        var pause = first * Math.Pow(2, Math.Min(attempt - 1, 30));
        return pause < max ? pause : max;
    }
}
