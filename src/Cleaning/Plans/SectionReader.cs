using System.Collections.Immutable;
using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Reads <c>read expect write run tests</c>, whose shapes are sound, and says what makes no sense in them.</summary>
internal sealed class SectionReader(ShapeCheck check)
{
    private static readonly string[] Codes =
        [.. typeof(ProblemCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!).Order(StringComparer.Ordinal)];

    private static readonly string[] Totals = ["rows_in", "rows_out", "rejected", "dropped", "files", "failed"];

    private PlanProblems Problems => check.Problems;

    public ReadOptions Read(Mapping? node)
    {
        if (node is null)
        {
            return new ReadOptions();
        }

        var options = new ReadOptions
        {
            Files = node.TextsOf("files"),
            Exclude = node.TextsOf("exclude"),
            Encoding = node.TextOf("encoding"),
            Delimiter = Delimiter(node.Find("delimiter")),
            Quote = node.TextOf("quote") is "none" ? "" : OneCharacter(node, "quote"),
            Escape = OneCharacter(node, "escape"),
            Comment = OneCharacter(node, "comment"),
            HeaderLine = node.Find("header") is { } header ? header.Text() is "false" ? 0 : header.Number() : null,
            Columns = node.TextsOf("columns"),
            Nulls = node.TextsOf("nulls"),
        };
        CheckRead(node, options);
        return options;
    }

    public ImmutableArray<Expectation> Expectations(PlanNode? node) =>
        node is null ? [] : [.. node.Items().Select(Expectation)];

    public WriteOptions? Write(PlanNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var mapping = node as Mapping;
        var to = (Scalar)(mapping?.Find("to") ?? node);
        NameTemplate.Check(to, check.Parameters, Problems);
        if (mapping is null)
        {
            return new WriteOptions { To = to.Text, At = node.At };
        }

        if (mapping.FlagOf("file_column") && !mapping.FlagOf("combine"))
        {
            Problems.Add(mapping.Find("file_column")!.At, "`file_column` means nothing without `combine: true`.", "Each input has its own output then, which is named after it.");
        }

        return new WriteOptions
        {
            To = to.Text,
            Combine = mapping.FlagOf("combine"),
            FileColumn = mapping.FlagOf("file_column"),
            Crlf = mapping.TextOf("newline") is "crlf",
            Bom = mapping.FlagOf("bom"),
            Quoting = mapping.WordOf("quoting", Plans.Quoting.Keep),
            At = node.At,
        };
    }

    public RunOptions Run(Mapping? node)
    {
        if (node is null)
        {
            return new RunOptions();
        }

        RejectLimit? limit = null;
        if (node.Find("max_rejects") is { } rejects && !RejectLimit.TryParse(rejects.Text(), out limit))
        {
            Problems.Add(rejects.At, $"`max_rejects` is a count such as `500` or a share up to `100%`, not {rejects.Found}.");
        }

        return new RunOptions
        {
            MaxRejects = limit,
            FileTimeout = Time(node, "file_timeout"),
            Timeout = Time(node, "timeout"),
            Retries = node.Find("retries")?.Number() ?? new RunOptions().Retries,
            PublishTogether = node.TextOf("publish") is "together",
        };
    }

    public ImmutableArray<PlanTest> Tests(PlanNode? node, IReadOnlyCollection<string> stepIds)
    {
        if (node is null)
        {
            return [];
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var tests = ImmutableArray.CreateBuilder<PlanTest>();
        foreach (var test in node.Items().Cast<Mapping>())
        {
            if (!names.Add(test.TextOf("name")!))
            {
                Problems.Add(test.Find("name")!.At, $"A second test has the name {Quoted.Text(test.TextOf("name")!)}.", "Say what this one shows.");
            }

            tests.Add(new PlanTest
            {
                Name = test.TextOf("name")!,
                Given = test.TextOf("given")!,
                Expect = test.TextOf("expect")!,
                Dropped = Counts(test.Find("dropped"), stepIds, "There is no step"),
                Rejected = Counts(test.Find("rejected"), Codes, "There is no code"),
                At = test.At,
            });
        }

        return tests.ToImmutable();
    }

    private Expectation Expectation(PlanNode node)
    {
        var mapping = node as Mapping;
        var condition = check.FormulaOf(mapping?.Find("check") ?? node);
        if (mapping?.TextOf("scope") is "batch")
        {
            CheckTotals(condition);
        }

        return new Expectation
        {
            Check = condition,
            Severity = mapping?.WordOf("severity", Severity.Error) ?? Severity.Error,
            OfBatch = mapping?.TextOf("scope") is "batch",
            Message = mapping?.TextOf("message"),
        };
    }

    /// <summary>A condition on the batch knows totals, and no column.</summary>
    private void CheckTotals(Formula condition)
    {
        foreach (var (name, at) in condition.Syntax.ColumnsRead.Where(c => !Totals.Contains(c.Name, StringComparer.Ordinal)))
        {
            Problems.Add(
                at,
                $"There is no total {Quoted.Text(name)}.",
                Nearest.Hint(name, Totals) ?? $"A condition on the batch speaks of {Quoted.Choice(Totals, "and")}.");
        }
    }

    private static TimeSpan? Time(Mapping node, string key) =>
        node.TextOf(key) is { } text && Duration.TryParse(text, out var time) ? time : null;

    private ImmutableSortedDictionary<string, long>? Counts(PlanNode? node, IReadOnlyCollection<string> known, string unknown)
    {
        if (node is null)
        {
            return null;
        }

        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var (key, value) in node.Entries())
        {
            if (!known.Contains(key.Text, StringComparer.Ordinal))
            {
                Problems.Add(
                    key.At,
                    $"{unknown} {Quoted.Text(key.Text)}.",
                    Nearest.Hint(key.Text, known) ?? (known.Count == 0 ? null : $"There are {string.Join(' ', known)}."));
            }

            counts[key.Text] = value.Number();
        }

        return counts.ToImmutable();
    }

    private string? Delimiter(PlanNode? node)
    {
        if (node is null)
        {
            return null;
        }

        var text = node.Text() switch
        {
            "tab" => "\t",
            "comma" => ",",
            "semicolon" => ";",
            "pipe" => "|",
            "space" => " ",
            var written => written,
        };
        // A word of several letters is a mistyped name far more often than a delimiter.
        if (text.Length > 1 && text.All(char.IsAsciiLetter))
        {
            Problems.Add(
                node.At,
                $"{node.Found} is no name of a delimiter.",
                Nearest.Hint(text, ["tab", "comma", "semicolon", "pipe", "space"]) ?? "The names are `tab`, `comma`, `semicolon`, `pipe` and `space`.");
        }
        else if (text.Length > 8 || text.AsSpan().ContainsAny("\"\r\n"))
        {
            Problems.Add(node.At, $"{node.Found} cannot be a delimiter.", "It has at most 8 characters, and neither quote nor line end.");
        }

        return text;
    }

    private string? OneCharacter(Mapping node, string key)
    {
        var value = node.Find(key);
        var text = value?.Text();
        if (text is null || (text.Length == 0 && key is "quote"))
        {
            return text;
        }

        if (text.Length != 1 || char.IsLetterOrDigit(text[0]) || char.IsControl(text[0]) || char.IsSurrogate(text[0]))
        {
            Problems.Add(value!.At, $"`{key}` needs one character that is no letter or digit, not {value.Found}.");
        }

        return text;
    }

    private void CheckRead(Mapping node, ReadOptions options)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in (node.Find("columns")?.Items() ?? []).Where(n => !seen.Add(n.Text())))
        {
            Problems.Add(name.At, $"The column {Quoted.Text(name.Text())} is named twice.", "Columns need different names.");
        }

        if (options.Delimiter is { Length: 1 } delimiter && string.Equals(delimiter, options.Quote, StringComparison.Ordinal))
        {
            Problems.Add(node.Find("quote")!.At, "`quote` and `delimiter` are the same character.", "Fields could not be told apart.");
        }
    }
}
