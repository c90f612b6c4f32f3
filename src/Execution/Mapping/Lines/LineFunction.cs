namespace OrleansClean.Execution.Mapping.Lines;

/// <summary>A function of one line of text.</summary>
internal abstract class LineFunction
{
    /// <summary>
    /// Writes the result for <paramref name="input"/>, which is sound UTF-8, to <paramref name="result"/> as one JSON value; else says why there is
    /// none, and what is written counts for nothing. Throws <see cref="OperationCanceledException"/> of its token only.
    /// </summary>
    public abstract LineFault? Invoke(ReadOnlySpan<byte> input, JsonText result, CancellationToken cancellationToken);
}

/// <summary>Why an input has no result.</summary>
/// <param name="Code">A code of <c>docs/errors.md</c>.</param>
/// <param name="Message">What happened.</param>
internal sealed record LineFault(string Code, string Message)
{
    /// <summary>Characters of a message: what a function throws may be long.</summary>
    public const int MessageMax = 1_000;

    /// <summary>It may go well another time: the function failed, not the input.</summary>
    public bool MayPass => Code is Cleaning.ProblemCodes.FunctionFailed or Cleaning.ProblemCodes.FunctionCrashed;

    /// <summary>One with a message of bounded length.</summary>
    public static LineFault Of(string code, string message) =>
        new(code, message.Length <= MessageMax ? message : $"{message[..MessageMax]}…");
}
