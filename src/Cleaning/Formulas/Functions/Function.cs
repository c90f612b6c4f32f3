using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Prepares constant arguments while the plan is parsed, such as patterns; returns what is wrong, or null.</summary>
internal delegate PlanProblem? Preparation(ImmutableArray<FormulaSyntax> arguments, out object? prepared);

/// <summary>Builds the expression of a call; null if a problem was told.</summary>
internal delegate Expression? FunctionBinding(CallBinder call);

/// <summary>
/// One function of the catalogue: what the parser checks, the compiler binds, the documentation says and a test runs.
/// </summary>
internal sealed record Function
{
    /// <summary>Its name, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>Its call with the names of arguments; optional ones in brackets.</summary>
    public required string Signature { get; init; }

    /// <summary>What it gives, in one line.</summary>
    public required string Doc { get; init; }

    /// <summary>A formula that uses it.</summary>
    public required string Example { get; init; }

    /// <summary>The row that the example is evaluated over: <c>name=text; other=text</c>.</summary>
    public required string Over { get; init; }

    /// <summary>The text that the example gives.</summary>
    public required string Gives { get; init; }

    /// <summary>The fewest arguments.</summary>
    public required int ArgumentsMin { get; init; }

    /// <summary>The most arguments.</summary>
    public required int ArgumentsMax { get; init; }

    /// <summary>Builds the expression.</summary>
    public required FunctionBinding Bind { get; init; }

    /// <summary>Checks arguments that must be constant, or null.</summary>
    public Preparation? Prepare { get; init; }

    /// <summary>True if the result depends on the frozen clock.</summary>
    public bool ReadsClock { get; init; }

    /// <summary>True if every argument is evaluated in every row.</summary>
    public bool IsEager { get; init; } = true;
}
