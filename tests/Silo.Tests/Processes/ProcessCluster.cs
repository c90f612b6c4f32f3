using System.Diagnostics;
using System.Globalization;
using OrleansClean.Client;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Membership;
using OrleansClean.Storage;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Who is killed.</summary>
public enum Victim
{
    /// <summary>A silo that works on the batch and does not coordinate it.</summary>
    Worker,

    /// <summary>The silo that coordinates the batch.</summary>
    Coordinator,

    /// <summary>The silo that was there first.</summary>
    First,

    /// <summary>All of them; they are started again.</summary>
    All,
}

/// <summary>Silos in processes of their own and a client, on a workload. Times are told and not asserted: the machine may be busy.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(8);

    private readonly List<SiloProcess> _silos = [];
    private readonly Workload _load;
    private readonly ITestOutputHelper _output;
    private readonly string _store;

    private ProcessCluster(Workload load, ITestOutputHelper output)
    {
        _load = load;
        _output = output;
        _store = load.Blobs is null ? Path.Combine(load.Root, "cluster") : $"{load.OutputRoot}-cluster";
    }

    /// <summary>The store that it keeps itself in.</summary>
    public string Store => _store;

    public IReadOnlyList<SiloProcess> Silos => _silos;

    public OrleansCleanClient Client { get; private set; } = null!;

    /// <summary>What all silos said.</summary>
    public string Said => string.Join('\n', _silos.Select(silo => silo.Said));

    /// <summary>Starts silos one after the other: of silos that begin at once one loses a race and waits. Then connects.</summary>
    public static async Task<ProcessCluster> StartAsync(
        Workload load, ITestOutputHelper output, int silos = 3, int slots = 2, string? otlp = null, Func<int, string?>? blobsOf = null)
    {
        var cluster = new ProcessCluster(load, output);
        try
        {
            for (var number = 1; number <= silos; number++)
            {
                await cluster.NewSilo(string.Create(CultureInfo.InvariantCulture, $"silo-{number}"), slots, otlp, blobsOf?.Invoke(number)).Start().ReadyAsync();
            }

            await cluster.ConnectAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task ConnectAsync() =>
        Client = await OrleansCleanClient.ConnectAsync("tests", _load.Stores.Open(_store), _load.Stores, Patience, CancellationToken.None);

    /// <summary>A silo that is not started yet. <paramref name="blobs"/> is its own way to the blobs, if it is not everybody's.</summary>
    public SiloProcess NewSilo(string name, int slots, string? otlp = null, string? blobs = null)
    {
        var silo = new SiloProcess("tests", _store, name, slots, blobs ?? _load.Blobs, otlp);
        _silos.Add(silo);
        return silo;
    }

    public async Task SubmitAsync(BatchSubmission submission)
    {
        var reply = await Client.SubmitAsync(submission, CancellationToken.None);
        Assert.True(reply.Outcome is HostOutcome.Accepted, $"{reply}\n{Said}");
    }

    /// <summary>Waits until that many files of a batch are published.</summary>
    public Task UntilAsync(string id, int committed) => UntilAsync(id, overview => overview.Committed >= committed);

    /// <summary>Waits until a batch has come so far.</summary>
    public async Task UntilAsync(string id, Func<BatchOverview, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while ((await Client.StatusAsync(id, patience.Token)).Overview is not { } overview || !isSo(overview))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Waits until a batch is done and nothing failed.</summary>
    public async Task EndAsync(string id)
    {
        var end = await Client.WaitAsync(id, EndMax, CancellationToken.None);
        Assert.True(end.IsDone, $"{end}\n{Said}");
        Assert.Equal(0, end.Overview!.Failed);
    }

    /// <summary>Waits for the end of a batch as the store shows it, without a call.</summary>
    public async Task EndInStoreAsync(string id)
    {
        var store = _load.Stores.Open(_load.OutputRoot);
        var clock = Stopwatch.StartNew();
        while (await store.FindAsync(ObjectName.Parse($".orleansclean/batches/{id}/report.json"), CancellationToken.None) is null)
        {
            Assert.True(clock.Elapsed < EndMax, Said);
            await Task.Delay(200);
        }
    }

    /// <summary>The silo that coordinates the batch, or one that does not.</summary>
    public SiloProcess SiloOf(string id, bool isCoordinator) =>
        _silos.First(silo => !silo.HasExited && silo.HasSaid($"Coordinating batch {id}.") == isCoordinator);

    /// <summary>Kills, and says how long nobody was served. Nobody calls meanwhile, and killed silos start again, if all are killed.</summary>
    public async Task KillAsync(string id, Victim victim)
    {
        if (victim is Victim.All)
        {
            await KillAllAsync(id);
            return;
        }

        var silo = victim is Victim.First ? _silos[0] : SiloOf(id, victim is Victim.Coordinator);
        var clock = Stopwatch.StartNew();
        await silo.KillAsync();
        var now = (await Client.StatusAsync(id, CancellationToken.None)).Overview;
        Tell($"{silo.Name} was killed at {now?.Committed} files; the client was served again after {clock.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>The membership table as it stands.</summary>
    public Task<MembershipDocument> MembershipAsync() =>
        new MembershipStore(_load.Stores.Open(_store), MembershipStore.NameFor("tests"), TimeProvider.System).ReadAsync(CancellationToken.None);

    /// <summary>Says how many attempts there were, and that most files took one.</summary>
    public async Task TellRepeatsAsync(string id)
    {
        foreach (var silo in _silos.Where(silo => silo.Restarts > 0))
        {
            Tell($"{silo.Name} ended {silo.Restarts} times by itself and was started again: this machine is very busy");
        }

        var journal = await _load.JournalAsync(id);
        var dispatches = journal.Where(entry => entry.Happened is "dispatched").ToList();
        int Count(string happened) => journal.Count(entry => entry.Happened == happened);
        Tell($"{dispatches.Count} attempts for {_load.Files} files; {Count("lost")} were taken away, {Count("released")} given back, {Count("attempt-failed")} failed");
        foreach (var entry in journal.Where(entry => entry.Happened is "attempt-failed").Take(3))
        {
            Tell($"attempt {entry.Number} of item {entry.Item}: {entry.Failure}");
        }

        Assert.True(dispatches.Count < _load.Files * 2, $"{dispatches.Count} attempts");
    }

    public void Tell(FormattableString text) => _output.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (Client is not null)
        {
            await Client.DisposeAsync();
        }

        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }
    }

    private async Task KillAllAsync(string id)
    {
        await Client.DisposeAsync();
        await Task.WhenAll(_silos.Select(silo => silo.KillAsync()));
        var done = (await _load.DispatchesAsync(id)).Length;
        var clock = Stopwatch.StartNew();
        _silos.ForEach(silo => silo.Start());
        await Task.WhenAll(_silos.Select(silo => silo.ReadyAsync()));
        Tell($"{_silos.Count} killed silos were ready again after {clock.Elapsed.TotalSeconds:0.0} s; {done} attempts were given before");
        await EndInStoreAsync(id);
        Tell($"the batch ended {clock.Elapsed.TotalSeconds:0.0} s after the kill, without a call");
        await ConnectAsync();
    }
}
