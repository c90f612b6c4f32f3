using System.CommandLine;
using OrleansClean.Cli.Arrays;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Stores;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Arrays;

namespace OrleansClean.Cli.Commands;

/// <summary><c>array SPEC [INPUT]</c>: transforms a numeric array.</summary>
internal sealed class ArrayCommand : Card
{
    private const int WorkersMax = 256;

    private readonly Argument<string> _spec = new("SPEC") { Description = "What to do: a small YAML file that begins with array: 1." };

    private readonly Argument<string?> _input = new("INPUT")
    {
        Description = "The .npy file to read instead of the spec's input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _out = new("--out") { Description = "Write this file instead of the spec's.", HelpName = "FILE" };
    private readonly Option<bool> _inPlace = CommonOptions.Flag("--in-place", [], "Change the array where it stands. The same command continues after a crash.");

    private readonly Option<int?> _workers = CommonOptions.Count(
        "--workers", ["-j"], "Threads that work side by side. Default: the CPUs that this process may use.", WorkersMax);

    private readonly Option<bool> _force = CommonOptions.Flag("--force", [], "Replace a file that this command did not make; in place, apply the spec to its own result.");
    private readonly Option<string> _statistics = CommonOptions.OneOf("--statistics", [], "Measure the elements before and after: all, or none, which is faster.", "all", "none");
    private readonly Option<string> _output = CommonOptions.Output("text", "json");
    private readonly ClusterAsked _cluster;
    private readonly Terminal _terminal;

    public ArrayCommand(Terminal terminal, IClusterDoor? door = null)
        : base("array", "Scale, shift, clip, normalise or cast a .npy array of numbers with all cores, to a new file or where it stands, and report what it was and became.")
    {
        _terminal = terminal;
        _cluster = new ClusterAsked(door);
        Examples =
        [
            new("orleansclean array spec.yaml", "the files that the spec names"),
            new("orleansclean array spec.yaml a.npy --out b.npy", "these files"),
            new("orleansclean array spec.yaml a.npy --in-place", "no second file; killed anywhere, nothing is applied twice"),
            new("orleansclean array spec.yaml a.npy -o json", "the report as JSON"),
            new("orleansclean array spec.yaml blob://data/in/a.npy --out blob://data/out/a.npy", "in blob storage"),
            new("orleansclean array spec.yaml a.npy --out b.npy --cluster demo --store work", "range by range on a cluster"),
        ];
        Remarks =
            "Arrays are float32, float64, int32 or int64, little-endian, in C order. Exit codes: 0 done, or done before; 1 the array cannot be read, an element cannot take a step, " +
            "or the disk refused; 2 bad usage or spec; 130 interrupted and 143 terminated, after which the same command continues.";
        Add(_spec);
        Add(_input);
        Option[] options = [_out, _inPlace, _workers, _force, _statistics, _output];
        foreach (var option in options)
        {
            Add(option);
        }

        _cluster.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var request = new ArrayRequest
        {
            SpecPath = parsed.GetRequiredValue(_spec),
            InputPath = parsed.GetValue(_input),
            OutputPath = parsed.GetValue(_out),
            InPlace = parsed.GetValue(_inPlace),
            Workers = parsed.GetValue(_workers),
            Force = parsed.GetValue(_force),
            Statistics = parsed.GetValue(_statistics) is "all",
        };
        if (_cluster.Of(parsed) is { } cluster)
        {
            ClusterAsked.Refuse(parsed, "it is said where the cluster's silos are started.", "--workers");
            return await OnClusterAsync(parsed, ArrayTransform.ToBatch(request), cluster, cancellationToken);
        }

        Print(parsed, await ArrayTransform.RunAsync(request, CommandStores.Instance, cancellationToken), where: null);
        return ExitCodes.Done;
    }

    private Task<int> OnClusterAsync(ParseResult parsed, ArrayBatchRequest request, ClusterAddress cluster, CancellationToken cancellationToken)
    {
        var progress = new ClusterProgress("array", "range");
        var onCluster = request with { Input = _cluster.Full(request.Input), Output = _cluster.Full(request.Output) };
        return _cluster.WorkAsync(
            cluster,
            _terminal,
            "auto",
            progress,
            async host =>
            {
                var report = await ArrayBatch.RunAsync(onCluster, host, now => progress.Overview = now, cancellationToken);
                return () =>
                {
                    Print(parsed, report, $"cluster {cluster.Name}");
                    return ExitCodes.Done;
                };
            },
            cancellationToken);
    }

    private void Print(ParseResult parsed, ArrayReport report, string? where) =>
        _terminal.Out.Write(parsed.GetValue(_output) is "json" ? report.ToJson() + "\n" : ArrayText.Of(report, where));
}
