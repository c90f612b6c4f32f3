using System.Globalization;

namespace OrleansClean.Execution.Mapping;

/// <summary>What came of a map over a list: a result or a failure for every input, in the order of inputs.</summary>
public sealed class MapReport<TResult>
{
    private readonly TResult[] _results;
    private readonly InputState[] _states;

    internal MapReport(TResult[] results, InputState[] states, IReadOnlyList<MapFailure> failures)
    {
        _results = results;
        _states = states;
        Failures = failures;
        Succeeded = states.AsSpan().Count(InputState.Ok);
        NotDone = states.AsSpan().Count(InputState.NotDone);
    }

    /// <summary>The results in the order of inputs; the default value where there is none.</summary>
    public IReadOnlyList<TResult?> Results => _results;

    /// <summary>The inputs without a result that were tried, in the order of inputs.</summary>
    public IReadOnlyList<MapFailure> Failures { get; }

    /// <summary>How many inputs there were.</summary>
    public int Inputs => _results.Length;

    /// <summary>Inputs with a result.</summary>
    public int Succeeded { get; }

    /// <summary>Inputs that failed, those that ran out of time among them.</summary>
    public int Failed => Failures.Count;

    /// <summary>Inputs that ran out of their own time.</summary>
    public int TimedOut => Failures.Count(failure => failure.Code == Cleaning.ProblemCodes.InputTimeout);

    /// <summary>Inputs that were not tried, or not to their end, because the time of the map was up.</summary>
    public int NotDone { get; }

    /// <summary>True if the time of the map was up before everything was done.</summary>
    public bool IsTimedOut { get; internal init; }

    /// <summary>Results that were remembered from an equal input.</summary>
    public long MemoHits { get; internal init; }

    /// <summary>Attempts after the first ones.</summary>
    public long Retries { get; internal init; }

    /// <summary>Threads that computed.</summary>
    public int Workers { get; internal init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; internal init; }

    /// <summary>True if the input at <paramref name="index"/> has a result.</summary>
    public bool HasResult(int index) => _states[index] == InputState.Ok;

    /// <summary>All results; throws <see cref="MapFailedException"/>, which names the first input without one, if any is missing.</summary>
    public IReadOnlyList<TResult> AllResults()
    {
        if (Failures.Count > 0)
        {
            throw new MapFailedException(
                string.Create(CultureInfo.InvariantCulture, $"{Failures.Count} of {Inputs} inputs failed. The first: {Failures[0]}"), Failures[0].Exception);
        }

        return NotDone == 0
            ? _results
            : throw new MapFailedException(
                string.Create(CultureInfo.InvariantCulture, $"The time of the map was up: {NotDone} of {Inputs} inputs were not done."), inner: null);
    }
}

/// <summary>How far an input is.</summary>
internal enum InputState : byte
{
    /// <summary>Not tried, or not to its end.</summary>
    NotDone,

    /// <summary>It has a result.</summary>
    Ok,

    /// <summary>It failed.</summary>
    Failed,
}
