using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Cli.Stores;
using OrleansClean.Execution;
using OrleansClean.Execution.Mapping;
using OrleansClean.Storage.AzureBlobs;

namespace OrleansClean.Cli.Mapping;

/// <summary><c>map … --out DIR</c>: a map that can be gone on with.</summary>
internal sealed class MapToFolder(Terminal terminal, bool isQuiet, string progressKind)
{
    /// <summary>Maps, or goes on; says what came of it, and where the result stands.</summary>
    public async Task<int> RunAsync(string inputs, string directory, LineMapRequest map, CancellationToken cancellationToken)
    {
        await CheckAsync(inputs, map);
        var progress = new MapProgress(bytes: null);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (map.Timeout is { } timeout)
        {
            time.CancelAfter(timeout);
        }

        MapBatchReport report;
        try
        {
            var request = new MapBatchRequest(inputs, directory, map with { Timeout = null, Progress = progress.Advance });
            report = await ProgressDisplay.ShowAsync(terminal, isQuiet ? "none" : progressKind, progress, () => MapBatch.RunAsync(request, time.Token, CommandStores.Instance));
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            terminal.Say($"{Visible.Path(map.Function.Name)}: stopped by --timeout; what is done is kept, and the same command goes on.");
            return ExitCodes.LimitExceeded;
        }

        return Say(map.Function.Name, map, report, where: null);
    }

    /// <summary>The same on a cluster.</summary>
    public async Task<int> RunAsync(
        string inputs, string directory, LineMapRequest map, ClusterAsked asked, ClusterAddress cluster, CancellationToken cancellationToken)
    {
        await CheckAsync(inputs, map);
        var progress = new ClusterProgress(map.Function.Name, "chunk");
        var request = new MapBatchRequest(asked.Full(inputs), asked.Full(directory), map);
        return await asked.WorkAsync(
            cluster,
            terminal,
            isQuiet ? "none" : progressKind,
            progress,
            async host =>
            {
                var report = await MapBatch.RunAsync(request, host, now => progress.Overview = now, cancellationToken);
                return () => Say(map.Function.Name, map, report, $"cluster {cluster.Name}");
            },
            cancellationToken);
    }

    private async Task CheckAsync(string inputs, LineMapRequest map)
    {
        if (inputs is "-")
        {
            throw new UsageException("--out needs a file of inputs: what came from standard input is gone when the command goes on. Save it first, and name the file.");
        }

        if (map.AsCompleted)
        {
            throw new UsageException("--as-completed is for results that are printed: those of --out are in the order of inputs.");
        }

        if (!BlobConnections.IsAddress(inputs))
        {
            // Looked at first, for the messages: the map itself opens it as it needs it.
            var (stream, _) = MapInputs.Open(inputs, terminal);
            await stream.DisposeAsync();
        }
    }

    /// <summary>Says what came of a map, and answers the exit code. <paramref name="request"/> is null where nobody knows it any more.</summary>
    public int Say(string name, LineMapRequest? request, MapBatchReport report, string? where)
    {
        if (isQuiet)
        {
            MapText.SayFailures(terminal, report.Counts);
        }
        else
        {
            MapText.Say(terminal, name, request, report.Counts, where);
            if (report.ChunksBefore > 0)
            {
                terminal.Say($"  {Amounts.Count(report.ChunksBefore)} of {Amounts.Of(report.Chunks, "chunk")} were done before");
            }
        }

        if (report.ResultPath is null)
        {
            terminal.Say($"orleansclean: there is no result: {Visible.Message(report.Message ?? "a part of it is missing.")}");
        }
        else if (!isQuiet)
        {
            terminal.Say($"  -> {Visible.Path(report.ResultPath)}");
        }

        return report.ResultPath is null ? ExitCodes.Failed : MapText.ExitCode(report.Counts);
    }
}
