using System.CommandLine;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Cli.Stores;
using OrleansClean.Cli.Streams;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;

namespace OrleansClean.Cli.Commands;

/// <summary><c>run PLAN [FILES…]</c>: cleans files by a plan and prints the ledger.</summary>
internal sealed class RunCommand : Card
{
    private readonly RunFlags _flags = new();
    private readonly Option<string> _output = CommonOptions.Output("text", "json", "jsonl");

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write below this folder or blob address instead of the plan's folder.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _id = new("--id") { Description = "The batch's name. Default: made of the plan and its inputs.", HelpName = "ID" };
    private readonly Option<string> _progress = CommonOptions.OneOf("--progress", [], "How progress is shown on standard error.", "auto", "plain", "json", "none");
    private readonly Option<FailOn> _failOn = FailOnOption();

    private readonly Option<RejectLimit?> _maxRejects = CommonOptions.Parsed<RejectLimit>(
        "--max-rejects", [], "N|P%", "Publish nothing if more rows than this are rejected.", "a count such as 500 or a share such as 2%", RunFlags.Limit);

    private readonly Option<TimeSpan?> _timeout = Duration("--timeout", "Stop after this time; the same command continues.");
    private readonly Option<TimeSpan?> _fileTimeout = Duration("--file-timeout", "Give up on a file after this time.");
    private readonly Option<bool> _force = CommonOptions.Flag("--force", [], "Clean files again whose output is up to date.");
    private readonly Option<bool> _noClobber = CommonOptions.Flag("--no-clobber", [], "Never replace a file that this plan did not write.");
    private readonly Option<bool> _hashInputs = CommonOptions.Flag("--hash-inputs", [], "Record the SHA-256 of every input.");
    private readonly Option<bool> _dryRun = CommonOptions.Flag("--dry-run", ["-n"], "List what would be done, and do nothing.");
    private readonly Option<bool> _quiet = CommonOptions.Flag("--quiet", ["-q"], "Say nothing but what went wrong.");
    private readonly Option<bool> _verbose = CommonOptions.Flag("--verbose", ["-v"], "Log every event on standard error; show every step.");
    private readonly Option<bool> _noWait = CommonOptions.Flag("--no-wait", [], "With --cluster: submit, print the batch's name, and return.");
    private readonly ClusterAsked _cluster;
    private readonly Option<string?> _log = new("--log") { Description = "Append every event to this file.", HelpName = "FILE" };
    private readonly StreamFlags _stream = new();
    private readonly Terminal _terminal;

    public RunCommand(Terminal terminal, IClusterDoor? door = null)
        : base("run", "Clean files by a plan, side by side, and print the ledger: every row that went in is in it once.")
    {
        _terminal = terminal;
        _cluster = new ClusterAsked(door);
        Examples =
        [
            new("orleansclean run plan.yaml", "the files that the plan names"),
            new("orleansclean run plan.yaml 'in/**/*.csv'", "these files"),
            new("orleansclean run plan.yaml blob://lake/raw/2026 --out blob://lake/clean", "blobs of a named account"),
            new("orleansclean run plan.yaml -n", "what would be done"),
            new("orleansclean run plan.yaml --param year=2026", "with a parameter"),
            new("orleansclean run plan.yaml --max-rejects 2%", "nothing is published if more is rejected"),
            new("orleansclean run plan.yaml -o json", "the report as JSON"),
            new("orleansclean run plan.yaml --cluster demo --store work", "on a cluster"),
            new("orleansclean run plan.yaml - < big.csv > out.csv", "a stream: rows in, rows out, the ledger on standard error"),
        ];
        Remarks =
            "Exit codes: 0 done; 1 every file failed, or the run itself did; 2 bad usage or plan, nothing was written; 3 --fail-on matched; " +
            "4 some files failed; 5 a limit was exceeded; 130 interrupted, 143 terminated, 141 nobody reads standard output any more. After 130, 143 and a timeout the same command continues. " +
            "A file whose name begins with - goes after --.";
        _flags.AddTo(this);
        _stream.AddTo(this);
        Option[] options =
        [
            _out, _id, _output, _progress, _failOn, _maxRejects, _timeout, _fileTimeout,
            _force, _noClobber, _hashInputs, _dryRun, _quiet, _verbose, _log,
        ];
        foreach (var option in options)
        {
            Add(option);
        }

        _cluster.AddTo(this);
        Add(_noWait);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (_cluster.Of(parsed) is { } cluster)
        {
            return await RunOnClusterAsync(parsed, cluster, cancellationToken);
        }

        if (parsed.GetValue(_noWait))
        {
            throw new UsageException("--no-wait needs --cluster: nobody else would go on with the batch.");
        }

        if (_stream.IsAsked(parsed, _flags.Files(parsed)))
        {
            var stream = new StreamRun(
                _terminal,
                Request(parsed),
                parsed.GetValue(_output)!,
                parsed.GetValue(_progress)!,
                parsed.GetValue(_failOn),
                parsed.GetValue(_quiet),
                parsed.GetValue(_verbose));
            return await _stream.RunAsync(parsed, stream, cancellationToken);
        }

        var asked = Request(parsed);
        using var log = RunLog.Open(_terminal, parsed.GetValue(_verbose), parsed.GetValue(_log));
        var request = asked with { Log = log.Entries };
        if (parsed.GetValue(_dryRun))
        {
            var preview = await BatchRunner.ListAsync(request, cancellationToken);
            DryRunText.Write(_terminal, preview);
            return ExitCodes.Of(preview);
        }

        var isQuiet = parsed.GetValue(_quiet);
        var counts = new ProgressCounts { OnListed = isQuiet ? null : listing => SayListing(listing) };
        var report = await ProgressDisplay.ShowAsync(
            _terminal,
            isQuiet ? "none" : parsed.GetValue(_progress)!,
            counts,
            () => BatchRunner.RunAsync(request, counts, cancellationToken));
        Print(parsed, report, counts.Listing?.OutputRoot ?? ".");
        return ExitCodes.Of(report, parsed.GetValue(_failOn));
    }

    private Task<int> RunOnClusterAsync(ParseResult parsed, ClusterAddress cluster, CancellationToken cancellationToken)
    {
        ClusterAsked.Refuse(parsed, "it is said where the cluster's silos are started.", "--workers", "--cpus", "--memory");
        ClusterAsked.Refuse(parsed, "the silos log what they do.", "--log");
        ClusterAsked.Refuse(parsed, "the cluster lists the files itself. Leave out --cluster to see what would be done.", "--dry-run");
        var options = new ClusterWaitOptions
        {
            Form = parsed.GetValue(_output)!,
            Progress = parsed.GetValue(_progress)!,
            IsQuiet = parsed.GetValue(_quiet),
            AllSteps = parsed.GetValue(_verbose),
            FailOn = parsed.GetValue(_failOn),
        };
        return new ClusterRun(_terminal, _cluster, cluster).RunAsync(Request(parsed), options, parsed.GetValue(_noWait), cancellationToken);
    }

    private BatchRequest Request(ParseResult parsed) => _flags.Request(parsed) with
    {
        OutputDirectory = parsed.GetValue(_out),
        Id = parsed.GetValue(_id),
        MaxRejects = parsed.GetValue(_maxRejects),
        Timeout = parsed.GetValue(_timeout),
        FileTimeout = parsed.GetValue(_fileTimeout),
        Force = parsed.GetValue(_force),
        NoClobber = parsed.GetValue(_noClobber),
        HashInputs = parsed.GetValue(_hashInputs),
    };

    private void Print(ParseResult parsed, BatchReport report, string outputRoot)
    {
        var form = parsed.GetValue(_output);
        if (form is "text")
        {
            if (!parsed.GetValue(_quiet) || report.Status is not BatchStatus.Done)
            {
                _terminal.Out.Write(LedgerText.Of(report, new LedgerOptions
                {
                    OutputRoot = BatchAsked.Shown(outputRoot),
                    AllSteps = parsed.GetValue(_verbose),
                    Where = BatchAsked.Words(outputRoot),
                }));
            }

            return;
        }

        var state = StateFolder.Open(outputRoot, CommandStores.Instance);
        if (!ReportPrinting.TryPrint(_terminal, state, report.BatchId, form!))
        {
            _terminal.Say($"orleansclean: {report.Status}: {Visible.Message(report.Message ?? "the batch is not finished and has no report yet.")}");
        }
    }

    private void SayListing(BatchListing listing)
    {
        if (listing.IsContinued)
        {
            var since = listing.AppearedSince == 0 ? "" : $" {Amounts.Of(listing.AppearedSince, "file")} appeared since and wait for the next run.";
            _terminal.Say($"Continues {listing.BatchId} with the files that it began with.{since}");
        }

        foreach (var note in listing.Notes)
        {
            _terminal.Say(Visible.Message(note));
        }
    }

    private static Option<TimeSpan?> Duration(string name, string description) =>
        CommonOptions.Parsed<TimeSpan?>(name, [], "TIME", description, Quantities.DurationTakes, Quantities.Duration);

    private static Option<FailOn> FailOnOption() => new("--fail-on")
    {
        Description = "Exit 3 if there are any: rejects, warnings. May be repeated.",
        HelpName = "WHAT",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var all = FailOn.Nothing;
            foreach (var token in result.Tokens)
            {
                var one = token.Value switch { "rejects" => FailOn.Rejects, "warnings" => FailOn.Warnings, _ => FailOn.Nothing };
                all |= one;
                if (one == FailOn.Nothing)
                {
                    result.AddError($"--fail-on takes rejects or warnings, not '{token.Value}'.");
                }
            }

            return all;
        },
    };
}
