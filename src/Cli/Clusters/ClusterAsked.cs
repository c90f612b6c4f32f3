using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;

namespace OrleansClean.Cli.Clusters;

/// <summary><c>--cluster NAME --store STORE</c>: a command that is carried out by a cluster instead of this process.</summary>
internal sealed class ClusterAsked(IClusterDoor? door)
{
    private const string StoreVariable = "ORLEANSCLEAN_STORE";

    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Let this cluster do it.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _store = new("--store")
    {
        Description = $"The folder or address that the cluster's silos share. Default: {StoreVariable}.",
        HelpName = "STORE",
    };

    /// <summary>What a plain command says where a cluster is asked for.</summary>
    public const string WhyNot =
        "a cluster is reached by OrleansClean.Client, the command that is built with Orleans; this one is built without. " +
        "Build the other one, where the packages can be had, with: OrleansMode=present dotnet build src/Client";

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public void AddTo(Command command)
    {
        command.Add(_cluster);
        command.Add(_store);
    }

    /// <summary>The cluster that is asked for, or null. Throws <see cref="UsageException"/> for half of an address, or if there is no door.</summary>
    public ClusterAddress? Of(ParseResult parsed)
    {
        var (cluster, store) = (parsed.GetValue(_cluster), parsed.GetValue(_store));
        if (cluster is null)
        {
            return store is null ? null : throw new UsageException("--store is a cluster's, and --cluster is missing: say which one.");
        }

        if (door is null)
        {
            throw new UsageException($"--cluster: {WhyNot}");
        }

        store ??= Environment.GetEnvironmentVariable(StoreVariable);
        return string.IsNullOrEmpty(store)
            ? throw new UsageException($"--store is missing: name the folder or address that the silos of '{cluster}' were given, or set {StoreVariable}.")
            : new ClusterAddress(cluster, door.Full(store));
    }

    /// <summary>Throws <see cref="UsageException"/> if one of the options that mean nothing to a cluster is given.</summary>
    public static void Refuse(ParseResult parsed, string why, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (parsed.CommandResult.Children.OfType<OptionResult>().Any(option => option.Option.Name == name && !option.Implicit))
            {
                throw new UsageException($"{name} cannot be given with --cluster: {why}");
            }
        }
    }

    /// <summary>A place as every process of the cluster understands it.</summary>
    public string Full(string place) => door?.Full(place) ?? place;

    /// <summary>Acts on a cluster. That no silo answers is told, and the exit code is 1.</summary>
    public Task<int> ActAsync(ClusterAddress cluster, Terminal terminal, Func<IBatchHost, Task<int>> act, CancellationToken cancellationToken) =>
        SayAsync(terminal, () => door!.ActAsync(cluster, act, cancellationToken));

    /// <summary>
    /// Has a cluster do work other than cleaning, shows <paramref name="progress"/> meanwhile, and then lets <paramref name="act"/>'s answer say what came of it and which exit code
    /// that is. Interrupted, it leaves the work alone: the same command waits for it again.
    /// </summary>
    public Task<int> WorkAsync(
        ClusterAddress cluster, Terminal terminal, string progressKind, ClusterProgress progress, Func<IWorkHost, Task<Func<int>>> act, CancellationToken cancellationToken) =>
        SayAsync(terminal, () => door!.ActOnWorkAsync(
            cluster,
            async host =>
            {
                try
                {
                    var tell = await ProgressDisplay.ShowAsync(terminal, progressKind, progress, () => act(host));
                    return tell();
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    terminal.Say($"The cluster {cluster.Name} goes on without this command. The same command waits for it again.");
                    return ExitCodes.Interrupted;
                }
            },
            cancellationToken));

    private static async Task<int> SayAsync(Terminal terminal, Func<Task<int>> act)
    {
        try
        {
            return await act();
        }
        catch (TimeoutException e)
        {
            terminal.Say($"orleansclean: {Visible.Message(e.Message)}");
            return ExitCodes.Failed;
        }
    }

    /// <summary>Words that name the cluster for the next command.</summary>
    public static string Words(ClusterAddress cluster) => $"--cluster {cluster.Name} --store {ShellWord.Of(BatchAsked.Shown(cluster.Store))}";
}
