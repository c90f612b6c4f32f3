using System.CommandLine;
using System.Globalization;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Demo;
using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Traces;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Commands;

/// <summary><c>demo</c>: messy files with known defects, cleaned, and proof that nothing was lost.</summary>
internal sealed class DemoCommand : Card
{
    private const ulong SeedDefault = 1;
    private const int ClusterSilosMax = 16;

    private readonly Option<string?> _keep = new("--keep") { Description = "Make the files in this folder, and leave them there.", HelpName = "DIR" };

    private readonly Option<ulong?> _seed = CommonOptions.Parsed<ulong?>(
        "--seed", [], "N", $"Plant other defects. Default: {SeedDefault}.", "a whole number", text =>
            ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null);

    private readonly Option<int?> _workers = CommonOptions.Count("--workers", ["-j"], "Workers of the faster run. Default: the CPUs.", 256);

    private readonly Option<int?> _silos =
        CommonOptions.Count("--silos", [], "Clean on a cluster of so many silos on this machine, and kill one in the middle.", ClusterSilosMax);

    private readonly Terminal _terminal;
    private readonly IClusterDoor? _door;

    public DemoCommand(Terminal terminal, IClusterDoor? door = null)
        : base("demo", $"Make {DemoFiles.Count} messy files with known defects, clean them, and prove that every defect was found and nothing was lost.")
    {
        _terminal = terminal;
        _door = door;
        Examples =
        [
            new("orleansclean demo", "about ten seconds"),
            new("orleansclean demo --silos 3", "on three silos, one of which is killed"),
            new("orleansclean demo --keep mess --seed 7", "other defects, and the files stay"),
        ];
        Remarks = "Exit codes: 0 everything that it claims is so; 1 something is not.";
        Add(_keep);
        Add(_seed);
        Add(_workers);
        Add(_silos);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var silos = parsed.GetValue(_silos);
        if (silos is not null && _door is null)
        {
            throw new UsageException($"--silos: {ClusterAsked.WhyNot}");
        }

        if (silos is 1)
        {
            throw new UsageException("--silos takes 2 or more: one is killed, and the others go on.");
        }

        var keep = parsed.GetValue(_keep);
        var folder = Folder(keep);
        try
        {
            var seed = parsed.GetValue(_seed) ?? SeedDefault;
            var demo = new DemoRun(folder, seed, parsed.GetValue(_workers) ?? Math.Max(2, Environment.ProcessorCount));
            var truth = demo.Make(cancellationToken);
            _terminal.Line(DemoText.Made(truth, seed, keep is null ? "a temporary folder" : BatchAsked.Shown(folder)));
            if (silos is { } count)
            {
                return await _door!.DemoAsync(demo, truth, count, _terminal, cancellationToken);
            }

            var report = await demo.CleanAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            _terminal.Line(LedgerText.Of(report, new LedgerOptions { OutputRoot = "out/", HasNextCommands = false }));
            var result = await demo.ProveAsync(truth, report, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            _terminal.Line(DemoText.Proven(result));
            ShowOne(demo, truth, cancellationToken);
            Next(keep);
            return result.Holds ? ExitCodes.Done : ExitCodes.Failed;
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Folder(string? keep)
    {
        if (keep is null)
        {
            return Directory.CreateTempSubdirectory("orleansclean-demo-").FullName;
        }

        if (File.Exists(keep) || (Directory.Exists(keep) && Directory.EnumerateFileSystemEntries(keep).Any()))
        {
            throw new UsageException($"'{keep}' is not an empty folder. Name a new one: the demo fills it.");
        }

        return Directory.CreateDirectory(keep).FullName;
    }

    private void ShowOne(DemoRun demo, DemoTruth truth, CancellationToken cancellationToken)
    {
        var defect = truth.Defects.FirstOrDefault(defect => defect.Code is ProblemCodes.TypeError);
        if (defect.File is null)
        {
            return;
        }

        var plan = PlanFile.Load(demo.PlanPath, new Dictionary<string, string>(StringComparer.Ordinal));
        var trace = Tracing.Of(plan, Path.Combine(demo.InputFolder, defect.File), new TraceSelection(defect.Line), cancellationToken);
        _terminal.Line("one of them in full:\n");
        _terminal.Line(WhyText.Of(trace, $"in/{defect.File}", defect.Line));
    }

    private void Next(string? keep)
    {
        if (keep is not null)
        {
            _terminal.Line($"  orleansclean rejects show --out {ShellWord.Of(Path.Combine(keep, "out"))}   all that were planted");
        }

        _terminal.Line("  orleansclean inspect YOUR.csv                        what kind of CSV is yours?");
        _terminal.Line("  orleansclean plan new --from YOUR.csv > plan.yaml    a plan to begin with");
    }
}
