using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Storage;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Running;

/// <summary>A run whose root another process took, because its claim could not be renewed for long.</summary>
public sealed class LostRootTests : IDisposable
{
    private readonly Workplace _place = new();
    private readonly HandClock _time = new();
    private readonly MemoryStore _outputs = new(TimeProvider.System);

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_run_that_loses_its_root_ends_and_says_to_whom()
    {
        _place.WriteInputs(3).Seams = _place.Seams with { Time = _time, Clean = Losing };

        var failure = await Assert.ThrowsAsync<StorageException>(() => RunAsync());

        Assert.Contains("memory://lake/clean/out is no longer claimed by this process: it was taken by process 7 on elsewhere", failure.Message, StringComparison.Ordinal);
        Assert.Empty((await _outputs.ListAsync(new ListScope(), default)).Objects);
        Assert.Equal("other", (await ClaimDocument.ReadAsync(_outputs, default)).Claim!.Incarnation);
    }

    [Fact]
    public async Task The_same_command_goes_on_when_the_other_is_done()
    {
        _place.WriteInputs(3).Seams = _place.Seams with { Time = _time, Clean = Losing };
        await Assert.ThrowsAsync<StorageException>(() => RunAsync());
        _place.Seams = _place.Seams with { Clean = FileCleaner.Clean };
        await Assert.ThrowsAsync<UsageException>(() => RunAsync());

        _time.Pass(RootClaim.BelievedFor);
        var report = await RunAsync();

        Assert.Equal((BatchStatus.Done, 3), (report.Status, report.Ledger.Files.Cleaned));
    }

    private Task<BatchReport> RunAsync() =>
        _place.RunAsync(request => request with { Workers = 1, OutputDirectory = "memory://lake/clean", Stores = new LocalStores(_ => _outputs) });

    /// <summary>While a file is cleaned another process takes the root, and the next renewal is due; the file takes until it is not wanted any more.</summary>
    private FileReport Losing(FileCleaning job, CancellationToken cancellationToken)
    {
        var standing = _outputs.FindAsync(ClaimDocument.Name, default).AsTask().GetAwaiter().GetResult();
        var now = _time.GetUtcNow();
        var other = new ClaimDocument("other", "elsewhere", "", 7, 1, "b", now, now + RootClaim.BelievedFor);
        Assert.IsType<WriteResult.Written>(other.WriteAsync(_outputs, standing!.ETag, default).AsTask().GetAwaiter().GetResult());
        _time.Pass(RootClaim.RenewEvery);
        Assert.True(cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMinutes(2)), "The attempt was not ended.");
        throw new OperationCanceledException(cancellationToken);
    }
}
