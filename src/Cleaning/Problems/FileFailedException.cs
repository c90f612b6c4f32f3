namespace OrleansClean.Cleaning;

/// <summary>One file cannot be cleaned. It costs that file and no other.</summary>
public sealed class FileFailedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A name of <see cref="ProblemCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>The physical line on which it was noticed, or 0.</summary>
    public long Line { get; init; }
}
