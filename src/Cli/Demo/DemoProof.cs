using System.Collections.Immutable;
using OrleansClean.Execution.Rejects;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;

namespace OrleansClean.Cli.Demo;

/// <summary>What a cleaning found, held against what was planted.</summary>
internal sealed record DemoProof
{
    /// <summary>Defects that were found where they were planted, with their code.</summary>
    public required int Found { get; init; }

    /// <summary>Planted and not found.</summary>
    public required ImmutableArray<DemoDefect> Missed { get; init; }

    /// <summary>Found and not planted.</summary>
    public required ImmutableArray<DemoDefect> FalseAlarms { get; init; }

    /// <summary>Orders that should have come out and did not, or came out without reason.</summary>
    public required long Lost { get; init; }

    /// <summary>True if the ledger's rows are the planted ones, to the last one.</summary>
    public required bool LedgerAgrees { get; init; }

    /// <summary>True if nothing is missed, falsely alarmed or lost.</summary>
    public bool Holds => Missed.IsEmpty && FalseAlarms.IsEmpty && Lost == 0 && LedgerAgrees;

    /// <summary>Compares <paramref name="report"/>, the rejects in <paramref name="state"/> and the outputs with the truth.</summary>
    public static DemoProof Of(DemoTruth truth, BatchReport report, StateFolder state, string outputFolder)
    {
        var found = new HashSet<DemoDefect>();
        foreach (var reject in new RejectStore(state, report.BatchId).Read())
        {
            found.Add(new DemoDefect(Path.GetFileName(reject.File), reject.Line, reject.Code));
        }

        foreach (var file in report.Files.Where(file => file.Failure is not null))
        {
            found.Add(new DemoDefect(Path.GetFileName(file.Path), 0, file.Failure!.Code));
        }

        var planted = truth.Defects.ToHashSet();
        var rows = report.Ledger.Rows;
        return new DemoProof
        {
            Found = planted.Count(found.Contains),
            Missed = [.. planted.Where(defect => !found.Contains(defect)).OrderBy(defect => defect.File, StringComparer.Ordinal)],
            FalseAlarms = [.. found.Where(defect => !planted.Contains(defect)).OrderBy(defect => defect.File, StringComparer.Ordinal)],
            Lost = truth.OrdersOut.Sum(file => Differences(file.Value, Path.Combine(outputFolder, OutputName(file.Key)))),
            LedgerAgrees = rows.Balanced && rows.In == truth.RowsIn && rows.Dropped == truth.RowsDropped,
        };
    }

    /// <summary>The name that the demo's plan gives to the output of <paramref name="input"/>.</summary>
    public static string OutputName(string input) => input.Replace(".csv.gz", ".csv", StringComparison.Ordinal);

    private static long Differences(IReadOnlyList<string> expected, string path)
    {
        var orders = File.Exists(path) ? FirstCells(File.ReadAllText(path)).Skip(1).ToList() : [];
        var common = Math.Min(expected.Count, orders.Count);
        var different = Enumerable.Range(0, common).Count(i => !string.Equals(expected[i], orders[i], StringComparison.Ordinal));
        return different + Math.Abs(expected.Count - orders.Count);
    }

    // Knows of CSV only that a line end inside quotes ends no record: enough here, and no code of the engine.
    private static IEnumerable<string> FirstCells(string text)
    {
        var start = 0;
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            isQuoted ^= text[i] == '"';
            if (text[i] == '\n' && !isQuoted)
            {
                yield return text[start..text.IndexOf(',', start)];
                start = i + 1;
            }
        }
    }
}
