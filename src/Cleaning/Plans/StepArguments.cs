using System.Collections.Immutable;
using System.Diagnostics;
using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Turns a verb's argument, whose shape is sound, into the step, and says what makes no sense.</summary>
internal sealed class StepArguments(ShapeCheck check)
{
    /// <summary>Modifiers that nobody names a column: inside of a mapping of columns they stand at the wrong depth.</summary>
    private static readonly string[] Misplaced = ["if_missing", "on_error", "on_match", "on_unmatched", "across"];

    private readonly ColumnForms _forms = new(check.Problems);

    /// <summary>Reports modifiers that were indented into the verb's argument, and leaves them out.</summary>
    public PlanNode WithoutModifiers(VerbDoc verb, PlanNode argument)
    {
        if (argument is not Mapping mapping || verb.Argument is Shape.Keys)
        {
            return argument;
        }

        var inside = mapping.Entries.Where(e => Misplaced.Contains(e.Key.Text, StringComparer.Ordinal)).ToArray();
        foreach (var (key, _) in inside)
        {
            check.Problems.Add(
                key.At,
                $"`{key.Text}` stands inside of `{verb.Name}`, where columns are named.",
                $"Indent it like `{verb.Name}`: it is a modifier of the step.");
        }

        return mapping with { Entries = mapping.Entries.RemoveRange(inside) };
    }

    /// <summary>The step, without modifiers; <paramref name="argument"/> is null for a verb that stands alone.</summary>
    public Step Build(VerbDoc verb, PlanNode? argument)
    {
        Debug.Assert(argument is not null || verb.MayStandAlone, "Only some verbs stand alone.");
        var id = verb.Name;
        return verb.Name switch
        {
            "drop_empty" => new Step.DropEmpty { Id = id },
            "normalize_headers" => new Step.NormalizeHeaders { Id = id, Names = argument is Mapping map ? Pairs(map.Find("map")!, trim: true) : [] },
            "rename" => new Step.Rename { Id = id, Names = Pairs(argument!, trim: false) },
            "select" => new Step.Select { Id = id, Columns = Columns(argument!) },
            "drop" => new Step.Drop { Id = id, Columns = Columns(argument!) },
            "trim" => new Step.Trim { Id = id, Columns = Choice(argument!) },
            "case" => new Step.Case { Id = id, Columns = [.. Sorted(argument!).Select(e => (e.Key.Column(), e.Value.Word<LetterCase>()))] },
            "replace" => new Step.Replace { Id = id, Replacements = Replacements((Mapping)argument!) },
            "nulls" => Nulls(id, argument!),
            "parse" => new Step.Parse { Id = id, Columns = [.. Sorted(argument!).Select(e => _forms.Read(e.Key, e.Value)).OfType<ColumnParse>()] },
            "fill" => new Step.Fill { Id = id, Columns = [.. Sorted(argument!).Select(Filling)] },
            "map" => new Step.Map { Id = id, Columns = [.. Sorted(argument!).Select(e => (e.Key.Column(), Entries(e.Value)))] },
            "filter" => new Step.Filter { Id = id, Condition = check.FormulaOf(argument!) },
            "derive" => new Step.Derive { Id = id, Columns = [.. argument!.Entries().Select(e => (e.Key.Column(), check.FormulaOf(e.Value)))] },
            "dedupe" => Dedupe(id, argument!),
            "check" => new Step.Check { Id = id, Conditions = [.. argument!.Items().Select(check.FormulaOf)] },
            "guard" => new Step.Guard { Id = id, Columns = Choice((argument as Mapping)?.Find("columns")), Rejects = (argument as Mapping)?.TextOf("formulas") is "reject" },
            _ => throw new UnreachableException(verb.Name),
        };
    }

    /// <summary>
    /// Entries whose order must not count, by name: two plans that differ in it then have one fingerprint and reject a row
    /// of two bad cells for the same one.
    /// </summary>
    private static IEnumerable<(Scalar Key, PlanNode Value)> Sorted(PlanNode node) =>
        node.Entries().OrderBy(e => e.Key.Text, StringComparer.Ordinal);

    private ImmutableArray<ColumnName> Columns(PlanNode node)
    {
        var columns = node.Items().Select(NodeValues.Column).ToImmutableArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var twice in columns.Where(c => !seen.Add(c.Name)))
        {
            check.Problems.Add(twice.At, $"The column {Quoted.Text(twice.Name)} is named twice.", "Keep one of them.");
        }

        return columns;
    }

    private ColumnChoice Choice(PlanNode? node) =>
        node is null or Scalar { Text: "all" } ? new ColumnChoice(All: true, []) : new ColumnChoice(All: false, Columns(node));

    private static ImmutableArray<(ColumnName From, string To)> Pairs(PlanNode node, bool trim) =>
        [
            .. node.Entries()
                .Select(e => (From: new ColumnName(trim ? e.Key.Text.Trim() : e.Key.Text, e.Key.At), To: e.Value.Text()))
                .OrderBy(n => n.From.Name, StringComparer.Ordinal),
        ];

    private ImmutableArray<Replacement> Replacements(Mapping node)
    {
        // The two forms are told apart as the shape check told them apart.
        if (ShapeChoice.Of(node, (Shape.Either)VerbCatalog.Find("replace")!.Argument) is Shape.Keys)
        {
            var pattern = node.Find("pattern")!;
            PatternCheck.Report(pattern, check.Problems);
            return [new Replacement(Choice(node.Find("columns")), pattern.Text(), node.TextOf("with")!, IsPattern: true, pattern.At)];
        }

        return [.. node.Entries.SelectMany(column => column.Value.Entries().Select(pair => Literal(column.Key, pair.Key, pair.Value)))];
    }

    private Replacement Literal(Scalar column, Scalar find, PlanNode with)
    {
        if (find.Text.Length == 0)
        {
            check.Problems.Add(find.At, "An empty text is everywhere: it cannot be replaced.", "Null cells are filled by `fill`.");
        }

        var columns = column is { Text: "all" } ? new ColumnChoice(All: true, []) : new ColumnChoice(All: false, [column.Column()]);
        return new Replacement(columns, find.Text, with.Text(), IsPattern: false, find.At);
    }

    private Step.Nulls Nulls(string id, PlanNode node)
    {
        var words = node is Mapping mapping ? mapping.Find("words")! : node;
        var columns = (node as Mapping)?.Find("columns");
        return new Step.Nulls { Id = id, Words = [.. words.Items().Select(w => w.Text().Trim())], Columns = Choice(columns) };
    }

    private (ColumnName Column, Literal Value) Filling((Scalar Key, PlanNode Value) entry)
    {
        var literal = entry.Value.Literal();
        if (literal.Value.IsNull || literal.Written.Length == 0)
        {
            check.Problems.Add(entry.Value.At, $"Filling {Quoted.Text(entry.Key.Text)} with null changes nothing.", "Give a value, or leave the column out.");
        }

        return (entry.Key.Column(), literal);
    }

    private static ImmutableArray<(string From, string To)> Entries(PlanNode node) =>
        [.. Sorted(node).Select(e => (e.Key.Text, e.Value.Text()))];

    private Step.Dedupe Dedupe(string id, PlanNode node) => node is Mapping mapping
        ? new Step.Dedupe { Id = id, By = Choice(mapping.Find("by")), KeepLast = mapping.TextOf("keep") is "last" }
        : new Step.Dedupe { Id = id, By = Choice(node) };
}
