using OrleansClean.Execution.State;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Storage;
using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.State;

/// <summary>Who may work on a root that is no folder, and until when.</summary>
public sealed class RootClaimTests
{
    private static readonly ClaimHolder Elsewhere = new("elsewhere", "another boot", 7, 1, (_, _) => true);

    /// <summary>Read, written, renewed nine times, deleted; and a few more for the fault.</summary>
    private const int CallsOfAClaim = 14;

    private readonly HandClock _time = new();
    private readonly MemoryStore _store = new(TimeProvider.System);

    [Fact]
    public async Task A_root_that_is_held_in_this_process_is_refused_in_it()
    {
        await using var first = await TakeAsync();

        Assert.Contains("blob://lake/out is in use by this process ", await RefusedAsync(), StringComparison.Ordinal);
        Assert.True(await RootClaim.IsTakenAsync(_store, ClaimHolder.ThisProcess, _time, default));
    }

    [Fact]
    public async Task A_root_that_was_let_go_is_free()
    {
        await (await TakeAsync()).DisposeAsync();

        Assert.Null(await StandingAsync());
        await (await TakeAsync(Elsewhere)).DisposeAsync();
    }

    [Fact]
    public async Task What_this_process_claimed_and_holds_no_more_is_taken_at_once()
    {
        await LeaveAsync(ClaimHolder.ThisProcess);

        await using var second = await TakeAsync();

        Assert.NotEqual("left", (await StandingAsync())!.Incarnation);
    }

    [LinuxFact]
    public async Task What_a_process_of_this_machine_claimed_is_taken_at_once_when_it_has_ended()
    {
        var self = ClaimHolder.ThisProcess;
        foreach (var dead in new[] { self with { Process = int.MaxValue }, self with { Started = self.Started + 1 } })
        {
            await LeaveAsync(dead);
            await (await TakeAsync()).DisposeAsync();
        }
    }

    [LinuxFact]
    public async Task What_a_process_of_this_machine_claimed_is_refused_while_it_lives()
    {
        var started = RunningProcesses.StartOf(1);
        Assert.NotNull(started);
        await LeaveAsync(ClaimHolder.ThisProcess with { Process = 1, Started = started.Value });

        Assert.Contains("is in use by process 1 on ", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_another_machine_claimed_is_refused_until_its_deadline()
    {
        await LeaveAsync(Elsewhere);

        _time.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(
            "blob://lake/out is in use by process 7 on elsewhere, batch left, since 2026-01-01 00:00:00 UTC. Wait until it is done, or end it. If it died, its claim runs out at "
            + $"2026-01-01 00:00:45 UTC (40 s from now), and the same command goes on then; who is sure of it may delete {_store.Locate(ClaimDocument.Name)}. Nothing was written.",
            await RefusedAsync());

        _time.Pass(TimeSpan.FromSeconds(40));
        await using var second = await TakeAsync();
    }

    [Fact]
    public async Task A_claim_is_renewed_as_long_as_it_is_held()
    {
        await using var claim = await TakeAsync(Elsewhere);

        var since = _time.GetUtcNow();
        await _time.PassUntilAsync(async () => (await StandingAsync())!.Until > since + (3 * RootClaim.BelievedFor));

        Assert.Contains("is in use by process 7 on elsewhere", await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_somebody_took_after_its_deadline_is_lost_and_stays_the_others()
    {
        var claim = await TakeAsync();
        await LeaveAsync(Elsewhere);

        var loss = await _time.PassUntilAsync(claim.Lost);
        await claim.DisposeAsync();

        Assert.Contains("blob://lake/out is no longer claimed by this process: it was taken by process 7 on elsewhere, batch left", loss!.Message, StringComparison.Ordinal);
        Assert.Equal("left", (await StandingAsync())!.Incarnation);
    }

    [Fact]
    public async Task A_claim_that_somebody_removed_is_lost()
    {
        await using var claim = await TakeAsync();
        await _store.DeleteAsync(ClaimDocument.Name, (await _store.FindAsync(ClaimDocument.Name, default))!.ETag, default);

        Assert.Contains("its claim was removed", (await _time.PassUntilAsync(claim.Lost))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_claim_binds_nobody()
    {
        await _store.WriteDocumentAsync(ClaimDocument.Name, "not json"u8.ToArray(), Precondition.Absent, default);

        await using var claim = await TakeAsync();
    }

    public static TheoryData<StoreFaultKind> Faults => [.. Enum.GetValues<StoreFaultKind>().Where(kind => kind is not StoreFaultKind.ShortBody)];

    /// <summary>Taken, renewed and let go while one call goes wrong: nobody is told that the root is lost, and the next one gets it.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Any_call_for_a_claim_may_go_wrong(StoreFaultKind kind)
    {
        for (var call = 1; call <= CallsOfAClaim; call++)
        {
            await GoWrongAsync(kind, call);
        }
    }

    private async Task GoWrongAsync(StoreFaultKind kind, int call)
    {
        var store = new StoreFaults(_store, seen => seen.Number == call ? kind : null);
        var began = _time.GetUtcNow();
        var claim = await EndAsync(RootClaim.TakeAsync(store, "blob://lake/out", "b", ClaimHolder.ThisProcess, _time, default));
        await EndAsync(_time.PassUntilAsync(async () => (await StandingAsync())!.Until > began + (2 * RootClaim.BelievedFor)).ContinueWith(_ => true, TaskScheduler.Default));

        await EndAsync(claim.DisposeAsync().AsTask().ContinueWith(_ => true, TaskScheduler.Default));

        Assert.Null(await claim.Lost);
        Assert.Null(claim.Loss);
        await store.LandAsync();
        await using var next = await EndAsync(RootClaim.TakeAsync(_store, "blob://lake/out", "b", ClaimHolder.ThisProcess, _time, default));

        async Task<T> EndAsync<T>(Task<T> end)
        {
            await _time.PassUntilAsync(() =>
            {
                store.Release();
                return Task.FromResult(end.IsCompleted);
            });
            return await end;
        }
    }

    private Task<RootClaim> TakeAsync(ClaimHolder? holder = null) =>
        RootClaim.TakeAsync(_store, "blob://lake/out", "b", holder ?? ClaimHolder.ThisProcess, _time, default);

    private async Task<string> RefusedAsync() => (await Assert.ThrowsAsync<UsageException>(() => TakeAsync())).Message;

    private async Task<ClaimDocument?> StandingAsync() => (await ClaimDocument.ReadAsync(_store, default)).Claim;

    /// <summary>A claim stands there that nothing in this process holds.</summary>
    private async Task LeaveAsync(ClaimHolder by)
    {
        var now = _time.GetUtcNow();
        var claim = new ClaimDocument("left", by.Machine, by.Boot, by.Process, by.Started, "left", now, now + RootClaim.BelievedFor);
        var (_, standing) = await ClaimDocument.ReadAsync(_store, default);
        Assert.IsType<WriteResult.Written>(await claim.WriteAsync(_store, standing, default));
    }
}
