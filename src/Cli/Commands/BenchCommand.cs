using System.Text.Json;
using OrleansClean.Cli.Bench;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Commands;

/// <summary><c>bench PLAN [FILES…]</c>: 1, 2, … workers side by side.</summary>
internal sealed class BenchCommand : Card
{
    private const int RepeatsDefault = 3;

    public BenchCommand(Terminal terminal)
        : base("bench", "Run a plan with 1, 2, 4, … workers and show speed-up, efficiency, MB/s, CPU seconds and what limits it. The outputs are thrown away.")
    {
        Examples =
        [
            new("orleansclean bench plan.yaml", "up to as many workers as there are CPUs"),
            new("orleansclean bench plan.yaml -j 8 --repeat 5", "up to 8 workers, the best of five runs each"),
        ];
        Remarks = "MB are a million bytes of input as stored. The first run warms up and is not counted. Exit codes are those of run.";
        var flags = new RunFlags();
        var repeat = CommonOptions.Count("--repeat", [], $"Runs of each; the fastest counts. Default: {RepeatsDefault}.", 100);
        var output = CommonOptions.Output("text", "json");
        flags.AddTo(this);
        Add(repeat);
        Add(output);
        SetAction(async (parsed, cancellationToken) =>
        {
            if (flags.Files(parsed).Contains("-", StringComparer.Ordinal))
            {
                throw new UsageException("bench reads its files several times, and standard input can be read once. Save it to a file first and name the file.");
            }

            var request = flags.Request(parsed);
            var result = await BenchRun.MeasureAsync(
                request, request.Workers ?? Environment.ProcessorCount, parsed.GetValue(repeat) ?? RepeatsDefault, terminal.Say, cancellationToken);
            if (result is null)
            {
                terminal.Say("orleansclean: Every file failed: there is nothing to measure. 'orleansclean run' says why.");
                return ExitCodes.Failed;
            }

            if (parsed.GetValue(output) is "json")
            {
                terminal.Line(JsonSerializer.Serialize(result, CliJson.Default.BenchResult));
            }
            else
            {
                BenchText.Write(terminal, result);
            }

            return result.ExitCode;
        });
    }
}
