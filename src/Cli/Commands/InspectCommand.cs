using System.CommandLine;
using System.Text.Json;
using OrleansClean.Cli.Inspection;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Commands;

/// <summary><c>inspect FILES…</c>: what a file is, before there is a plan for it.</summary>
internal sealed class InspectCommand : Card
{
    public InspectCommand(Terminal terminal)
        : base("inspect", "Show how files would be read: encoding, delimiter, header, structure and what is broken. Needs no plan, writes nothing.")
    {
        Examples =
        [
            new("orleansclean inspect in/*.csv", "each of them"),
            new("orleansclean inspect in/a.csv.gz -o json", "as JSON, one document per line and file"),
        ];
        var files = new Argument<string[]>("FILES") { Description = "The files to look at.", HelpName = "FILES…", Arity = ArgumentArity.OneOrMore };
        var output = CommonOptions.Output("text", "json");
        Add(files);
        Add(output);
        SetAction((parsed, cancellationToken) =>
        {
            var paths = parsed.GetRequiredValue(files);
            foreach (var path in paths)
            {
                InputPath.Check(path);
            }

            var failed = 0;
            foreach (var path in paths)
            {
                var inspected = Inspector.Inspect(path, cancellationToken);
                failed += inspected.Failure is null ? 0 : 1;
                terminal.Out.Write(parsed.GetValue(output) is "json"
                    ? JsonSerializer.Serialize(inspected, CliJson.Default.InspectDocument) + "\n"
                    : InspectText.Of(inspected));
            }

            return Task.FromResult(failed == 0 ? ExitCodes.Done : failed == paths.Length ? ExitCodes.Failed : ExitCodes.Partial);
        });
    }
}
