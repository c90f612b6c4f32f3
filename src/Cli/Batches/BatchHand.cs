using System.CommandLine;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.State;

namespace OrleansClean.Cli.Batches;

/// <summary>Takes a batch in hand, in this process or on a cluster, and sees it to its end.</summary>
internal sealed class BatchHand(IClusterDoor? door)
{
    private readonly ClusterAsked _cluster = new(door);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly BatchAsked _batch = new();
    private readonly Option<int?> _workers = CommonOptions.Count("--workers", ["-j"], "Files cleaned side by side. Default: the CPUs that this process may use.", 256);

    public void AddTo(Command command)
    {
        _batch.AddTo(command);
        command.Add(_workers);
        _cluster.AddTo(command);
    }

    /// <summary>Asks a host for something about the batch, then works until it is done, and prints its ledger.</summary>
    public async Task<int> FinishAsync(
        ParseResult parsed, Terminal terminal, Func<IBatchHost, string, CancellationToken, Task<HostReply>> ask, CancellationToken cancellationToken)
    {
        if (_cluster.Of(parsed) is { } cluster)
        {
            return await new ClusterBatches(terminal, _cluster, cluster).FinishAsync(_batch.Id(parsed), ask, cancellationToken);
        }

        var state = _batch.State(parsed);
        var id = state.Resolve(_batch.Id(parsed));
        await using (var host = Open(state, parsed.GetValue(_workers) ?? Environment.ProcessorCount))
        {
            var reply = await ask(host, id, cancellationToken);
            if (!reply.IsGood)
            {
                terminal.Say($"orleansclean: {Visible.Message(reply.Message)}");
                return reply.Outcome is HostOutcome.Unavailable ? ExitCodes.Failed : ExitCodes.Usage;
            }

            for (var status = await host.WaitAsync(id, Look, cancellationToken); !status.IsDone; status = await host.WaitAsync(id, Look, cancellationToken))
            {
                if (status.Overview is null || status.Outcome is not HostOutcome.Known)
                {
                    terminal.Say($"orleansclean: {Visible.Message(status.Message)}");
                    return ExitCodes.Failed;
                }
            }
        }

        return Print(terminal, state, id);
    }

    /// <summary>A host over the root of <paramref name="state"/>.</summary>
    public static LocalBatchHost Open(StateFolder state, int workers = 1) =>
        new(new LocalHostOptions { Stores = state.Stores, OutputRoot = state.OutputRoot, Workers = workers });

    /// <summary>Prints the ledger of a batch that is done.</summary>
    public static int Print(Terminal terminal, StateFolder state, string id)
    {
        if (state.ReadReport(id) is not { } report)
        {
            terminal.Say($"orleansclean: batch {Visible.Path(id)} has no report.");
            return ExitCodes.Failed;
        }

        var root = BatchAsked.Shown(state.OutputRoot);
        terminal.Out.Write(LedgerText.Of(report, new LedgerOptions { OutputRoot = root, Where = BatchAsked.Words(root) }));
        return ExitCodes.Of(report);
    }
}
