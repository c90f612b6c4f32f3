using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Traces;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Commands;

/// <summary><c>why FILE:LINE</c>: the record with a caret, then what each step did to it.</summary>
internal sealed class WhyCommand : Card
{
    public WhyCommand(Terminal terminal)
        : base("why", "Show one record as it stands in the file, then what each step of the plan did to it. Writes nothing.")
    {
        Examples =
        [
            new("orleansclean why in/de.csv:913", "with the plan of the newest batch"),
            new("orleansclean why in/de.csv:913 --plan plan.yaml", "with this plan"),
        ];
        var place = new Argument<string>("FILE:LINE") { Description = "A file and a line of it, as rejects and ledgers name it." };
        var plan = new Option<string?>("--plan") { Description = "The plan. Default: the one of the newest batch.", HelpName = "PLAN" };
        var batch = new BatchAsked();
        var parameters = CommonOptions.Parameters();
        var output = CommonOptions.Output("text", "json");
        Add(place);
        Add(plan);
        batch.AddFolderTo(this);
        Add(parameters);
        Add(output);
        SetAction((parsed, cancellationToken) =>
        {
            var (file, line) = Place(parsed.GetRequiredValue(place));
            var given = CommonOptions.Parameters(parsed, parameters);
            var traced = parsed.GetValue(plan) is { } planPath
                ? TracedFile.Of(planPath, given, file)
                : TracedFile.OfBatch(batch.State(parsed).ReadOrigin(id: null), given, file);
            var trace = Tracing.Of(traced.Plan, traced.Path, new TraceSelection(line), cancellationToken);
            if (parsed.GetValue(output) is "json")
            {
                terminal.Line(JsonSerializer.Serialize(TraceDocument.Of(file, trace), CliJson.Default.TraceDocument));
            }
            else
            {
                terminal.Out.Write(WhyText.Of(trace, file, line));
            }

            return Task.FromResult(0);
        });
    }

    private static (string File, long Line) Place(string place)
    {
        var colon = place.LastIndexOf(':');
        if (colon > 0 && long.TryParse(place.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var line) && line > 0)
        {
            return (place[..colon], line);
        }

        throw new UsageException($"'{place}' is not FILE:LINE. Lines are counted from 1, as an editor counts them: in/a.csv:17.");
    }
}
