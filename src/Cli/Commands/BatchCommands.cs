using System.Text.Json;
using OrleansClean.Cli.Batches;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;

namespace OrleansClean.Cli.Commands;

/// <summary><c>batch list</c>: the batches of an output folder.</summary>
internal sealed class BatchListCommand : Card
{
    public BatchListCommand(Terminal terminal, IClusterDoor? door = null)
        : base("list", "List the batches of an output folder, newest first.")
    {
        Examples = [new("orleansclean batch list", "of the folder near"), new("orleansclean batch list -o jsonl", "as JSON, one line per batch")];
        var batch = new BatchAsked();
        var output = CommonOptions.Output("text", "jsonl");
        var cluster = new ClusterAsked(door);
        batch.AddFolderTo(this);
        Add(output);
        cluster.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            if (cluster.Of(parsed) is { } address)
            {
                return await new ClusterBatches(terminal, cluster, address).ListAsync(parsed.GetValue(output) is "jsonl", cancellationToken);
            }

            var state = batch.State(parsed);
            await using var host = BatchHand.Open(state);
            foreach (var entry in state.Batches())
            {
                var line = await BatchLine.ReadAsync(state, entry, host, cancellationToken);
                terminal.Line(parsed.GetValue(output) is "jsonl" ? JsonSerializer.Serialize(line, CliJson.Default.BatchLine) : line.ToText());
            }

            return ExitCodes.Done;
        });
    }
}

/// <summary><c>batch show</c>: how far a batch is.</summary>
internal sealed class BatchShowCommand : Card
{
    public BatchShowCommand(Terminal terminal, IClusterDoor? door = null)
        : base("show", "Show how far a batch is.")
    {
        Examples = [new("orleansclean batch show", "the latest"), new("orleansclean batch show -o json", "as JSON")];
        var batch = new BatchAsked();
        var output = CommonOptions.Output("text", "json");
        var cluster = new ClusterAsked(door);
        batch.AddTo(this);
        Add(output);
        cluster.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            if (cluster.Of(parsed) is { } address)
            {
                return await new ClusterBatches(terminal, cluster, address).ShowAsync(batch.Id(parsed), parsed.GetValue(output) is "json", cancellationToken);
            }

            var state = batch.State(parsed);
            var id = state.Resolve(batch.Id(parsed));
            await using var host = BatchHand.Open(state);
            var line = await BatchLine.ReadAsync(state, state.Batches().First(b => b.Id == id), host, cancellationToken);
            if (parsed.GetValue(output) is "json")
            {
                terminal.Line(JsonSerializer.Serialize(line, CliJson.Default.BatchLine));
                return ExitCodes.Done;
            }

            terminal.Line(line.ToText());
            if (!line.IsDone && !state.IsInUse)
            {
                terminal.Say("No process of this machine works on it. 'orleansclean batch resume' goes on with it, and so does the command that began it.");
            }

            return ExitCodes.Done;
        });
    }
}

/// <summary><c>batch wait</c>: waits until a batch is done.</summary>
internal sealed class BatchWaitCommand : Card
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    public BatchWaitCommand(Terminal terminal, IClusterDoor? door = null)
        : base("wait", "Wait until a batch is done that another process works on, and print its ledger.")
    {
        Remarks = "Exit codes: those of run; 1 also if nobody works on the batch, 5 also if --timeout is over before it is done.";
        Examples = [new("orleansclean batch wait", "for the latest"), new("orleansclean batch wait --timeout 10m", "not longer than that")];
        var batch = new BatchAsked();
        var timeout = CommonOptions.Parsed<TimeSpan?>(
            "--timeout", [], "TIME", "Give up after this time. The batch goes on.", Quantities.DurationTakes, Quantities.Duration);
        var cluster = new ClusterAsked(door);
        batch.AddTo(this);
        Add(timeout);
        cluster.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            if (cluster.Of(parsed) is { } address)
            {
                var options = new ClusterWaitOptions { Timeout = parsed.GetValue(timeout) };
                return await new ClusterBatches(terminal, cluster, address).WaitAsync(batch.Id(parsed), options, cancellationToken);
            }

            var state = batch.State(parsed);
            var id = state.Resolve(batch.Id(parsed));
            await using var host = BatchHand.Open(state);
            var entry = state.Batches().First(b => b.Id == id);
            for (var waited = TimeSpan.Zero; ; waited += Look)
            {
                // In this order: whoever lets the root go after the first look has written the report before the second.
                var isInUse = state.IsInUse;
                if ((await BatchLine.ReadAsync(state, entry, host, cancellationToken)).IsDone)
                {
                    return BatchHand.Print(terminal, state, id);
                }

                if (!isInUse)
                {
                    terminal.Say($"orleansclean: batch {Visible.Path(id)} is not done, and no process of this machine works on it. 'orleansclean batch resume' goes on with it, and so does the command that began it.");
                    return ExitCodes.Failed;
                }

                if (waited >= parsed.GetValue(timeout))
                {
                    terminal.Say($"orleansclean: batch {Visible.Path(id)} is not done yet.");
                    return ExitCodes.LimitExceeded;
                }

                await Task.Delay(Look, cancellationToken);
            }
        });
    }
}

/// <summary><c>batch cancel</c>: stops a batch for good.</summary>
internal sealed class BatchCancelCommand : Card
{
    public BatchCancelCommand(Terminal terminal, IClusterDoor? door = null)
        : base("cancel", "Stop a batch that nobody works on: what is published stays, nothing else is begun, and the report is written.")
    {
        Examples = [new("orleansclean batch cancel", "the latest")];
        Remarks = "A batch that a process of this machine works on is stopped there, with Ctrl+C.";
        var hand = new BatchHand(door);
        hand.AddTo(this);
        SetAction((parsed, cancellationToken) => hand.FinishAsync(parsed, terminal, (host, id, token) => host.CancelAsync(id, token), cancellationToken));
    }
}

/// <summary><c>batch retry</c>: tries failed and cancelled files again.</summary>
internal sealed class BatchRetryCommand : Card
{
    public BatchRetryCommand(Terminal terminal, IClusterDoor? door = null)
        : base("retry", "Try the failed and cancelled files of a finished batch again.")
    {
        Examples = [new("orleansclean batch retry", "the latest"), new("orleansclean batch retry sales-1f2e3d4c-1 -j 4", "one of them, four files side by side")];
        Remarks = "Exit codes: those of run.";
        var hand = new BatchHand(door);
        hand.AddTo(this);
        SetAction((parsed, cancellationToken) => hand.FinishAsync(parsed, terminal, (host, id, token) => host.RetryAsync(id, token), cancellationToken));
    }
}

/// <summary><c>batch resume</c>: goes on with a batch that nobody works on.</summary>
internal sealed class BatchResumeCommand : Card
{
    public BatchResumeCommand(Terminal terminal, IClusterDoor? door = null)
        : base("resume", "Go on, in this process, with a batch that nobody works on.")
    {
        Examples = [new("orleansclean batch resume", "the latest"), new("orleansclean batch resume --out out", "of that folder")];
        Remarks = "Exit codes: those of run. It may be killed at any time and typed again.";
        var hand = new BatchHand(door);
        hand.AddTo(this);
        SetAction((parsed, cancellationToken) => hand.FinishAsync(parsed, terminal, (host, id, token) => host.ResumeAsync(id, token), cancellationToken));
    }
}

/// <summary><c>batch prune</c>: removes the state of old batches.</summary>
internal sealed class BatchPruneCommand : Card
{
    private const int KeepDefault = 20;

    public BatchPruneCommand(Terminal terminal)
        : base("prune", "Remove what old finished batches left in the state folder. Outputs stay, and rejected rows beside them.")
    {
        Examples = [new("orleansclean batch prune", $"keep the newest {KeepDefault}"), new("orleansclean batch prune --keep 3", "keep fewer")];
        Remarks = "Their ledgers, and the records that rejects show tells, are gone then. Unfinished batches and the latest one stay.";
        var batch = new BatchAsked();
        var keep = CommonOptions.Count("--keep", [], $"Finished batches to keep. Default: {KeepDefault}.", 1_000_000);
        batch.AddFolderTo(this);
        Add(keep);
        SetAction(async (parsed, cancellationToken) =>
        {
            var gone = await batch.State(parsed).PruneAsync(parsed.GetValue(keep) ?? KeepDefault, cancellationToken);
            foreach (var id in gone)
            {
                terminal.Line(Visible.Path(id));
            }

            terminal.Say($"{Amounts.Of(gone.Count, "batch", "batches")} removed.");
            return ExitCodes.Done;
        });
    }
}
