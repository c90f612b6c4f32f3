using System.Globalization;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Demo;
using OrleansClean.Cli.Ledgers;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Progress;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.State;
using OrleansClean.Stores;

namespace OrleansClean.Client.Demo;

/// <summary><c>demo --silos N</c>: silos on this machine share the demo's files, one of them is killed, and the result is held against the truth and against one process.</summary>
internal sealed class ClusterDemo(DemoRun demo, DemoTruth truth, int silos, Terminal terminal)
{
    private const string Cluster = "demo";
    private const string Batch = "demo";

    /// <summary>Files that are done when a silo is killed: every tenth.</summary>
    private const int KillAfterShare = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs it; 0 if everything that it claims is so.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var running = new List<LocalSilo>();
        try
        {
            var store = Path.Combine(demo.Folder, "cluster");
            for (var number = 1; number <= silos; number++)
            {
                // One after the other: of silos that begin at once one loses a race and waits.
                var silo = LocalSilo.Start(Cluster, store, string.Create(CultureInfo.InvariantCulture, $"silo-{number}"));
                running.Add(silo);
                await silo.ReadyAsync(cancellationToken);
            }

            terminal.Line($"started  {silos} silos on this machine, with the folder {Visible.Path(store)} and nothing else between them");
            var stores = new LocalStores();
            await using var client = await OrleansCleanClient.ConnectAsync(Cluster, stores.Open(ClusterStores.Full(store)), stores, Patience, cancellationToken);
            var victim = running[0];
            var isMidway = await CleanAsync(client, victim, cancellationToken);
            return await ProveAsync(victim, isMidway, cancellationToken);
        }
        finally
        {
            foreach (var silo in running)
            {
                await silo.DisposeAsync();
            }
        }
    }

    /// <summary>Cleans, kills the first silo meanwhile, and says whether the batch was not over then.</summary>
    private async Task<bool> CleanAsync(OrleansCleanClient client, LocalSilo victim, CancellationToken cancellationToken)
    {
        var reply = await client.SubmitAsync(await SubmissionAsync(cancellationToken), cancellationToken);
        if (!reply.IsGood)
        {
            throw new IOException(reply.Message);
        }

        var status = await client.StatusAsync(Batch, cancellationToken);
        while (!status.IsDone && (status.Overview is not { Items: > 0 } now || now.Committed < now.Items / KillAfterShare))
        {
            await Task.Delay(10, cancellationToken);
            status = await client.StatusAsync(Batch, cancellationToken);
        }

        await victim.KillAsync();
        terminal.Line($"killed   {victim.Name} with SIGKILL when {Amounts.Count(status.Overview?.Committed ?? 0)} of {Amounts.Of(truth.Files.Count, "file")} were done");
        var progress = new ClusterProgress(Batch);
        return await ProgressDisplay.ShowAsync(terminal, "auto", progress, async () =>
        {
            var isMidway = !status.IsDone;
            while (!status.IsDone)
            {
                status = await client.WaitAsync(Batch, TimeSpan.FromSeconds(1), cancellationToken);
                progress.Overview = status.Overview ?? progress.Overview;
            }

            return isMidway;
        });
    }

    private async Task<int> ProveAsync(LocalSilo victim, bool isMidway, CancellationToken cancellationToken)
    {
        var state = StateFolder.Open(demo.OutputFolder);
        var report = state.ReadReport(Batch) ?? throw new IOException("The batch left no report.");
        terminal.Line($"shared   {Shares(state, victim)}\n");
        terminal.Line(LedgerText.Of(ClusterWait.WithWorkers(report), new LedgerOptions { OutputRoot = "out/", HasNextCommands = false }));
        var result = await demo.ProveAsync(truth, report, cancellationToken);
        terminal.Line(DemoText.Proven(result, string.Create(CultureInfo.InvariantCulture, $"on {silos} silos, one of them killed, and in one process")));
        if (!isMidway)
        {
            terminal.Say($"orleansclean: the batch was done before {victim.Name} could be killed. Run the demo again.");
        }

        return result.Holds && isMidway ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary><c>silo-1 21 files (killed) · silo-2 88 files · silo-3 91 files; 1 was begun twice</c>.</summary>
    private static string Shares(StateFolder state, LocalSilo victim)
    {
        var files = state.ReadFiles(Batch).Where(file => file.Worker is not null).ToList();
        var shares = files.GroupBy(file => file.Worker!.Split('@')[0], StringComparer.Ordinal)
            .OrderBy(share => share.Key, StringComparer.Ordinal)
            .Select(share => $"{Visible.Path(share.Key)} {Amounts.Of(share.Count(), "file")}{(share.Key == victim.Name ? " (killed)" : "")}");
        var again = files.Count(file => file.Attempts > 1);
        return string.Join(" · ", shares) + (again == 0 ? "" : $"; {Amounts.Count(again)} begun again");
    }

    private async Task<BatchSubmission> SubmissionAsync(CancellationToken cancellationToken) => new()
    {
        Id = Batch,
        PlanText = await File.ReadAllTextAsync(demo.PlanPath, cancellationToken),
        PlanPath = demo.PlanPath,
        InputRoot = demo.Folder,
        OutputRoot = demo.OutputFolder,
        FrozenAt = TimeProvider.System.GetUtcNow(),
    };
}
