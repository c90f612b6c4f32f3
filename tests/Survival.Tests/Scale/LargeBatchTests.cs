using System.Diagnostics;
using System.Globalization;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.State;
using OrleansClean.Storage.Memory;
using OrleansClean.Survival.Tests.Crashes;
using OrleansClean.Survival.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Survival.Tests.Scale;

/// <summary>What a batch costs for each of its files does not grow with their number.</summary>
public sealed class LargeBatchTests(ITestOutputHelper output)
{
    private static readonly Story Plain = Story.All[0];

    [Fact]
    public async Task A_file_costs_as_many_bytes_of_journal_and_calls_in_a_large_batch_as_in_a_small_one()
    {
        var small = await CleanAsync(300);
        var large = await CleanAsync(2_400);

        output.WriteLine($"300 files: {small}; 2400 files: {large}");
        Assert.InRange(large.JournalBytes, 0, small.JournalBytes * 1.1);
        Assert.InRange(large.Calls, 0, small.Calls * 1.1);
    }

    [Fact]
    public async Task To_end_a_batch_its_journal_is_read_a_bounded_number_of_times()
    {
        var small = await EndAsync(9_000);
        var large = await EndAsync(18_000);

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The journal was read {small:0.0} times for 9000 files and {large:0.0} times for 18000."));
        Assert.InRange(large, 0, 10);
        Assert.InRange(large, 0, small + 2);
    }

    [Fact]
    public async Task A_batch_is_resumed_by_reading_its_journal_once()
    {
        var world = NewWorld();
        var bytes = await LargeJournal.WriteAsync(world, items: 20_000, committed: 10_000);
        var counting = new ReadCountingStore(world.Outputs);

        var (journal, _) = await BatchJournal.OpenAsync(counting, new JournalNames(HostingNames.Journal(Story.Now)), TimeProvider.System, null, CancellationToken.None);

        Assert.Equal((20_000, 10_000), (journal.State.ItemCount, journal.State.Count(Batches.ItemStatus.Committed)));
        Assert.InRange(counting.LogBytes, bytes, (long)(bytes * 1.2) + (8 << 20));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_hundred_thousand_files_are_cleaned_in_memory_that_does_not_grow_with_them()
    {
        const int files = 100_000;
        var root = Worlds.NewFolder();
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "in"));
            for (var file = 0; file < files; file++)
            {
                await File.WriteAllTextAsync(Path.Combine(root, "in", $"{file:D6}.csv"), $"id,value\n{file},1\n");
            }

            var world = Worlds.OnFolder(root);
            var watch = Stopwatch.StartNew();
            await using var host = world.Host(Plain, store => store);
            Assert.True((await host.SubmitAsync(Plain.Submission(world, Story.Now), CancellationToken.None)).IsGood);
            var heap = new List<(int Done, long Bytes, long Journal)>();
            while (await host.WaitAsync(Story.Now, TimeSpan.FromSeconds(5), CancellationToken.None) is { IsDone: false } status)
            {
                if (status.Overview is { Items: > 0 } overview && overview.Committed > (heap.Count == 0 ? 10_000 : heap[^1].Done + 20_000))
                {
                    heap.Add((overview.Committed, GC.GetTotalMemory(forceFullCollection: true), await LargeJournal.JournalBytesAsync(world)));
                }
            }

            var report = await StoredBatches.ReadReportAsync(world.Outputs, Story.Now, CancellationToken.None);
            output.WriteLine($"{files} files in {watch.Elapsed.TotalSeconds:0.0} s: " + string.Join(", ", heap.Select(h => $"{h.Done} done {h.Bytes >> 20} MiB heap {h.Journal / h.Done} journal bytes each")));
            Assert.Equal(("done", files), (report!.Status, report.Ledger.Files.Cleaned));
            Assert.True(heap.Count >= 3, "The batch was too fast to be looked at.");
            Assert.InRange((heap[^1].Bytes - heap[0].Bytes) / (heap[^1].Done - heap[0].Done), -1000, 150);
            Assert.InRange(heap[^1].Journal / heap[^1].Done, 0, heap[0].Journal / heap[0].Done * 11 / 10);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_hundred_thousand_files_are_taken_up_again_by_reading_one_journal()
    {
        var world = NewWorld();
        var bytes = await LargeJournal.WriteAsync(world, items: 100_000, committed: 99_000);
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();

        var (journal, _) = await BatchJournal.OpenAsync(world.Outputs, new JournalNames(HostingNames.Journal(Story.Now)), TimeProvider.System, null, CancellationToken.None);

        output.WriteLine($"{bytes >> 20} MiB of journal, {bytes / 99_000} bytes for each file, opened in {watch.Elapsed.TotalSeconds:0.00} s with {(GC.GetTotalAllocatedBytes() - before) >> 20} MiB allocated.");
        Assert.Equal(99_000, journal.State.Count(Batches.ItemStatus.Committed));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, bytes * 12);
    }

    private static World NewWorld() => new("memory://in", new MemoryStore(TimeProvider.System), "memory://out", new MemoryStore(TimeProvider.System));

    private static async Task<(double JournalBytes, double Calls)> CleanAsync(int files)
    {
        var world = NewWorld();
        await world.WriteAsync([.. Enumerable.Range(0, files).Select(file => ($"in/{file:D6}.csv", $"id,value\n{file},1\n"))]);
        var calls = new OneFault(0, null);
        await using var host = world.Host(Plain, calls.Wrap);
        Assert.Null(await world.TryAsync(host, Plain, Story.Now));
        return (await LargeJournal.JournalBytesAsync(world) / (double)files, calls.Calls / (double)files);
    }

    /// <summary>Ends a batch whose files are all published; how often its journal was read for that.</summary>
    private static async Task<double> EndAsync(int files)
    {
        var world = NewWorld();
        var bytes = await LargeJournal.WriteAsync(world, files, files);
        ReadCountingStore? counting = null;
        await using var host = world.Host(Plain, store => ReferenceEquals(store, world.Outputs) ? counting = new ReadCountingStore(store) : store);
        Assert.Null(await world.TryAsync(host, Plain, Story.Now));
        Assert.Equal("done", (await Ending.OfAsync(world, Story.Now)).Status);
        return counting!.LogBytes / (double)bytes;
    }
}
