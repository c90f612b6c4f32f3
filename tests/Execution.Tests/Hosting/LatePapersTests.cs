using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>
/// A coordinator that was taken for dead hangs before it writes one of its papers. Meanwhile another one takes the batch over, begins it anew and
/// brings it to its end. When the first one wakes, what stands is the later round's.
/// </summary>
public sealed class LatePapersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly Workplace _place = new Workplace().WriteInputs(3);

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("outputs/index.json")]
    [InlineData("manifest.json")]
    [InlineData("files.jsonl")]
    [InlineData("report.json")]
    public async Task A_coordinator_that_hung_does_not_put_its_papers_over_those_of_a_later_round(string hangsAt)
    {
        var id = await RunWithOneFailureAsync();
        IReadOnlyList<string> newer = [];
        var late = Effects(id, new HangingStore(_place.OutputRoot, hangsAt, async () =>
        {
            await RetryAsync(id);
            newer = Papers(id);
        }));

        var manifest = await late.CarryOutAsync(new BatchEffect.WriteManifest(), default);
        var report = await late.CarryOutAsync(new BatchEffect.WriteReport(), default);

        Assert.IsType<BatchInput.FinishFailed>(report);
        Assert.Equal(hangsAt is "outputs/index.json" or "manifest.json", manifest is BatchInput.FinishFailed);
        Assert.Equal(5, newer.Count);
        Assert.Equal(newer, Papers(id));
    }

    [Fact]
    public async Task What_was_added_up_for_the_manifest_is_not_reported_once_the_batch_was_begun_anew()
    {
        var id = await RunWithOneFailureAsync();
        var late = Effects(id, new FolderStore(_place.OutputRoot));
        Assert.IsType<BatchInput.ManifestWritten>(await late.CarryOutAsync(new BatchEffect.WriteManifest(), default));
        await RetryAsync(id);
        var newer = Papers(id);

        Assert.IsType<BatchInput.FinishFailed>(await late.CarryOutAsync(new BatchEffect.WriteReport(), default));
        Assert.Equal(newer, Papers(id));
    }

    [Fact]
    public async Task Whoever_leaves_a_batch_that_another_one_finished_meanwhile_leaves_its_report_alone()
    {
        var id = await RunWithOneFailureAsync();
        await RetryAsync(id);
        var papers = Papers(id);

        Assert.Equal("done", (await Effects(id, new FolderStore(_place.OutputRoot)).LeaveAsync(default)).Status);
        Assert.Equal(papers, Papers(id));
    }

    [Fact]
    public async Task The_papers_of_a_batch_that_is_still_in_its_round_are_written_again_when_asked_for_again()
    {
        var id = await RunWithOneFailureAsync();
        var again = Effects(id, new FolderStore(_place.OutputRoot));

        Assert.IsType<BatchInput.ManifestWritten>(await again.CarryOutAsync(new BatchEffect.WriteManifest(), default));
        Assert.IsType<BatchInput.ReportWritten>(await again.CarryOutAsync(new BatchEffect.WriteReport(), default));
    }

    private async Task<string> RunWithOneFailureAsync()
    {
        // No output can stand where a folder does.
        Directory.CreateDirectory(_place.PathOf("out/2.csv"));
        var report = await _place.RunAsync();
        Directory.Delete(_place.PathOf("out/2.csv"));
        Assert.Equal((2, 1), (report.Ledger.Files.Cleaned, report.Ledger.Files.Failed));
        return report.BatchId;
    }

    private async Task RetryAsync(string id)
    {
        await using var host = new LocalBatchHost(new LocalHostOptions { Stores = new LocalStores(), OutputRoot = _place.OutputRoot, Workers = 1 });
        Assert.Equal(HostOutcome.Accepted, (await host.RetryAsync(id, default)).Outcome);
        using var hang = new CancellationTokenSource(Patience);
        while (await host.WaitAsync(id, Patience, hang.Token) is { IsDone: false } status)
        {
            Assert.Equal(HostOutcome.Known, status.Outcome);
        }
    }

    private CleaningEffects Effects(string id, IObjectStore store) =>
        new(new LocalStores(name => name == _place.OutputRoot ? store : null), _place.OutputRoot, id, workers: 1);

    /// <summary>What tells of the batch and of the root's outputs, each with its name.</summary>
    private IReadOnlyList<string> Papers(string id) =>
    [
        .. new[] { $"batches/{id}/manifest.json", $"batches/{id}/files.jsonl", $"batches/{id}/report.json" }
            .Concat(Directory.GetFiles(_place.PathOf("out/.orleansclean/outputs")).Select(path => Path.GetRelativePath(_place.PathOf("out/.orleansclean"), path)))
            .Order(StringComparer.Ordinal)
            .Select(name => $"{name}\n{_place.Read($"out/.orleansclean/{name}")}"),
    ];

    /// <summary>A store that hangs the first time that it is asked what stands under a name.</summary>
    private sealed class HangingStore(string root, string hangsAt, Func<Task> meanwhile) : StoreDecorator(new FolderStore(root))
    {
        private bool _hung;

        public override async ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken)
        {
            await HangAsync(name);
            return await Inner.FindAsync(name, cancellationToken);
        }

        public override async ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken)
        {
            await HangAsync(name);
            return await Inner.ReadDocumentAsync(name, cancellationToken);
        }

        private async Task HangAsync(ObjectName name)
        {
            if (!_hung && name.Value.EndsWith(hangsAt, StringComparison.Ordinal))
            {
                _hung = true;
                await meanwhile();
            }
        }
    }
}
