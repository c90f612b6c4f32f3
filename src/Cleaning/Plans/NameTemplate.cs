using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Plans;

/// <summary>A template of output names: text and placeholders in braces.</summary>
internal static class NameTemplate
{
    /// <summary>The state folder: outputs must not go there.</summary>
    public const string StateFolder = ".orleansclean";

    private const int LengthMax = 1024;

    /// <summary>The placeholders besides <c>{param.x}</c>.</summary>
    public static ImmutableArray<string> Placeholders { get; } = ["name", "ext", "dir", "plan", "batch", "date"];

    /// <summary>Reports what is wrong with the template in <paramref name="node"/>.</summary>
    public static void Check(PlanNode.Scalar node, IReadOnlyDictionary<string, Literal> parameters, PlanProblems problems)
    {
        var (template, at) = (node.Text, node.Source.PlaceOf(node.Text, 0));
        if (template.Length > LengthMax)
        {
            problems.Add(at, $"The output name has {template.Length} characters; at most {LengthMax} are possible.");
            return;
        }

        if (TryFill(node, parameters, problems, out var filled))
        {
            CheckPath(filled, at, problems);
        }
    }

    /// <summary>The template with a letter for each placeholder and the values of parameters: what its folders look like.</summary>
    private static bool TryFill(
        PlanNode.Scalar node,
        IReadOnlyDictionary<string, Literal> parameters,
        PlanProblems problems,
        out string filled)
    {
        var template = node.Text;
        var text = new System.Text.StringBuilder();
        var before = problems.Count;
        for (var i = 0; i < template.Length; i++)
        {
            var c = template[i];
            if (c == '}')
            {
                problems.Add(node.Source.PlaceOf(template, i), "This `}` closes nothing.", "Write placeholders as `{name}`; a brace cannot be part of a name.");
            }
            else if (c != '{')
            {
                text.Append(c);
            }
            else
            {
                var end = template.IndexOfAny(['{', '}'], i + 1);
                if (end < 0 || template[end] == '{')
                {
                    problems.Add(node.Source.PlaceOf(template, i), "This `{` is not closed.", "Write placeholders as `{name}`; a brace cannot be part of a name.");
                    break;
                }

                text.Append(Fill(template[(i + 1)..end], node.Source.PlaceOf(template, i), parameters, problems));
                i = end;
            }
        }

        filled = text.ToString();
        return problems.Count == before;
    }

    private static string Fill(string name, SourcePosition at, IReadOnlyDictionary<string, Literal> parameters, PlanProblems problems)
    {
        if (Placeholders.Contains(name, StringComparer.Ordinal))
        {
            return "x";
        }

        if (name.StartsWith("param.", StringComparison.Ordinal) && parameters.TryGetValue(name["param.".Length..], out var value))
        {
            return value.Written;
        }

        var known = Placeholders.Concat(parameters.Keys.Select(k => "param." + k)).ToArray();
        var isParameter = name.StartsWith("param.", StringComparison.Ordinal);
        problems.Add(
            at,
            isParameter ? $"There is no parameter {Quoted.Text(name["param.".Length..])}." : $"There is no placeholder {Quoted.Text("{" + name + "}")}.",
            Nearest.Of(name, known) is { } nearest
                ? $"Did you mean `{{{nearest}}}`?"
                : isParameter ? "Parameters are listed under `params`." : $"The placeholders are {string.Join(' ', Placeholders.Select(p => $"{{{p}}}"))} and {{param.x}}.");
        return "x";
    }

    private static void CheckPath(string path, SourcePosition at, PlanProblems problems)
    {
        if (path.StartsWith('/') || (path.Length > 1 && path[1] == ':' && char.IsAsciiLetter(path[0])))
        {
            problems.Add(at, "The output name is an absolute path.", "Outputs are named relative to the plan; `--out DIR` puts them elsewhere.");
            return;
        }

        if (path.Any(char.IsControl))
        {
            problems.Add(at, "The output name holds a control character.", "Names are made of characters that can be seen.");
            return;
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            problems.Add(at, "The output name holds a backslash.", "Write `/` between folders.");
            return;
        }

        foreach (var segment in path.Split('/'))
        {
            var (message, hint) = segment switch
            {
                ".." => ("The output name leads out of its folder by `..`.", "Outputs stay below the plan's folder; `--out DIR` puts them elsewhere."),
                "" => ("A folder or file of the output name is empty.", "End it with a file name, such as `out/{name}.csv`."),
                StateFolder => ($"The output name leads into `{StateFolder}`, where the state of batches lies.", "Choose another folder."),
                _ => ("", ""),
            };
            if (message.Length > 0)
            {
                problems.Add(at, message, hint);
                return;
            }
        }
    }
}
