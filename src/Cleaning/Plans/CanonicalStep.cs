using System.Diagnostics;
using System.Text.Json;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Writes the canonical form of one step: verb, id, argument and modifiers, but not the note.</summary>
internal static class CanonicalStep
{
    public static void Write(Utf8JsonWriter writer, Step step)
    {
        writer.WriteStartObject();
        writer.WriteString("verb", step.Verb);
        writer.WriteString("id", step.Id);
        WriteArgument(writer, step);
        writer.WriteText("when", step.When?.Syntax.ToCanonical());
        writer.WriteFlag("skip_if_missing", step.IfMissing.Skip);
        if (step.IfMissing.Literal is { } literal)
        {
            writer.WriteLiteral("if_missing", literal);
        }

        writer.WriteWord("on_error", step.OnError, OnError.Reject);
        writer.WriteEndObject();
    }

    private static void WriteArgument(Utf8JsonWriter writer, Step step)
    {
        switch (step)
        {
            case Step.DropEmpty:
                break;
            case Step.NormalizeHeaders normalize:
                writer.WritePairs("map", normalize.Names.Select(n => (n.From.Name, n.To)));
                break;
            case Step.Rename rename:
                writer.WritePairs("columns", rename.Names.Select(n => (n.From.Name, n.To)));
                break;
            case Step.Select select:
                writer.WriteTexts("columns", select.Columns.Names());
                break;
            case Step.Drop drop:
                writer.WriteSet("columns", drop.Columns.Names());
                break;
            case Step.Trim trim:
                writer.WriteColumns("columns", trim.Columns);
                break;
            case Step.Case letters:
                writer.WritePairs("columns", letters.Columns.Select(c => (c.Column.Name, c.Case.ToString())));
                break;
            case Step.Nulls nulls:
                writer.WriteSet("words", nulls.Words);
                writer.WriteColumns("columns", nulls.Columns);
                break;
            case Step.Filter filter:
                writer.WriteString("condition", filter.Condition.Syntax.ToCanonical());
                break;
            case Step.Check check:
                writer.WriteTexts("conditions", [.. check.Conditions.Select(c => c.Syntax.ToCanonical())]);
                break;
            case Step.Dedupe dedupe:
                writer.WriteColumns("by", dedupe.By);
                writer.WriteFlag("keep_last", dedupe.KeepLast);
                writer.WriteWord("on_match", dedupe.OnMatch, OnMatch.Drop);
                break;
            case Step.Guard guard:
                writer.WriteColumns("columns", guard.Columns);
                writer.WriteFlag("reject", guard.Rejects);
                break;
            default:
                WriteColumnByColumn(writer, step);
                break;
        }
    }

    private static void WriteColumnByColumn(Utf8JsonWriter writer, Step step)
    {
        switch (step)
        {
            case Step.Replace replace:
                WriteReplacements(writer, replace);
                break;
            case Step.Parse parse:
                WriteParse(writer, parse);
                break;
            case Step.Fill fill:
                writer.WriteStartObject("columns");
                foreach (var (column, value) in fill.Columns.OrderBy(c => c.Column.Name, StringComparer.Ordinal))
                {
                    writer.WriteLiteral(column.Name, value);
                }

                writer.WriteEndObject();
                break;
            case Step.Map map:
                foreach (var (column, entries) in map.Columns)
                {
                    writer.WritePairs("=" + column.Name, entries);
                }

                writer.WriteWord("on_unmatched", map.OnUnmatched, OnUnmatched.Keep);
                break;
            case Step.Derive derive:
                // A list of pairs: the order counts, because a later formula sees the earlier results.
                writer.WriteTexts("columns", [.. derive.Columns.SelectMany(c => new[] { c.Column.Name, c.Formula.Syntax.ToCanonical() })]);
                break;
            default:
                throw new UnreachableException(step.Verb);
        }
    }

    private static void WriteReplacements(Utf8JsonWriter writer, Step.Replace replace)
    {
        writer.WriteStartArray("replacements");
        foreach (var one in replace.Replacements)
        {
            writer.WriteStartObject();
            writer.WriteColumns("columns", one.Columns);
            writer.WriteString(one.IsPattern ? "pattern" : "find", one.Find);
            writer.WriteString("with", one.With);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteParse(Utf8JsonWriter writer, Step.Parse parse)
    {
        writer.WriteStartArray("columns");
        foreach (var column in parse.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("column", column.Column.Name);
            writer.WriteString("type", TypeName.Of(column));
            writer.WriteTexts("formats", column.Formats);
            writer.WriteTexts("symbols", column.Symbols);
            writer.WriteText("decimal", column.DecimalPoint == '.' ? null : column.DecimalPoint.ToString());
            writer.WriteText("thousands", column.ThousandsSeparator?.ToString());
            writer.WriteTexts("true", column.TrueWords);
            writer.WriteTexts("false", column.FalseWords);
            writer.WriteText("locale", column.Locale is "en" ? null : column.Locale);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
