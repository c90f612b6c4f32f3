using OrleansClean.Cli.Output;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Ledgers;

/// <summary>What became of header names, as lines of a ledger: only those that changed, and what many files have in common once.</summary>
internal static class NamesText
{
    /// <summary>Columns of one header that are named; the rest are counted.</summary>
    public const int ColumnsMax = 4;

    /// <summary>Different headers that are shown; the rest are counted.</summary>
    public const int HeadersMax = 3;

    private const int NameMax = 40;

    /// <summary>The lines, those of the most files first.</summary>
    public static IEnumerable<string> Of(BatchReport report)
    {
        var headers = report.Files
            .Where(file => file.Renamed is { Length: > 0 })
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .GroupBy(file => string.Join('\n', file.Renamed!.Value.Select(column => $"{column.From}\0{column.To}")), StringComparer.Ordinal)
            .OrderByDescending(files => files.Count())
            .ToList();
        var isAll = report.Files.Length == report.Ledger.Files.Found;
        for (var i = 0; i < Math.Min(headers.Count, HeadersMax); i++)
        {
            yield return $"  {(i == 0 ? "names" : ""),-7}  {Changes(headers[i].First())}   {Where([.. headers[i]], isAll)}";
        }

        if (headers.Count > HeadersMax)
        {
            yield return $"           and {Amounts.Of(headers.Count - HeadersMax, "other header")}: 'orleansclean report show -o jsonl' has all";
        }
    }

    private static string Changes(FileSummary file)
    {
        var columns = file.Renamed!.Value;
        var shown = string.Join(" · ", columns.Take(ColumnsMax).Select(column => $"\"{Visible.Text(column.From, NameMax)}\" -> {Visible.Text(column.To, NameMax)}"));
        return columns.Length > ColumnsMax ? $"{shown} and {Amounts.Count(columns.Length - ColumnsMax)} more" : shown;
    }

    /// <summary>A report names at most 1,000 files, so that of more it is not known how many.</summary>
    private static string Where(FileSummary[] files, bool isAll) =>
        files.Length == 1 && isAll ? Visible.Path(files[0].Path) : $"{(isAll ? "" : "at least ")}{Amounts.Of(files.Length, "file")}";
}
