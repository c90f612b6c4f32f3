using System.Globalization;
using System.Text.Json;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.Rejects;

namespace OrleansClean.Cli.Rejecting;

/// <summary>What <c>rejects show -o json</c> prints.</summary>
/// <param name="Rejected">Rows that were asked for and rejected.</param>
/// <param name="Rejects">The first of them.</param>
internal sealed record RejectsDocument(long Rejected, IReadOnlyList<RejectRecord> Rejects);

/// <summary>Rejected rows as text, as JSON and as CSV.</summary>
internal static class RejectText
{
    /// <summary>One line per row; how many more there are is said at the end.</summary>
    public static void Write(Terminal terminal, IEnumerable<RejectRecord> records, int linesMax)
    {
        var (shown, all) = First(records, linesMax);
        if (all == 0)
        {
            terminal.Line("No rejected rows.");
            return;
        }

        var places = shown.Select(Place).Max(place => place.Length);
        var codes = shown.Max(record => record.Code.Length);
        foreach (var record in shown)
        {
            terminal.Line($"{Place(record).PadRight(places)}  {record.Code.PadRight(codes)}  {What(record)}".TrimEnd());
        }

        if (all > shown.Count)
        {
            terminal.Line($"and {Amounts.Count(all - shown.Count)} more: --limit {all.ToString(CultureInfo.InvariantCulture)} shows them all");
        }
    }

    /// <summary>The first rows and how many there are, as one JSON document.</summary>
    public static void WriteJson(TextWriter writer, IEnumerable<RejectRecord> records, int rowsMax)
    {
        var (shown, all) = First(records, rowsMax);
        writer.Write(JsonSerializer.Serialize(new RejectsDocument(all, shown), CliJson.Default.RejectsDocument) + "\n");
    }

    /// <summary>One JSON object per line; gives the number of rows.</summary>
    public static long WriteJsonLines(TextWriter writer, IEnumerable<RejectRecord> records)
    {
        long rows = 0;
        foreach (var record in records)
        {
            writer.Write(JsonSerializer.Serialize(record, CliJson.Default.RejectRecord) + "\n");
            rows++;
        }

        return rows;
    }

    /// <summary>CSV with a header; gives the number of rows.</summary>
    public static long WriteCsv(TextWriter writer, IEnumerable<RejectRecord> records)
    {
        writer.Write("file,line,column,code,step,expected,value,message,raw,raw_base64\n");
        long rows = 0;
        foreach (var r in records)
        {
            string?[] cells =
            [
                r.File, r.Line.ToString(CultureInfo.InvariantCulture), r.Column, r.Code, r.Step, r.Expected, r.Value, r.Message, r.Raw, r.RawBase64,
            ];
            writer.Write(string.Join(',', cells.Select(Quoted)) + "\n");
            rows++;
        }

        return rows;
    }

    /// <summary>One line per file that has rejected rows.</summary>
    public static void WriteFiles(Terminal terminal, IReadOnlyList<FileRejects> files)
    {
        if (files.Count == 0)
        {
            terminal.Line("No rejected rows.");
            return;
        }

        var names = files.Max(file => Visible.Path(file.File).Length);
        var counts = files.Max(file => Amounts.Count(file.Rejected).Length);
        foreach (var file in files)
        {
            var codes = file.Codes.OrderByDescending(code => code.Value).ThenBy(code => code.Key, StringComparer.Ordinal);
            var rows = file.RowsPath is null ? "" : $"   {Visible.Path(Usage.BatchAsked.Shown(file.RowsPath).TrimEnd('/'))}";
            terminal.Line(
                $"{Visible.Path(file.File).PadRight(names)}  {Amounts.Count(file.Rejected).PadLeft(counts)}  " +
                $"{string.Join(" · ", codes.Select(code => $"{code.Key} {Amounts.Count(code.Value)}"))}{rows}");
        }
    }

    private static (List<RejectRecord> Shown, long All) First(IEnumerable<RejectRecord> records, int rowsMax)
    {
        var shown = new List<RejectRecord>();
        long all = 0;
        foreach (var record in records)
        {
            all++;
            if (shown.Count < rowsMax)
            {
                shown.Add(record);
            }
        }

        return (shown, all);
    }

    private static string Place(RejectRecord record) => $"{Visible.Path(record.File)}:{record.Line.ToString(CultureInfo.InvariantCulture)}";

    private static string What(RejectRecord record)
    {
        if (record.Value is null)
        {
            return Visible.Text(record.Message, 200);
        }

        var column = record.Column is null ? "" : Visible.Text(record.Column, 60) + "  ";
        return $"{column}{Visible.Cell(record.Value)}  {(string.IsNullOrEmpty(record.Expected) ? Visible.Text(record.Message, 200) : "expected " + Visible.Text(record.Expected, 80))}";
    }

    private static string Quoted(string? cell) => cell is null
        ? ""
        : cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
