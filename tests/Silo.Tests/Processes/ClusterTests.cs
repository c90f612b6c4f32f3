using System.Diagnostics;
using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Client;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage.Folders;
using Xunit.Abstractions;

namespace OrleansClean.Silo.Tests.Processes;

/// <summary>Three silos in processes of their own, a client, and everything that can happen to them. Times are printed, not asserted.</summary>
#pragma warning disable CA1001 // Everything ends with the test, by DisposeAsync of IAsyncLifetime.
public sealed class ClusterTests(ITestOutputHelper output) : IAsyncLifetime
#pragma warning restore CA1001
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan EndMax = TimeSpan.FromMinutes(4);

    private readonly List<SiloProcess> _silos = [];
    private Workload _load = null!;
    private OrleansCleanClient _client = null!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        foreach (var silo in _silos)
        {
            await silo.DisposeAsync();
        }

        _load.Dispose();
    }

    [Fact]
    public async Task Three_silos_share_a_batch_and_a_fourth_has_work_at_once()
    {
        await BeginAsync(files: 300, rows: 6000, slots: 1);
        var expected = await _load.EmbeddedAsync();
        await _client.SubmitAsync(_load.Submission("spread"), CancellationToken.None);
        await UntilAsync("spread", 90);
        var fourth = NewSilo("silo-4", slots: 1);
        await fourth.Start().ReadyAsync();
        var ready = DateTimeOffset.UtcNow;

        await EndAsync("spread");

        var dispatches = _load.Dispatches("spread");
        var before = dispatches.Where(dispatch => dispatch.At < ready && dispatch.Worker != fourth.Worker).CountBy(dispatch => dispatch.Worker).ToList();
        foreach (var (worker, count) in dispatches.CountBy(dispatch => dispatch.Worker))
        {
            Tell($"{worker}: {count} of {dispatches.Length} attempts");
        }

        var first = dispatches.First(dispatch => dispatch.Worker == fourth.Worker).At;
        Tell($"the fourth silo had work {(first - ready).TotalSeconds:0.00} s after it was ready");
        Assert.Equal(3, before.Count);
        Assert.All(before, worker => Assert.True(worker.Value >= 0.15 * before.Sum(all => all.Value), $"{worker.Key} had {worker.Value}"));
        Assert.True(first - ready < TimeSpan.FromSeconds(5), $"{first - ready}");
        Assert.Equal(expected, _load.Fingerprint());
    }

    [Fact]
    public async Task A_killed_worker_costs_seconds_and_nothing_else()
    {
        await BeginAsync(files: 150, rows: 4000);
        var expected = await _load.EmbeddedAsync();
        await _client.SubmitAsync(_load.Submission("kill-worker"), CancellationToken.None);
        await UntilAsync("kill-worker", 30);

        await KillAsync(SiloOf("kill-worker", isCoordinator: false));
        await EndAsync("kill-worker");

        Assert.Equal(expected, _load.Fingerprint());
        TellRepeats("kill-worker");
    }

    [Fact]
    public async Task A_killed_coordinator_is_replaced_and_the_batch_goes_on()
    {
        await BeginAsync(files: 150, rows: 4000);
        var expected = await _load.EmbeddedAsync();
        await _client.SubmitAsync(_load.Submission("kill-coordinator"), CancellationToken.None);
        await UntilAsync("kill-coordinator", 30);

        await KillAsync(SiloOf("kill-coordinator", isCoordinator: true));
        await EndAsync("kill-coordinator");

        Assert.Equal(expected, _load.Fingerprint());
        TellRepeats("kill-coordinator");
    }

    [Fact]
    public async Task All_silos_killed_and_started_again_end_the_batch_without_a_call()
    {
        await BeginAsync(files: 150, rows: 4000);
        var expected = await _load.EmbeddedAsync();
        await _client.SubmitAsync(_load.Submission("kill-all"), CancellationToken.None);
        await UntilAsync("kill-all", 30);
        await _client.DisposeAsync();

        await Task.WhenAll(_silos.Select(silo => silo.KillAsync()));
        var done = _load.Dispatches("kill-all").Length;
        var clock = Stopwatch.StartNew();
        _silos.ForEach(silo => silo.Start());
        await Task.WhenAll(_silos.Select(silo => silo.ReadyAsync()));
        Tell($"three killed silos were ready again after {clock.Elapsed.TotalSeconds:0.0} s; {done} attempts were given before");
        while (!File.Exists(Path.Combine(_load.OutputRoot, ".orleansclean/batches/kill-all/report.json")))
        {
            Assert.True(clock.Elapsed < EndMax, string.Join('\n', _silos.Select(silo => silo.Said)));
            await Task.Delay(200);
        }

        var resumed = _load.Dispatches("kill-all")[done];
        Tell($"the batch ended {clock.Elapsed.TotalSeconds:0.0} s after the kill; its first attempt afterwards went to {resumed.Worker}");
        Assert.Equal(expected, _load.Fingerprint());
        TellRepeats("kill-all");
    }

    [Fact]
    public async Task A_frozen_silo_is_replaced_and_ends_itself_when_it_thaws()
    {
        await BeginAsync(files: 150, rows: 4000);
        var expected = await _load.EmbeddedAsync();
        await _client.SubmitAsync(_load.Submission("freeze"), CancellationToken.None);
        await UntilAsync("freeze", 30);
        var frozen = SiloOf("freeze", isCoordinator: true);
        var clock = Stopwatch.StartNew();
        frozen.Signal("STOP");
        await EndAsync("freeze");
        Tell($"the batch ended {clock.Elapsed.TotalSeconds:0.0} s after {frozen.Name} froze");

        frozen.Signal("CONT");
        while (!frozen.HasExited)
        {
            Assert.True(clock.Elapsed < EndMax, frozen.Said);
            await Task.Delay(100);
        }

        Assert.NotEqual(0, frozen.ExitCode);
        Assert.Equal(expected, _load.Fingerprint());
        TellRepeats("freeze");
    }

    [Fact]
    public async Task A_silo_that_is_asked_to_stop_gives_its_work_back_and_exits_zero()
    {
        await BeginAsync(files: 150, rows: 4000);
        var expected = await _load.EmbeddedAsync();
        await _client.SubmitAsync(_load.Submission("drain"), CancellationToken.None);
        await UntilAsync("drain", 30);

        var clock = Stopwatch.StartNew();
        await _silos[0].TerminateAsync();
        Tell($"{_silos[0].Name} drained and ended in {clock.Elapsed.TotalSeconds:0.0} s");
        await EndAsync("drain");

        Assert.Equal(0, _silos[0].ExitCode);
        Assert.Equal(expected, _load.Fingerprint());
        TellRepeats("drain");
    }

    [Fact]
    public async Task A_giant_batch_does_not_starve_a_small_one()
    {
        await BeginAsync(files: 400, rows: 4000);
        using var small = new Workload(files: 6, rows: 100);
        await _client.SubmitAsync(_load.Submission("giant"), CancellationToken.None);
        await UntilAsync("giant", 20);

        var clock = Stopwatch.StartNew();
        await _client.SubmitAsync(small.Submission("small"), CancellationToken.None);
        await EndAsync("small");
        var giant = (await _client.StatusAsync("giant", CancellationToken.None)).Overview!;
        Tell($"the small batch took {clock.Elapsed.TotalSeconds:0.0} s beside a giant one with {giant.Committed} of {giant.Items} files done");

        Assert.NotEqual(BatchPhase.Done, giant.Phase);
        await EndAsync("giant");
    }

    private async Task BeginAsync(int files, int rows, int slots = 2)
    {
        _load = new Workload(files, rows);
        for (var number = 1; number <= 3; number++)
        {
            // A second apart: of silos that begin at once one loses a race and waits.
            await NewSilo(string.Create(CultureInfo.InvariantCulture, $"silo-{number}"), slots).Start().ReadyAsync();
        }

        var store = new FolderStore(Path.Combine(_load.Root, "cluster"));
        _client = await OrleansCleanClient.ConnectAsync("tests", store, new LocalStores(), Patience, CancellationToken.None);
    }

    private SiloProcess NewSilo(string name, int slots)
    {
        var silo = new SiloProcess("tests", Path.Combine(_load.Root, "cluster"), name, slots);
        _silos.Add(silo);
        return silo;
    }

    private async Task KillAsync(SiloProcess silo)
    {
        var clock = Stopwatch.StartNew();
        await silo.KillAsync();
        var before = (await _client.StatusAsync(_batch, CancellationToken.None)).Overview!.Committed;
        Tell($"{silo.Name} was killed at {before} files; the client was served again after {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private string _batch = "";

    /// <summary>A silo that coordinates the batch, or one that does not.</summary>
    private SiloProcess SiloOf(string id, bool isCoordinator) =>
        _silos.First(silo => silo.Said.Contains($"Coordinating batch {id}.", StringComparison.Ordinal) == isCoordinator);

    private async Task UntilAsync(string id, int committed)
    {
        _batch = id;
        using var patience = new CancellationTokenSource(Patience);
        while ((await _client.StatusAsync(id, patience.Token)).Overview is not { } overview || overview.Committed < committed)
        {
            await Task.Delay(20, patience.Token);
        }
    }

    private async Task EndAsync(string id)
    {
        var end = await _client.WaitAsync(id, EndMax, CancellationToken.None);
        Assert.True(end.IsDone, $"{end}\n{string.Join('\n', _silos.Select(silo => silo.Said))}");
        Assert.Equal(0, end.Overview!.Failed);
    }

    private void TellRepeats(string id)
    {
        var dispatches = _load.Dispatches(id);
        Tell($"{dispatches.Length} attempts for {_load.Files} files, {dispatches.Count(dispatch => dispatch.Number > 1)} of them repeats");
        Assert.True(dispatches.Length < _load.Files * 2, $"{dispatches.Length} attempts");
    }

    private void Tell(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
