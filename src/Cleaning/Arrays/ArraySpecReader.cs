using System.Collections.Immutable;
using OrleansClean.Cleaning.Plans;
using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>Reads a spec's nodes into the model and collects everything that is wrong on the way.</summary>
internal sealed class ArraySpecReader(PlanProblems problems)
{
    private const string NameHole = "{name}";

    private readonly ShapeCheck _check = new(problems);

    /// <summary>The spec; null if there are problems.</summary>
    public ArraySpec? Read(PlanNode node)
    {
        if (node is not Mapping root)
        {
            problems.Add(node.At, $"A spec is a mapping that begins with `array: 1`, not {node.Found}.");
            return null;
        }

        if (!CheckVersion(root))
        {
            return null;
        }

        var meant = _check.ReportOthers(root, [.. ArrayCatalog.Keys.Select(k => k.Name)], "A spec");
        foreach (var key in ArrayCatalog.Keys.Where(k => k.Name is not ("array" or "steps")))
        {
            if (root.Find(key.Name) is { } value)
            {
                _check.Fits(value, key.Shape, $"`{key.Name}`");
            }
        }

        var steps = ReadSteps(root, meant);
        if (root.Find("write") is Scalar write)
        {
            CheckHoles(write);
        }

        return problems.Count > 0 ? null : new ArraySpec { Input = root.TextOf("input"), Write = root.TextOf("write"), Steps = steps };
    }

    private bool CheckVersion(Mapping root)
    {
        if (root.Find("array") is not { } version)
        {
            problems.Add(root.At, "The key `array` is missing.", root.Find("plan") is null
                ? "Begin the spec with the line `array: 1`."
                : "This is a plan for CSV files: `orleansclean run` takes it.");
            return root.Find("plan") is null;
        }

        if (version is Scalar { Text: "1" })
        {
            return true;
        }

        problems.Add(version.At, $"`array` is the version of the format and must be `1`, not {version.Found}.");
        return false;
    }

    private ImmutableArray<ArrayStep> ReadSteps(Mapping root, IReadOnlySet<string> meant)
    {
        if (root.Find("steps") is not { } node)
        {
            if (!meant.Contains("steps"))
            {
                problems.Add(root.At, "The key `steps` is missing.", "Add a line `steps:`, and below it a line such as `  - scale: 2`.");
            }

            return [];
        }

        if (node is not Sequence { Items.IsEmpty: false } list)
        {
            if (node is not Broken)
            {
                problems.Add(node.At, $"`steps` needs a list of steps, not {node.Found}.", "Begin each step with `- `.");
            }

            return [];
        }

        if (list.Items.Length > ArrayCatalog.StepsMax)
        {
            problems.Add(list.Items[ArrayCatalog.StepsMax].At, $"A spec has at most {ArrayWords.Of(ArrayCatalog.StepsMax)} steps; this one has {ArrayWords.Of(list.Items.Length)}.");
            return [];
        }

        return [.. list.Items.TakeWhile(_ => !problems.IsFull).Select(ReadStep).OfType<ArrayStep>()];
    }

    private ArrayStep? ReadStep(PlanNode node)
    {
        if (node is not Mapping { Entries.IsEmpty: false } mapping)
        {
            if (node is Scalar { IsNothing: false } word && ArrayCatalog.Verbs.All(v => v.Name != word.Text))
            {
                UnknownVerb(word);
            }
            else if (node is not Broken)
            {
                problems.Add(node.At, $"A step is a verb with its argument, such as `scale: 2`, not {node.Found}.");
            }

            return null;
        }

        var (key, argument) = mapping.Entries[0];
        if (mapping.Entries.Length > 1)
        {
            problems.Add(mapping.Entries[1].Key.At, $"A step is one verb; behind {Quoted.Text(key.Text)} stands {Quoted.Text(mapping.Entries[1].Key.Text)}.", "Begin each step with `- `; parts of one stand in `{…}`.");
            return null;
        }

        if (ArrayCatalog.Verbs.FirstOrDefault(v => v.Name == key.Text) is not { } verb)
        {
            UnknownVerb(key);
            return null;
        }

        return _check.Fits(argument, verb.Argument, $"`{verb.Name}`") ? Build(verb.Name, argument, mapping.At) : null;
    }

    private void UnknownVerb(Scalar word) => problems.Add(
        word.At,
        $"There is no verb {Quoted.Text(word.Text)}.",
        Nearest.Hint(word.Text, ArrayCatalog.Verbs.Select(v => v.Name)) ?? $"The verbs are {string.Join(' ', ArrayCatalog.Verbs.Select(v => v.Name))}.");

    private ArrayStep? Build(string verb, PlanNode argument, SourcePosition at) => verb switch
    {
        "replace_nan" => Number(argument) is { } value ? new ArrayStep.ReplaceNan(at, value) : null,
        "scale" => Number(argument) is { } factor ? new ArrayStep.Scale(at, factor) : null,
        "offset" => Number(argument) is { } addend ? new ArrayStep.Offset(at, addend) : null,
        "clip" => Clip((Mapping)argument, at),
        "normalize" => Normalize(argument, at),
        _ => Cast(argument, at),
    };

    private ArrayStep.Clip? Clip(Mapping mapping, SourcePosition at)
    {
        var min = Number(mapping.Find("min"));
        var max = Number(mapping.Find("max"));
        if (mapping.Entries.IsEmpty)
        {
            problems.Add(mapping.At, "`clip` needs `min`, `max` or both, not an empty mapping.");
        }
        else if (min is { } low && max is { } high && low.Real > high.Real)
        {
            problems.Add(mapping.Find("min")!.At, $"`min` is {low}, which is above `max`, {high}.");
        }

        return new ArrayStep.Clip(at, min, max);
    }

    private ArrayStep Normalize(PlanNode argument, SourcePosition at)
    {
        var mapping = argument as Mapping;
        var method = mapping?.Find("by") ?? argument;
        string[] foreign = method.Text() is "zscore" ? ["low", "high"] : ["ddof"];
        foreach (var (key, _) in (mapping?.Entries ?? []).Where(e => foreign.Contains(e.Key.Text, StringComparer.Ordinal)))
        {
            problems.Add(key.At, $"`{key.Text}` means nothing for `{method.Text()}`.", "Leave it out.");
        }

        if (method.Text() is "zscore")
        {
            return new ArrayStep.ZScore(at, mapping?.Find("ddof")?.Number() ?? 0);
        }

        var low = Number(mapping?.Find("low")) ?? new ArrayNumber(0L);
        var high = Number(mapping?.Find("high")) ?? new ArrayNumber(1L);
        if (low.Real >= high.Real)
        {
            problems.Add(argument.At, $"`low` is {low}, which is not below `high`, {high}.");
        }

        return new ArrayStep.MinMax(at, low, high);
    }

    private static ArrayStep.Cast Cast(PlanNode argument, SourcePosition at)
    {
        var mapping = argument as Mapping;
        return new ArrayStep.Cast(at, (mapping?.Find("to") ?? argument).Word<ArrayElement>(), mapping?.TextOf("overflow") is "clip");
    }

    private ArrayNumber? Number(PlanNode? node)
    {
        if (node is null)
        {
            return null;
        }

        if (ArrayNumber.TryParse(node.Text(), out var number))
        {
            return number;
        }

        problems.Add(node.At, $"{node.Found} is beyond what a double holds.");
        return null;
    }

    private void CheckHoles(Scalar write)
    {
        var rest = write.Text.Replace(NameHole, "", StringComparison.Ordinal);
        if (rest.AsSpan().IndexOfAny('{', '}') >= 0)
        {
            problems.Add(write.At, $"`write` is {write.Found}; in braces only `{NameHole}` can stand, the input's name.", "Write every other part of the path out.");
        }
    }
}
