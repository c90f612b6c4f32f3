using System.CommandLine;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Stores;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Usage;

/// <summary>What says how a batch is run: the options that <c>run</c> and <c>bench</c> share.</summary>
internal sealed class RunFlags
{
    private const int WorkersMax = 256;

    private readonly Argument<string> _plan = new("PLAN") { Description = "The plan: a YAML or JSON file." };

    private readonly Argument<string[]> _files = new("FILES")
    {
        Description = "Files, folders, globs or blob addresses to clean instead of the plan's read.files.",
        HelpName = "FILES…",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int?> _workers =
        CommonOptions.Count("--workers", ["-j"], "Files cleaned side by side. Default: the CPUs that this process may use.", WorkersMax);

    private readonly Option<CpuSet?> _cpus = CommonOptions.Parsed<CpuSet>(
        "--cpus", [], "SET", "Stay on these processors, such as 0-3 or 0,2.", "a set of processors such as 0-3 or 0,2", CpuSet.Parse);

    private readonly Option<long?> _memory = CommonOptions.Parsed<long?>(
        "--memory", [], "SIZE", "Memory that all workers together may use, such as 2GB.", Quantities.BytesTakes, Quantities.Bytes);

    private readonly Option<string[]> _parameters = CommonOptions.Parameters();

    /// <summary>Adds the arguments and options to <paramref name="command"/>.</summary>
    public void AddTo(Command command)
    {
        command.Add(_plan);
        command.Add(_files);
        command.Add(_workers);
        command.Add(_cpus);
        command.Add(_memory);
        command.Add(_parameters);
    }

    /// <summary>The files as they were typed.</summary>
    public string[] Files(ParseResult parsed) => parsed.GetValue(_files) ?? [];

    /// <summary>The batch that was asked for, as far as these flags say. Binds the process to <c>--cpus</c>.</summary>
    public BatchRequest Request(ParseResult parsed)
    {
        var plan = parsed.GetRequiredValue(_plan);
        PlanFile.Check(plan);
        var cpus = parsed.GetValue(_cpus);
        if (cpus?.Apply() is { } refusal)
        {
            throw new UsageException(refusal);
        }

        return new BatchRequest
        {
            PlanPath = plan,
            Inputs = Files(parsed),
            Stores = CommandStores.Instance,
            Workers = parsed.GetValue(_workers) ?? cpus?.Count,
            MemoryBytes = parsed.GetValue(_memory),
            Parameters = CommonOptions.Parameters(parsed, _parameters),
        };
    }

    /// <summary>Reads <c>500</c> or <c>2%</c>.</summary>
    public static RejectLimit? Limit(string text) => RejectLimit.TryParse(text, out var limit) ? limit : null;
}
