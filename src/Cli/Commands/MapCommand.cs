using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Mapping;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Cli.Commands;

/// <summary><c>map NAME --inputs FILE</c>: calls a function for every line.</summary>
internal sealed class MapCommand : Card
{
    private const int WorkersMax = 256;
    private const int ChunkSizeMax = 1_000_000;
    private const int MemoMax = 100_000_000;
    private const int RetriesMax = 100;

    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The function. --list shows which there are.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _inputs = new("--inputs") { Description = "The inputs, one a line; - for standard input.", HelpName = "FILE" };

    private readonly Option<string?> _library = new("--library")
    {
        Description = "Take the function from this .NET library. It runs in worker processes.",
        HelpName = "PATH.dll",
    };

    private readonly Option<string[]> _parameters = CommonOptions.Parameters("function");

    private readonly Option<int?> _workers =
        CommonOptions.Count("--workers", ["-j"], "Inputs worked on side by side. Default: the CPUs that this process may use.", WorkersMax);

    private readonly Option<CpuSet?> _cpus = CommonOptions.Parsed<CpuSet>(
        "--cpus", [], "SET", "Stay on these processors, such as 0-3 or 0,2.", "a set of processors such as 0-3 or 0,2", CpuSet.Parse);

    private readonly Option<ChunkSize?> _chunkSize = CommonOptions.Parsed<ChunkSize>(
        "--chunk-size",
        [],
        "auto|N",
        "Inputs that a worker takes at once. Default: auto, as many as take some milliseconds.",
        string.Create(CultureInfo.InvariantCulture, $"auto or a whole number from 1 to {ChunkSizeMax}"),
        ChunkSize.Parse);

    private readonly Option<bool> _asCompleted = CommonOptions.Flag("--as-completed", [], "Print results as they are ready, not in the order of inputs.");
    private readonly Option<TimeSpan?> _timeout = Duration("--timeout", "Stop after this time; what is done then is printed.");
    private readonly Option<TimeSpan?> _inputTimeout = Duration("--input-timeout", "Give up on an input after this time.");

    private readonly Option<int?> _retries =
        CommonOptions.Count("--retries", [], "Try an input again, up to so many times, if the function failed or ended its process.", RetriesMax);

    private readonly Option<Reduction?> _reduce = CommonOptions.Parsed<Reduction?>(
        "--reduce", [], "sum|min|max|count", "Print one number for all results instead.", "sum, min, max or count", ReductionOf);

    private readonly Option<int?> _memo =
        CommonOptions.Count("--memo", [], "Remember up to so many results of a function that says it is pure.", MemoMax);

    private readonly Option<long?> _memory = CommonOptions.Parsed<long?>(
        "--worker-memory", [], "SIZE", "Memory that the function may use in one worker process, such as 512MB.", Quantities.BytesTakes, Quantities.Bytes);

    private readonly Option<string?> _out = new("--out")
    {
        Description = "Write the results to a file in this folder; the same command goes on after a kill.",
        HelpName = "DIR",
    };

    private readonly Option<string> _output = CommonOptions.Output("jsonl", "text");
    private readonly Option<string> _progress = CommonOptions.OneOf("--progress", [], "How progress is shown on standard error.", "auto", "plain", "json", "none");
    private readonly Option<bool> _list = CommonOptions.Flag("--list", [], "List the functions, of --library if it is given.");
    private readonly Option<bool> _quiet = CommonOptions.Flag("--quiet", ["-q"], "Say nothing but what went wrong.");
    private readonly Option<bool> _verbose = CommonOptions.Flag("--verbose", ["-v"], "Show what worker processes print, with their names.");
    private readonly ClusterAsked _cluster;
    private readonly Terminal _terminal;

    public MapCommand(Terminal terminal, IClusterDoor? door = null)
        : base("map", "Call a function for every line of a file, side by side: results in the order of inputs, failures beside them.")
    {
        _terminal = terminal;
        _cluster = new ClusterAsked(door);
        Examples =
        [
            new("orleansclean map --list", "the functions that come with it"),
            new("orleansclean map heavy-compute --inputs numbers.txt", "the article's heavy function"),
            new("orleansclean map is-prime --inputs - -o text", "of standard input, the results alone"),
            new("orleansclean map square --inputs numbers.txt --reduce sum", "one number for all"),
            new("orleansclean map price --library shop.dll --inputs skus.txt", "a function of yours"),
            new("orleansclean map sha256 --inputs names.txt --out results", "to a file; can be gone on with"),
            new("orleansclean map sha256 --inputs names.txt --out results --cluster demo --store work", "on a cluster"),
        ];
        Remarks =
            "Exit codes: 0 every input has a result; 1 none has, or the map itself failed; 2 bad usage, nothing was done; 4 some inputs failed; " +
            "5 --timeout; 130 interrupted and 143 terminated. With --out the same command goes on after these. A function of a library may loop for ever or crash: give it --input-timeout.";
        Add(_name);
        Option[] options =
        [
            _inputs, _library, _parameters, _workers, _cpus, _chunkSize, _asCompleted, _timeout, _inputTimeout, _retries, _reduce, _memo, _memory,
            _out, _output, _progress, _list, _quiet, _verbose,
        ];
        foreach (var option in options)
        {
            Add(option);
        }

        _cluster.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_list))
        {
            return await ListAsync(parsed, cancellationToken);
        }

        var name = parsed.GetValue(_name) ?? throw new UsageException("NAME is missing. 'orleansclean map --list' lists the functions.");
        var path = parsed.GetValue(_inputs) ?? throw new UsageException("The inputs are missing: --inputs FILE, or --inputs - for standard input.");
        if (parsed.GetValue(_cpus)?.Apply() is { } refusal)
        {
            throw new UsageException(refusal);
        }

        var cluster = _cluster.Of(parsed);
        if (parsed.GetValue(_out) is { } directory)
        {
            var map = Request(parsed, name, Stream.Null, Stream.Null);
            var folder = new MapToFolder(_terminal, parsed.GetValue(_quiet), parsed.GetValue(_progress)!);
            if (cluster is null)
            {
                return await folder.RunAsync(path, directory, map, cancellationToken);
            }

            ClusterAsked.Refuse(parsed, "it is said where the cluster's silos are started.", "--workers", "--cpus");
            ClusterAsked.Refuse(parsed, "the cluster goes on when this command ends.", "--timeout");
            ClusterAsked.Refuse(parsed, "silos remember no results.", "--memo");
            return await folder.RunAsync(path, directory, map, _cluster, cluster, cancellationToken);
        }

        if (cluster is not null)
        {
            throw new UsageException("--cluster needs --out: the results lie in a folder or at an address that the cluster's silos share.");
        }

        var (stream, bytes) = MapInputs.Open(path, _terminal);
        var progress = new MapProgress(bytes);
        await using var inputs = new CountedInput(stream, progress.Read);
        await using var output = _terminal.OpenOut();
        var request = Request(parsed, name, inputs, output) with { Progress = progress.Advance };
        var isQuiet = parsed.GetValue(_quiet);
        LineMapReport report;
        try
        {
            report = await ProgressDisplay.ShowAsync(
                _terminal,
                isQuiet ? "none" : parsed.GetValue(_progress)!,
                progress,
                () => LineMap.RunAsync(request, cancellationToken));
        }
        catch (IOException e) when (StandardOutput.HasNoReader(e))
        {
            _terminal.Say("orleansclean: nobody reads the results any more, so the map was stopped.");
            return ExitCodes.Failed;
        }

        if (isQuiet)
        {
            MapText.SayFailures(_terminal, report);
        }
        else
        {
            MapText.Say(_terminal, name, request, report);
        }

        return MapText.ExitCode(report);
    }

    private LineMapRequest Request(ParseResult parsed, string name, Stream inputs, Stream output)
    {
        var library = parsed.GetValue(_library);
        if (library is null && parsed.GetValue(_memory) is not null)
        {
            throw new UsageException("--worker-memory is for functions of a --library: those that come with the command run in this process.");
        }

        return new LineMapRequest
        {
            Function = new FunctionReference(name, library, CommonOptions.Parameters(parsed, _parameters)),
            Inputs = inputs,
            Output = output,
            Form = parsed.GetValue(_output) is "text" ? LineForm.Plain : LineForm.JsonLines,
            Reduction = parsed.GetValue(_reduce),
            AsCompleted = parsed.GetValue(_asCompleted),
            ChunkSize = parsed.GetValue(_chunkSize)?.Count,
            Workers = parsed.GetValue(_workers) ?? parsed.GetValue(_cpus)?.Count,
            InputTimeout = parsed.GetValue(_inputTimeout),
            Timeout = parsed.GetValue(_timeout),
            RetriesMax = parsed.GetValue(_retries) ?? 0,
            MemoMax = parsed.GetValue(_memo) ?? 0,
            Worker = library is null ? null : WorkerProgram.Find(),
            WorkerMemoryBytes = parsed.GetValue(_memory),
            WorkerSaid = parsed.GetValue(_verbose) ? (worker, line) => _terminal.Say($"[{worker}] {Visible.Text(line, Visible.MessageMax)}") : null,
        };
    }

    private async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var library = parsed.GetValue(_library);
        var functions = await LineMap.ListAsync(library, library is null ? null : WorkerProgram.Find(), cancellationToken);
        if (parsed.GetValue(_output) is "jsonl" && parsed.GetResult(_output) is { Implicit: false })
        {
            foreach (var function in functions)
            {
                _terminal.Line(JsonSerializer.Serialize(function, CliJson.Default.MapFunctionInfo));
            }
        }
        else
        {
            FunctionListText.Write(_terminal, functions);
        }

        return ExitCodes.Done;
    }

    private static Option<TimeSpan?> Duration(string name, string description) =>
        CommonOptions.Parsed<TimeSpan?>(name, [], "TIME", description, Quantities.DurationTakes, Quantities.Duration);

    private static Reduction? ReductionOf(string word) => word switch
    {
        "sum" => Reduction.Sum,
        "min" => Reduction.Min,
        "max" => Reduction.Max,
        "count" => Reduction.Count,
        _ => null,
    };

    /// <summary>What <c>--chunk-size</c> takes; no count means that the map chooses.</summary>
    private sealed record ChunkSize(int? Count)
    {
        public static ChunkSize? Parse(string text) =>
            text is "auto" ? new ChunkSize((int?)null)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= ChunkSizeMax ? new ChunkSize(count)
            : null;
    }
}
