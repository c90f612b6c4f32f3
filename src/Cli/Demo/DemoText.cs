using OrleansClean.Cli.Output;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Verification;

namespace OrleansClean.Cli.Demo;

/// <summary>Everything that the demo measured.</summary>
internal sealed record DemoResult
{
    public required ulong Seed { get; init; }

    public required DemoTruth Truth { get; init; }

    public required DemoProof Proof { get; init; }

    public required BatchReport OneWorker { get; init; }

    public required BatchReport ManyWorkers { get; init; }

    /// <summary>Outputs whose bytes differ between one and many workers.</summary>
    public required int DifferentOutputs { get; init; }

    public required int Outputs { get; init; }

    public required VerifyReport Verified { get; init; }

    /// <summary>True if everything that the demo claims is so.</summary>
    public bool Holds => Proof.Holds && DifferentOutputs == 0 && Verified.Ok;
}

/// <summary>The demo's proof as text.</summary>
internal static class DemoText
{
    private const int DefectsShownMax = 5;

    /// <summary>What was made.</summary>
    public static string Made(DemoTruth truth, ulong seed, string folder)
    {
        var kinds = truth.Defects.GroupBy(defect => defect.Code, StringComparer.Ordinal)
            .OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => $"{kind.Key} {Amounts.Count(kind.Count())}");
        var oddities = truth.Oddities.Select(oddity => $"{oddity.Key} {Amounts.Count(oddity.Value)}");
        return
            $"made     {Amounts.Of(truth.Files.Count, "messy file")}, {Amounts.Bytes(truth.Bytes)}, seed {seed}, in {Visible.Path(folder)}\n" +
            $"odd      {Wrapped(oddities)}\n" +
            $"planted  {Amounts.Of(truth.Defects.Count, "defect")}: {Wrapped(kinds)}\n";
    }

    /// <summary>What was proven. <paramref name="ways"/> says which two ways of cleaning gave the same bytes, if not one worker and many.</summary>
    public static string Proven(DemoResult result, string? ways = null)
    {
        var proof = result.Proof;
        var rows = result.ManyWorkers.Ledger.Rows;
        var many = result.ManyWorkers.Engine.Workers;
        var lines = new List<string>
        {
            Line(proof.Missed.IsEmpty, "found", $"{Amounts.Count(proof.Found)} of {Amounts.Count(result.Truth.Defects.Count)} planted defects, each by its code and its line"),
            Line(proof.FalseAlarms.IsEmpty, "false alarms", Amounts.Count(proof.FalseAlarms.Length)),
            Line(proof.Lost == 0, "lost", $"{Amounts.Count(proof.Lost)}: of {Amounts.Count(result.Truth.OrdersOut.Sum(f => f.Value.Count))} good rows every one came out, in its place"),
            Line(proof.LedgerAgrees, "ledger", $"{Amounts.Count(rows.In)} in = {Amounts.Count(rows.Out)} out + {Amounts.Count(rows.Dropped)} dropped + {Amounts.Count(rows.Rejected)} rejected, as planted"),
            Line(result.DifferentOutputs == 0, "same bytes", $"{Amounts.Count(result.Outputs - result.DifferentOutputs)} of {Amounts.Of(result.Outputs, "output")} are the same {ways ?? $"with 1 and {Amounts.Of(many, "worker")}"}"),
            Line(result.Verified.Ok, "recounted", $"a second reader went over {Amounts.Of(result.Verified.Checks.Sum(check => check.Checked), "thing")} and {(result.Verified.Ok ? "agrees" : "differs")}"),
            "         speed         " + Speed(result.OneWorker, result.ManyWorkers),
        };
        lines.AddRange(proof.Missed.Take(DefectsShownMax).Select(defect => $"         missed        {Place(defect)}"));
        lines.AddRange(proof.FalseAlarms.Take(DefectsShownMax).Select(defect => $"         false alarm   {Place(defect)}"));
        lines.AddRange(result.Verified.Checks.SelectMany(check => check.Failures).Take(DefectsShownMax).Select(failure => $"         differs       {Visible.Text(failure, 300)}"));
        return string.Join('\n', lines) + "\n";
    }

    private static string Speed(BatchReport one, BatchReport many)
    {
        var speedUp = one.Cost.WallSeconds / Math.Max(many.Cost.WallSeconds, 1e-9);
        return $"{Pace(one)}, {Pace(many)}: {Amounts.Ratio(speedUp)} times as fast";
    }

    private static string Pace(BatchReport report) =>
        $"{Amounts.Of(report.Engine.Workers, "worker")} {Amounts.Bytes((long)(report.Ledger.Bytes.In / Math.Max(report.Cost.WallSeconds, 1e-9)))}/s";

    private static string Line(bool holds, string what, string said) => $"  {(holds ? "ok   " : "WRONG")}  {what,-12}  {said}";

    private static string Place(DemoDefect defect) => $"{Visible.Path(defect.File)}:{defect.Line}  {defect.Code}";

    private static string Wrapped(IEnumerable<string> parts)
    {
        var text = "";
        var column = 9;
        foreach (var part in parts)
        {
            var next = text.Length == 0 ? part : " · " + part;
            if (column + next.Length > Terminal.DefaultWidth)
            {
                text += " ·\n         " + part;
                column = 9 + part.Length;
            }
            else
            {
                text += next;
                column += next.Length;
            }
        }

        return text;
    }
}
