using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Reads <c>params</c> and puts the values of <c>--param</c> in force.</summary>
internal sealed class ParameterReader(ShapeCheck check)
{
    /// <summary>Parameters of a plan.</summary>
    private const int CountMax = 1000;

    private PlanProblems Problems => check.Problems;

    public ImmutableSortedDictionary<string, Literal> Read(PlanNode.Mapping? node, IReadOnlyDictionary<string, string> given)
    {
        var parameters = ImmutableSortedDictionary.CreateBuilder<string, Literal>(StringComparer.Ordinal);
        foreach (var (key, value) in (node?.Entries ?? []).Take(CountMax))
        {
            if (!Regex.IsMatch(key.Text, PlanCatalog.ParameterPattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(5)))
            {
                Problems.Add(key.At, $"{Quoted.Text(key.Text)} cannot name a parameter.", "Use letters, digits and `_`, and begin with a letter.");
            }

            parameters[key.Text] = value.Literal();
        }

        foreach (var (name, text) in given.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            if (!parameters.TryGetValue(name, out var normal))
            {
                Problems.Add(
                    default,
                    $"`--param {name}` is no parameter of this plan.",
                    Nearest.Hint(name, parameters.Keys) ?? (parameters.Count == 0 ? "It has none." : $"Its parameters are {Quoted.Choice(parameters.Keys, "and")}."));
            }
            else if (Given(name, text, normal) is { } literal)
            {
                parameters[name] = literal;
            }
        }

        return parameters.ToImmutable();
    }

    /// <summary>A text stays a text; every other default is overruled by what the value reads as without quotes.</summary>
    private Literal? Given(string name, string text, Literal normal)
    {
        if (normal.Value.Kind == ValueKind.Text)
        {
            return LiteralText.OfText(text);
        }

        if (LiteralText.OfPlain(text) is not { } literal)
        {
            Problems.Add(default, $"`--param {name}` is the number {Quoted.Text(text)}, which has too many digits or is too large.");
            return null;
        }

        return literal;
    }
}
