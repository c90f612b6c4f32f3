namespace OrleansClean.Execution.Mapping.Pools;

/// <summary>A stretch of an array of inputs, with places for what becomes of them.</summary>
internal sealed class ListChunk<TInput, TResult>(ReadOnlyMemory<TInput> inputs, Memory<TResult> results, Memory<InputState> states, long firstIndex) : MapChunk
{
    /// <inheritdoc />
    public override int Count => inputs.Length;

    public ReadOnlySpan<TInput> Inputs => inputs.Span;

    public Span<TResult> Results => results.Span;

    public Span<InputState> States => states.Span;

    /// <summary>The place of its first input among all.</summary>
    public long FirstIndex => firstIndex;

    /// <summary>The inputs that failed.</summary>
    public List<MapFailure> Failures { get; } = [];

    /// <summary>Attempts after the first ones.</summary>
    public int Retries { get; set; }

    /// <summary>Notes a failure of the input behind those that are done, and goes on behind it.</summary>
    public void Fail(string code, string message, Exception? exception, int attempts)
    {
        Failures.Add(new MapFailure(firstIndex + Done, MapFailure.Quote(Inputs[Done]), code, message) { Exception = exception, Attempts = attempts });
        States[Done] = InputState.Failed;
        Done++;
    }
}
