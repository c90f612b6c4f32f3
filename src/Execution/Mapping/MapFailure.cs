using System.Globalization;

namespace OrleansClean.Execution.Mapping;

/// <summary>An input that has no result, and why. The others have theirs.</summary>
/// <param name="Index">The input's place, from zero.</param>
/// <param name="Input">The input as text, at most <see cref="InputTextMax"/> characters of it.</param>
/// <param name="Code">A code of <c>docs/errors.md</c>.</param>
/// <param name="Message">What happened.</param>
public sealed record MapFailure(long Index, string Input, string Code, string Message)
{
    /// <summary>Characters of an input that a failure quotes.</summary>
    public const int InputTextMax = 200;

    /// <summary>What the function threw last, where it ran in this process.</summary>
    public Exception? Exception { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; } = 1;

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"input {Index} \"{Input}\": {Code}: {Message}");

    /// <summary>An input as a failure quotes it.</summary>
    internal static string Quote(object? input)
    {
        var text = Convert.ToString(input, CultureInfo.InvariantCulture) ?? "";
        return Cut(text);
    }

    /// <summary>Text of which at most <see cref="InputTextMax"/> characters are left, none of them half.</summary>
    internal static string Cut(string text)
    {
        if (text.Length <= InputTextMax)
        {
            return text;
        }

        var length = char.IsHighSurrogate(text[InputTextMax - 1]) ? InputTextMax - 1 : InputTextMax;
        return text[..length] + "…";
    }
}

/// <summary>What became of one input of a stream.</summary>
/// <param name="Index">The input's place, from zero.</param>
/// <param name="Value">The result; the default value if there is none.</param>
/// <param name="Failure">Why there is none, or null.</param>
public readonly record struct MapResult<TResult>(long Index, TResult? Value, MapFailure? Failure)
{
    /// <summary>True if <see cref="Value"/> is the function's result.</summary>
    public bool IsOk => Failure is null;
}

/// <summary>Some inputs of a map have no result.</summary>
public sealed class MapFailedException : Exception
{
    internal MapFailedException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
