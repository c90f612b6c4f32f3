using System.Collections.Immutable;
using System.Diagnostics;

namespace OrleansClean.Cleaning.Plans;

/// <summary>One sentence for a step: what it does with which columns, and what its modifiers change about that.</summary>
internal static class StepWords
{
    /// <summary>The sentence, without a full stop and on one line.</summary>
    public static string Of(Step step)
    {
        var words = Argument(step);
        words += step.When is { } when ? $", where {Words(when)}" : "";
        words += step.IfMissing switch
        {
            { Skip: true } => "; left out if the column is missing",
            { Literal: { } literal } => $"; {Show(literal)} if a column is missing",
            _ => "",
        };
        words += step.OnError switch
        {
            OnError.Null => "; a cell that cannot be processed is emptied",
            OnError.Keep => "; a cell that cannot be processed stays",
            OnError.Fail => "; a cell that cannot be processed fails the file",
            _ => step is Step.Parse or Step.Filter or Step.Derive ? "; a row that cannot be processed is rejected" : "",
        };
        return step.Note is null ? words : $"{words}  # {string.Join(' ', step.Note.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}";
    }

    /// <summary>Text in double quotes, line ends and tabs as <c>\n</c> and <c>\t</c>.</summary>
    public static string Quote(string text)
    {
        var shown = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal);
        return $"\"{shown}\"";
    }

    private static string Argument(Step step) => step switch
    {
        Step.DropEmpty => "drops rows in which every cell is null or white space",
        Step.NormalizeHeaders s => "gives every column a unique lower_snake name" + NamesByHand(s.Names),
        Step.Rename s => "renames " + List(Written(s.Names, n => n.From).Select(n => $"{Quote(n.From.Name)} to {n.To}")),
        Step.Select s => $"keeps only {Names(s.Columns)}, in this order",
        Step.Drop s => $"removes {Names(s.Columns)}",
        Step.Trim s => $"takes white space off both ends of {Columns(s.Columns)}",
        Step.Case s => "writes " + List(Written(s.Columns, c => c.Column).Select(c => $"{c.Column.Name} in {Letters(c.Case)}")),
        Step.Replace s => "replaces " + List(s.Replacements.Select(Replacement)),
        Step.Nulls s => $"empties cells of {Columns(s.Columns)} that are {string.Join(' ', s.Words.Select(Quote))}",
        Step.Parse s => "reads " + List(Written(s.Columns, c => c.Column).Select(Parsing)),
        Step.Fill s => "fills null cells of " + List(Written(s.Columns, c => c.Column).Select(c => $"{c.Column.Name} with {Show(c.Value)}")),
        Step.Map s => "exchanges values of " + List(Written(s.Columns, c => c.Column).Select(c => $"{c.Column.Name} ({c.Entries.Length})")) + Unmatched(s.OnUnmatched),
        Step.Filter s => $"keeps rows where {Words(s.Condition)}; drops those where it is false or null",
        Step.Derive s => "computes " + List(s.Columns.Select(c => $"{c.Column.Name} = {Words(c.Formula)}")),
        Step.Dedupe s => $"keeps the {(s.KeepLast ? "last" : "first")} row of each key of {Columns(s.By)}; {(s.OnMatch == OnMatch.Reject ? "rejects" : "drops")} the others",
        Step.Check s => $"rejects rows unless {string.Join(" and ", s.Conditions.Select(Words))}; null passes",
        Step.Guard { Rejects: true } s => $"rejects rows in which a spreadsheet would take a cell of {Columns(s.Columns)} for a formula",
        Step.Guard s => $"puts ' in front of what a spreadsheet would take for a formula in {Columns(s.Columns)}, names included",
        _ => throw new UnreachableException(step.Verb),
    };

    /// <summary>In the order of the plan's text: the model has some entries sorted by name.</summary>
    private static IEnumerable<T> Written<T>(ImmutableArray<T> entries, Func<T, ColumnName> column) =>
        entries.OrderBy(e => column(e).At.Line).ThenBy(e => column(e).At.Column);

    private static string List(IEnumerable<string> items) => string.Join(", ", items);

    private static string Names(ImmutableArray<ColumnName> columns) => List(columns.Select(c => c.Name));

    private static string Columns(ColumnChoice columns) => columns.All ? "every column" : Names(columns.Names);

    private static string NamesByHand(ImmutableArray<(ColumnName From, string To)> names) => string.Concat(
        Written(names, n => n.From).GroupBy(n => n.To, StringComparer.Ordinal)
            .Select(g => $"; {List(g.Select(n => Quote(n.From.Name)))} {(g.Count() == 1 ? "becomes" : "become")} {g.Key}"));

    private static string Words(Formula formula) =>
        string.Join(' ', formula.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Show(Literal literal) =>
        literal.Value.Kind == ValueKind.Text ? Quote(literal.Written) : literal.Written;

    private static string Letters(LetterCase letters) => letters switch
    {
        LetterCase.Lower => "lower case",
        LetterCase.Upper => "UPPER CASE",
        _ => "Title Case",
    };

    private static string Replacement(Replacement one) =>
        $"{(one.IsPattern ? "the pattern " : "")}{Quote(one.Find)} by {Quote(one.With)} in {Columns(one.Columns)}";

    private static string Unmatched(OnUnmatched unmatched) => unmatched switch
    {
        OnUnmatched.Keep => "; others stay",
        OnUnmatched.Reject => "; a row with another value is rejected",
        OnUnmatched.Null => "; others are emptied",
        _ => "; another value fails the file",
    };

    private static string Parsing(ColumnParse column)
    {
        var details = new List<string>();
        if (!column.Formats.IsEmpty)
        {
            details.Add(string.Join(" or ", column.Formats));
        }

        if (!column.Symbols.IsEmpty)
        {
            details.Add("with " + string.Join(' ', column.Symbols));
        }

        if (column.DecimalPoint != '.' || column.ThousandsSeparator is not null)
        {
            details.Add($"decimal point {Quote(column.DecimalPoint.ToString())}" + (column.ThousandsSeparator is { } t ? $", thousands {Quote(t.ToString())}" : ""));
        }

        if (!column.TrueWords.IsEmpty || !column.FalseWords.IsEmpty)
        {
            details.Add($"true: {string.Join(' ', column.TrueWords.DefaultIfEmpty("true"))}, false: {string.Join(' ', column.FalseWords.DefaultIfEmpty("false"))}");
        }

        return $"{column.Column.Name} as {TypeName.Of(column)}{(details.Count == 0 ? "" : $" ({string.Join("; ", details)})")}";
    }
}
