using System.Collections.Immutable;
using System.Globalization;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.Verification;

/// <summary>Counts of a ledger in words.</summary>
internal static class Words
{
    public static string Of(FileCounts files) => Counts(
        (files.Found, "found"), (files.Cleaned, "cleaned"), (files.Unchanged, "unchanged"), (files.Failed, "failed"), (files.Cancelled, "cancelled"));

    public static string Of(RowTotals rows) =>
        Of(new FileRows(rows.In, rows.Out, rows.Dropped, rows.Rejected))
        + (rows.InUnchanged == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {rows.InUnchanged} of them in unchanged files"))
        + (rows.Balanced ? "" : ", said not to balance");

    public static string Of(FileRows rows) =>
        string.Create(CultureInfo.InvariantCulture, $"{rows.In} in, {rows.Out} out + {rows.Dropped} dropped + {rows.Rejected} rejected");

    public static string Of(ImmutableSortedDictionary<string, long> codes) =>
        codes.IsEmpty ? "none" : string.Join(", ", codes.Select(code => string.Create(CultureInfo.InvariantCulture, $"{code.Key} {code.Value}")).Order(StringComparer.Ordinal));

    /// <summary><c>3 in, 2 out</c>.</summary>
    public static string Counts(params (long Count, string What)[] counts) =>
        string.Join(", ", counts.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Count} {one.What}")));
}
