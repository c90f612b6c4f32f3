using System.CommandLine;
using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Streams;

namespace OrleansClean.Cli.Streams;

/// <summary>What <c>run PLAN -</c> takes, and how it is carried out: standard input is cleaned to standard output.</summary>
internal sealed class StreamFlags
{
    /// <summary>The word that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Options that speak of files and places, which a stream does not have.</summary>
    private static readonly string[] OfFilesOnly = ["--out", "--id", "--file-timeout", "--force", "--no-clobber", "--hash-inputs", "--dry-run", "--log"];

    private readonly Option<string?> _rejects = new("--rejects") { Description = "With -: write the records of rejected rows to this file.", HelpName = "FILE" };
    private readonly Option<string?> _temp = new("--temp") { Description = "With -: spill here if the plan must see all rows first.", HelpName = "DIR" };

    private readonly Option<long?> _tempLimit = CommonOptions.Parsed<long?>(
        "--temp-limit", [], "SIZE", "With -: spill at most this much. Default: 16GiB.", Quantities.BytesTakes, Quantities.Bytes);

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public void AddTo(Command command)
    {
        command.Add(_rejects);
        command.Add(_temp);
        command.Add(_tempLimit);
    }

    /// <summary>True if standard input is to be cleaned. Throws <see cref="UsageException"/> for flags that do not go together.</summary>
    public bool IsAsked(ParseResult parsed, IReadOnlyList<string> files)
    {
        if (!files.Contains(StandardInput, StringComparer.Ordinal))
        {
            var stray = new Option[] { _rejects, _temp, _tempLimit }.FirstOrDefault(option => IsTyped(parsed, option.Name));
            return stray is null
                ? false
                : throw new UsageException($"{stray.Name} is for streams: 'orleansclean run PLAN - {stray.Name} …'. The rejected rows of files are kept beside their outputs.");
        }

        if (files.Count > 1)
        {
            throw new UsageException("'-' is standard input and stands alone: name files or '-', not both.");
        }

        var ofFiles = OfFilesOnly.FirstOrDefault(name => IsTyped(parsed, name));
        return ofFiles is null
            ? true
            : throw new UsageException($"{ofFiles} is for files. With '-' rows go from standard input to standard output, and nothing is kept.");
    }

    /// <summary>Cleans standard input to standard output and prints the ledger on standard error.</summary>
    public async Task<int> RunAsync(ParseResult parsed, StreamRun run, CancellationToken cancellationToken)
    {
        var terminal = run.Terminal;
        if (run.Form is "jsonl")
        {
            throw new UsageException("A stream has one report and no list of files: -o takes text or json with '-'.");
        }

        var temp = TempFolder(parsed);
        try
        {
            using var input = terminal.OpenIn();
            using var output = terminal.OpenOut();
            using var rejects = parsed.GetValue(_rejects) is { } path ? File.Create(path) : null;
            var counts = new ProgressCounts();
            var report = await ProgressDisplay.ShowAsync(
                terminal,
                run.IsQuiet ? "none" : run.Progress,
                counts,
                () => StreamRunner.RunAsync(
                    new StreamRequest
                    {
                        PlanPath = run.Batch.PlanPath,
                        Input = input,
                        Output = output,
                        Rejects = rejects,
                        Parameters = run.Batch.Parameters,
                        Workers = run.Batch.Workers,
                        MemoryBytes = run.Batch.MemoryBytes,
                        MaxRejects = run.Batch.MaxRejects,
                        Timeout = run.Batch.Timeout,
                        TempFolder = temp,
                        TempBytesMax = parsed.GetValue(_tempLimit) ?? StreamRequest.TempBytesDefault,
                    },
                    counts,
                    cancellationToken));
            Print(run, report);
            return ExitCodes.Of(report, run.FailOn);
        }
        catch (IOException failure) when (StandardOutput.HasNoReader(failure))
        {
            // As every program in a pipe whose reader has seen enough.
            return ExitCodes.ReaderGone;
        }
    }

    private static bool IsTyped(ParseResult parsed, string option) =>
        parsed.CommandResult.Children.OfType<System.CommandLine.Parsing.OptionResult>().Any(result => result.Option.Name == option && !result.Implicit);

    private static void Print(StreamRun run, BatchReport report)
    {
        if (run.Form is not "text")
        {
            run.Terminal.Say(StreamRunner.ToJson(report));
        }
        else if (!run.IsQuiet || report.Status is not BatchStatus.Done)
        {
            run.Terminal.Error.Write(LedgerText.Of(report, new LedgerOptions { OutputRoot = "", OutputName = "standard output", AllSteps = run.AllSteps, HasNextCommands = false }));
        }
    }

    private string TempFolder(ParseResult parsed)
    {
        if (parsed.GetValue(_temp) is not { } folder)
        {
            return Path.GetTempPath();
        }

        return Directory.Exists(folder) ? folder : throw new UsageException($"There is no folder '{folder}' for --temp. Make it first.");
    }
}

/// <summary>What the other flags of <c>run</c> say about a stream.</summary>
/// <param name="Terminal">The terminal.</param>
/// <param name="Batch">Plan, parameters, workers, limits.</param>
/// <param name="Form">The form of the report.</param>
/// <param name="Progress">How progress is shown.</param>
/// <param name="FailOn">What makes it exit 3.</param>
/// <param name="IsQuiet">Say nothing but what went wrong.</param>
/// <param name="AllSteps">Show every step.</param>
internal sealed record StreamRun(Terminal Terminal, BatchRequest Batch, string Form, string Progress, FailOn FailOn, bool IsQuiet, bool AllSteps);
