using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Reads the list of steps: finds the verb of each, checks argument and modifiers against the catalogue.</summary>
internal sealed class StepReader(ShapeCheck check)
{
    /// <summary>Ids of the two ends of every ledger.</summary>
    private static readonly string[] ReservedIds = ["read", "expect"];

    private readonly Dictionary<string, SourcePosition> _ids = new(StringComparer.Ordinal);
    private readonly StepArguments _arguments = new(check);

    private PlanProblems Problems => check.Problems;

    /// <summary>Every id, of broken steps as well.</summary>
    public IReadOnlyCollection<string> Ids => _ids.Keys;

    /// <summary>The steps that are sound; the others are in the problems.</summary>
    public IReadOnlyList<Step> Read(PlanNode node)
    {
        if (node is not Sequence list)
        {
            if (node is not Broken)
            {
                Problems.Add(node.At, $"`steps` needs a list of steps, not {node.Found}.", "Begin each step with `- `.");
            }

            return [];
        }

        Step[] steps = [.. list.Items.TakeWhile(_ => !Problems.IsFull).Select(ReadStep).OfType<Step>()];
        StepOrder.Check(steps, Problems);
        return steps;
    }

    private Step? ReadStep(PlanNode node)
    {
        switch (node)
        {
            case Scalar { IsNothing: false } word:
                return ReadWord(word);
            case Mapping { Entries.IsEmpty: false } mapping:
                return FindVerb(mapping) is { } verb ? ReadVerb(mapping, verb) : null;
            case Broken:
                return null;
            default:
                Problems.Add(node.At, $"A step is a verb with its argument, such as `trim: all`, not {node.Found}.");
                return null;
        }
    }

    private Step? ReadWord(Scalar word)
    {
        if (VerbCatalog.Find(word.Text) is not { } verb)
        {
            UnknownVerb(word);
            return null;
        }

        if (!verb.MayStandAlone)
        {
            Problems.Add(word.At, $"`{verb.Name}` needs {verb.Argument.Words}, not nothing.", Example(verb));
            return null;
        }

        var step = _arguments.Build(verb, null);
        return WithModifiers(step, verb, new Mapping(word.At, []), word.At);
    }

    private VerbDoc? FindVerb(Mapping mapping)
    {
        var keys = mapping.Entries.Select(e => e.Key).ToArray();
        var verbs = keys.Where(k => VerbCatalog.Find(k.Text) is not null).ToArray();
        if (verbs.Length == 1)
        {
            return VerbCatalog.Find(verbs[0].Text);
        }

        if (verbs.Length > 1)
        {
            Problems.Add(verbs[1].At, $"A step has one verb; this one has {Quoted.Choice(verbs.Select(v => v.Text), "and")}.", $"Begin `{verbs[1].Text}` with a `- ` of its own.");
            return null;
        }

        var unknown = keys.FirstOrDefault(k => VerbCatalog.Modifiers.All(m => m.Name != k.Text));
        if (unknown is not null)
        {
            UnknownVerb(unknown);
        }
        else
        {
            Problems.Add(mapping.At, "This step has no verb, only modifiers.", $"The verbs are {AllVerbs()}.");
        }

        return null;
    }

    private void UnknownVerb(Scalar word) => Problems.Add(
        word.At,
        $"There is no verb {Quoted.Text(word.Text)}.",
        Nearest.Hint(word.Text, VerbCatalog.Verbs.Select(v => v.Name)) ?? $"The verbs are {AllVerbs()}.");

    private static string AllVerbs() => string.Join(' ', VerbCatalog.Verbs.Select(v => v.Name));

    private static string Example(VerbDoc verb) => $"For example: {Quoted.Text(verb.Example.ReplaceLineEndings(" "))}.";

    private Step? ReadVerb(Mapping mapping, VerbDoc verb)
    {
        var argument = mapping.Find(verb.Name)!;
        var key = mapping.Entries.First(e => string.Equals(e.Key.Text, verb.Name, StringComparison.Ordinal)).Key;
        var fits = HasOnlyModifiers(mapping, verb);
        var isAlone = verb.MayStandAlone && argument is Scalar { IsNothing: true };
        argument = _arguments.WithoutModifiers(verb, argument);
        var step = isAlone ? _arguments.Build(verb, null) : ReadArgument(verb, argument, ref fits);
        foreach (var modifier in VerbCatalog.ModifiersOf(verb))
        {
            if (mapping.Find(modifier.Name) is { } value)
            {
                fits &= FitsModifier(value, modifier);
            }
        }

        return WithModifiers(fits ? step : null, verb, mapping, key.At);
    }

    private Step? ReadArgument(VerbDoc verb, PlanNode argument, ref bool fits)
    {
        fits &= check.Fits(argument, verb.Argument, $"`{verb.Name}`");
        return check.SoundPart(argument, verb.Argument) is { } sound ? _arguments.Build(verb, sound) : null;
    }

    private bool FitsModifier(PlanNode value, KeyDoc modifier)
    {
        if (modifier.Name is "across" && value is Scalar { Text: "batch" })
        {
            Problems.Add(value.At, "`across: batch` does not exist yet; the only word is `file`.", "Leave `across` out: every file is decided by its own rows.");
            return false;
        }

        return check.Fits(value, modifier.Shape, $"`{modifier.Name}`");
    }

    private bool HasOnlyModifiers(Mapping mapping, VerbDoc verb)
    {
        var fits = true;
        var names = VerbCatalog.ModifiersOf(verb).Select(m => m.Name).ToArray();
        foreach (var (key, _) in mapping.Entries.Where(e => e.Key.Text != verb.Name && !names.Contains(e.Key.Text, StringComparer.Ordinal)))
        {
            fits = false;
            if (VerbCatalog.Modifiers.Any(m => m.Name == key.Text))
            {
                Problems.Add(key.At, $"`{key.Text}` means nothing for `{verb.Name}`.", $"Beside `{verb.Name}` may stand {Quoted.Choice(names, "and")}.");
            }
            else
            {
                Problems.Add(
                    key.At,
                    $"There is no modifier {Quoted.Text(key.Text)}.",
                    Nearest.Hint(key.Text, names) ?? $"Beside `{verb.Name}` may stand {Quoted.Choice(names, "and")}.");
            }
        }

        if (mapping.Find("on_error") is { } onError && !verb.CanFail && mapping.Find("when") is null && names.Contains("on_error", StringComparer.Ordinal))
        {
            Problems.Add(onError.At, $"`{verb.Name}` fails on no cell: without `when`, `on_error` means nothing here.", "Leave it out.");
            fits = false;
        }

        return fits;
    }

    /// <summary>Settles the id, which broken steps use up too, and the modifiers.</summary>
    private Step? WithModifiers(Step? step, VerbDoc verb, Mapping mapping, SourcePosition at)
    {
        var idNode = mapping.Find("id") as Scalar;
        var id = idNode is { IsNothing: false } ? idNode.Text : verb.Name;
        var idAt = idNode?.At ?? at;
        if (ReservedIds.Contains(id, StringComparer.Ordinal))
        {
            Problems.Add(idAt, $"The id `{id}` is taken: the ledger uses it for the plan's own `{id}`.", "Choose another one.");
        }
        else if (!_ids.TryAdd(id, at))
        {
            Problems.Add(
                idAt,
                $"A second step has the id {Quoted.Text(id)}; the first is at {_ids[id]}.",
                idNode is null ? $"Give this one an `id:` beside `{verb.Name}`." : "Ids are unique in a plan.");
        }

        if (step is null)
        {
            return null;
        }

        step = Verbal(step, mapping) with
        {
            Id = id,
            At = mapping.At,
            Note = mapping.TextOf("note"),
            When = mapping.Find("when") is { } when ? check.FormulaOf(when) : null,
            IfMissing = IfMissingOf(mapping.Find("if_missing")),
            OnError = mapping.WordOf("on_error", OnError.Reject),
        };
        CheckNewNames(step);
        return step;
    }

    /// <summary>With <c>if_missing: skip</c> several old names may share a new one: each file has one of them.</summary>
    private void CheckNewNames(Step step)
    {
        if (step is not Step.Rename { IfMissing.Skip: false } rename)
        {
            return;
        }

        var seen = new Dictionary<string, ColumnName>(StringComparer.Ordinal);
        foreach (var (from, to) in rename.Names.OrderBy(n => n.From.At.Line).ThenBy(n => n.From.At.Column))
        {
            if (!seen.TryAdd(to, from))
            {
                Problems.Add(
                    from.At,
                    $"{Quoted.Text(from.Name)} and {Quoted.Text(seen[to].Name)} would both be named {Quoted.Text(to)}.",
                    "If a file has only one of them, write `if_missing: skip` beside `rename`.");
            }
        }
    }

    /// <summary>With the modifiers that only one verb has.</summary>
    private static Step Verbal(Step step, Mapping mapping) => step switch
    {
        Step.Map map => map with { OnUnmatched = mapping.WordOf("on_unmatched", OnUnmatched.Keep) },
        Step.Dedupe dedupe => dedupe with { OnMatch = mapping.WordOf("on_match", OnMatch.Drop) },
        _ => step,
    };

    private static IfMissing IfMissingOf(PlanNode? node) => node?.Text() switch
    {
        null or "fail" => IfMissing.Fail,
        "skip" => new IfMissing(Skip: true, Literal: null),
        _ => new IfMissing(Skip: false, node.Literal()),
    };
}
