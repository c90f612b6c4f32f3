using OrleansClean.Cli.Output;
using OrleansClean.Execution.Verification;

namespace OrleansClean.Cli.Ledgers;

/// <summary>The result of a verification as text.</summary>
internal static class VerifyText
{
    /// <summary>Writes <paramref name="report"/>: one line per check, and what differs below it. <paramref name="outputRoot"/>: what was verified, as the user would write it.</summary>
    public static void Write(Terminal terminal, VerifyReport report, string outputRoot)
    {
        terminal.Line($"{Visible.Path(report.BatchId)}   {Visible.Folder(outputRoot)}\n");
        var names = report.Checks.Select(check => check.Name.Length).DefaultIfEmpty(0).Max();
        var counts = report.Checks.Select(check => Amounts.Count(check.Checked).Length).DefaultIfEmpty(0).Max();
        foreach (var check in report.Checks)
        {
            var word = check.Ok ? "ok    " : "DIFFER";
            terminal.Line($"  {word}  {check.Name.PadRight(names)}  {Amounts.Count(check.Checked).PadLeft(counts)}  {Visible.Text(check.What, 200)}");
            foreach (var failure in check.Failures)
            {
                terminal.Line($"          {Visible.Text(failure, 400)}");
            }

            if (check.FailureCount > check.Failures.Length)
            {
                terminal.Line($"          and {Amounts.Count(check.FailureCount - check.Failures.Length)} more");
            }
        }

        var differences = report.Checks.Sum(check => check.FailureCount);
        terminal.Line(report.Ok ? "\n  everything agrees" : $"\n  {Amounts.Of(differences, "difference")}");
    }
}
