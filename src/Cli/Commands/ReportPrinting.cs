using System.Text;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.State;

namespace OrleansClean.Cli.Commands;

/// <summary>Prints what a batch left, byte for byte.</summary>
internal static class ReportPrinting
{
    /// <summary>Prints <c>report.json</c> for <c>json</c>, <c>files.jsonl</c> for <c>jsonl</c>; false if the batch has none yet.</summary>
    public static bool TryPrint(Terminal terminal, StateFolder state, string? id, string form)
    {
        if (form is "json")
        {
            if (state.ReadReportBytes(id) is not { } report)
            {
                return false;
            }

            terminal.Out.Write(Encoding.UTF8.GetString(report));
            return true;
        }

        using var files = state.OpenFiles(id);
        if (files is null)
        {
            return false;
        }

        using var lines = new StreamReader(files, Encoding.UTF8);
        var buffer = new char[1 << 16];
        int read;
        while ((read = lines.Read(buffer)) > 0)
        {
            terminal.Out.Write(buffer, 0, read);
        }

        return true;
    }
}
