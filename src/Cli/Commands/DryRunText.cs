using OrleansClean.Cli.Output;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Commands;

/// <summary>What a run would do, one line per file.</summary>
internal static class DryRunText
{
    /// <summary>Writes <paramref name="preview"/>.</summary>
    public static void Write(Terminal terminal, BatchPreview preview)
    {
        var listing = preview.Listing;
        terminal.Line(
            $"{Visible.Path(listing.PlanName)}   {Amounts.Of(listing.Files, "file")}   {Amounts.Bytes(listing.Bytes)}  ->  " +
            $"{Visible.Folder(Usage.BatchAsked.Shown(listing.OutputRoot))}   {Amounts.Of(listing.Workers, "worker")}   nothing was done\n");
        var width = preview.Files.Select(file => Visible.Path(file.Input).Length).DefaultIfEmpty(0).Max();
        foreach (var file in preview.Files)
        {
            var result = file.Why is null ? $"->  {Visible.Path(file.Output)}" : $"    {Visible.Message(file.Why)}";
            terminal.Line($"  {file.Will,-6}  {Visible.Path(file.Input).PadRight(width)}  {Amounts.Bytes(file.Bytes),8}  {result}");
        }

        foreach (var note in listing.Notes)
        {
            terminal.Say(Visible.Message(note));
        }
    }
}
