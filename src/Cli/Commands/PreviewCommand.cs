using System.CommandLine;
using System.Text.Json;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Traces;
using OrleansClean.Cli.Usage;

namespace OrleansClean.Cli.Commands;

/// <summary><c>preview PLAN FILE</c>: the first rows before and after; nothing is written.</summary>
internal sealed class PreviewCommand : Card
{
    private const int RowsDefault = 10;
    private const int RowsMax = 1_000;

    public PreviewCommand(Terminal terminal)
        : base("preview", "Show the first rows of a file before and after the plan, and every cell that changes. Writes nothing.")
    {
        Examples =
        [
            new("orleansclean preview plan.yaml in/a.csv", "the first 10 rows"),
            new("orleansclean preview plan.yaml in/a.csv --rows 50", "the first 50"),
        ];
        Remarks = "The whole file is read where a step needs it (an aggregate, an order of day and month), so the rows look as they will.";
        var plan = new Argument<string>("PLAN") { Description = "The plan." };
        var file = new Argument<string>("FILE") { Description = "The file to look at." };
        var rows = CommonOptions.Count("--rows", [], $"Rows to show. Default: {RowsDefault}.", RowsMax);
        var parameters = CommonOptions.Parameters();
        var output = CommonOptions.Output("text", "json");
        Add(plan);
        Add(file);
        Add(rows);
        Add(parameters);
        Add(output);
        SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var loaded = PlanFile.Load(parsed.GetRequiredValue(plan), CommonOptions.Parameters(parsed, parameters));
            var selection = new TraceSelection(Line: null, parsed.GetValue(rows) ?? RowsDefault);
            var trace = Tracing.Of(loaded, path, selection, cancellationToken);
            if (parsed.GetValue(output) is "json")
            {
                terminal.Line(JsonSerializer.Serialize(TraceDocument.Of(path, trace), CliJson.Default.TraceDocument));
            }
            else
            {
                PreviewText.Write(terminal, trace, path);
            }

            return Task.FromResult(0);
        });
    }
}
