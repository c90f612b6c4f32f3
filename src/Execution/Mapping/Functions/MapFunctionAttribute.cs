namespace OrleansClean.Execution.Mapping;

/// <summary>
/// Makes a method a function that <c>orleansclean map</c> can call by name: <c>public static TResult Name(TInput input, …)</c>, where the
/// input is <c>string bool int long double</c> or <c>decimal</c> and the result anything that JSON can say. Further parameters are given by
/// <c>--param NAME=VALUE</c> or have defaults; a <see cref="CancellationToken"/> is told when the input's time is up. The method must not
/// need anything of the process that it was written in: it is called in worker processes, many inputs after one another, and several
/// processes at once.
/// </summary>
/// <param name="name">The name: lower-case letters, digits and hyphens.</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MapFunctionAttribute(string name) : Attribute
{
    /// <summary>What it is called by.</summary>
    public string Name { get; } = name;

    /// <summary>What it does, in one sentence.</summary>
    public string? About { get; set; }

    /// <summary>An input to try it with, and its result as JSON: <c>"16 -> 4"</c>.</summary>
    public string? Example { get; set; }

    /// <summary>Equal inputs have equal results, and nothing else happens: results may be remembered.</summary>
    public bool IsPure { get; set; }
}

/// <summary>A function that can be called by name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Signature">What it takes and gives: <c>double → double</c>, with its parameters.</param>
/// <param name="About">What it does, or null.</param>
/// <param name="Example">An input and its result, or null.</param>
/// <param name="IsPure">Results may be remembered.</param>
public sealed record MapFunctionInfo(string Name, string Signature, string? About, string? Example, bool IsPure);
