using System.Text;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Traces;

namespace OrleansClean.Cli.Inspection;

/// <summary>What was found in one file, for a person.</summary>
internal static class InspectText
{
    private const int ColumnsMax = 40;

    /// <summary>The text for <paramref name="file"/>.</summary>
    public static string Of(InspectDocument file)
    {
        var text = new StringBuilder();
        text.Append(Visible.Path(file.File)).Append("   ").Append(Amounts.Bytes(file.Bytes)).Append('\n');
        if (file.Failure is { } failure)
        {
            var line = failure.Line is { } at ? $"line {Amounts.Count(at)}: " : "";
            Row(text, "cannot be read", $"{line}{failure.Code}: {Visible.Text(failure.Message, Visible.MessageMax)}");
            return text.Append('\n').ToString();
        }

        Dialect(text, file.Dialect!);
        var columns = file.Columns!;
        Row(text, "columns", columns.Count == 0 ? "0: the file is empty, without even a header" : $"{Amounts.Count(columns.Count)}: {string.Join(", ", columns.Take(ColumnsMax).Select(Column))}{(columns.Count > ColumnsMax ? ", …" : "")}");
        Row(text, "records", Records(file));
        if (file.First is { } first)
        {
            Row(text, "first broken", $"line {Amounts.Count(first.Line)}: {first.Code}");
        }

        if (file.BlankLines > 0)
        {
            Row(text, "blank lines", Amounts.Count(file.BlankLines));
        }

        return text.Append('\n').ToString();
    }

    private static void Dialect(StringBuilder text, DialectDocument dialect)
    {
        var bom = dialect.Bom ? " with byte order mark" : "";
        var packed = dialect.Compression is { } compression ? $", packed as {compression}" : "";
        Row(text, "encoding", dialect.Encoding + bom + packed);
        Row(text, "delimiter", Visible.Cell(dialect.Delimiter) + (dialect.Quote is "\"" ? "" : $"   quote {Visible.Cell(dialect.Quote)}"));
        Row(text, "line ends", DialectText.Newline(dialect.Newline));
        var preamble = dialect.PreambleLines == 0 ? "" : $", behind {Amounts.Of(dialect.PreambleLines, "other line")}";
        Row(text, "header", dialect.HeaderLine == 0 ? "none" : $"line {Amounts.Count(dialect.HeaderLine)}{preamble}");
        Row(text, "sure", Amounts.Percent(dialect.Confidence));
    }

    private static string Column(string name) => name.Length == 0 ? "(blank)" : Visible.Text(name, 60);

    private static string Records(InspectDocument file)
    {
        var codes = (file.Codes ?? new Dictionary<string, long>(StringComparer.Ordinal)).OrderByDescending(code => code.Value).ThenBy(code => code.Key, StringComparer.Ordinal);
        var broken = file.Broken == 0 ? "" : $", {Amounts.Count(file.Broken)} broken: {string.Join(" · ", codes.Select(c => $"{c.Key} {Amounts.Count(c.Value)}"))}";
        return Amounts.Count(file.Records) + broken;
    }

    private static void Row(StringBuilder text, string name, string value) => text.Append("  ").Append(name.PadRight(16)).Append(value).Append('\n');
}
