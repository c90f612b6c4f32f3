using OrleansClean.Storage;
using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Folders;
using OrleansClean.Survival.Tests.Crashes;
using OrleansClean.Survival.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Survival.Tests.FullDisk;

/// <summary>A disk that fills up while a batch runs. Needs root to mount a small one; elsewhere skipped, and said so.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const string Filler = "filler";

    [TmpfsFact]
    public async Task A_disk_that_is_full_at_some_call_leaves_whole_outputs_and_the_same_request_ends_when_there_is_space() => await FillAsync(step: 5);

    [TmpfsFact]
    [Trait("Category", "Long")]
    public async Task A_disk_may_be_full_at_any_call() => await FillAsync(step: 1);

    private async Task FillAsync(int step)
    {
        var story = Story.All[0];
        using var disk = Tmpfs.Mount("size=2m");
        var (calls, expected) = await UndisturbedAsync(story, disk);
        var refusals = 0;
        var number = Random.Shared.Next(step) + 1;
        try
        {
            // The last few calls may be one fewer in another run.
            for (; number <= calls - 5; number += step)
            {
                refusals += await FillAsync(story, disk, number, expected) ? 1 : 0;
            }
        }
        catch (Exception e)
        {
            // Told here, because a disk that is still in use cannot be unmounted, and that would be told instead.
            output.WriteLine($"Full at call {number} of {calls}: {e}");
            throw;
        }

        output.WriteLine($"{calls} calls, a full disk at every {step}. one; {refusals} hosts gave up and said why.");
        Assert.True(refusals > 0, "No host was ever refused: the disk was never full.");
    }

    /// <summary>True if the host gave up.</summary>
    private static async Task<bool> FillAsync(Story story, Tmpfs disk, int number, Ending expected)
    {
        var world = NewWorld(disk, number);
        await world.PrepareAsync(story);
        var before = await Ending.OutputsAsync(world.Outputs);
        var filling = new FillingStore(disk.Path, number);
        string? reason;
        await using (var host = world.Host(story, filling.Wrap))
        {
            reason = await world.TryAsync(host, story, Story.Now);
        }

        Assert.True(filling.IsFull, $"Call {number} was not made.");
        Assert.True(reason is null || reason.Contains("the disk is full. Free some space", StringComparison.Ordinal), reason);
        var shown = await Ending.OutputsAsync(world.Outputs);
        Assert.True(Ending.IsOldOrNew(shown, before, expected.Outputs), $"Full at call {number}:\n{shown}");

        File.Delete(Path.Combine(disk.Path, Filler));
        await using var again = world.Host(story, store => store);
        var end = await world.EndAsync(again, story, Story.Now);
        Assert.True(end.Difference(expected).Length == 0, $"Full at call {number}: {end.Difference(expected)}");
        return reason is not null;
    }

    [TmpfsFact]
    public async Task A_disk_that_is_full_in_the_middle_of_an_append_leaves_a_log_of_whole_lines_that_grows_again()
    {
        using var disk = Tmpfs.Mount("size=64k");
        var store = new FolderStore(disk.Path);
        var log = ObjectName.Parse("journal/1.log");
        byte[] line = [.. Enumerable.Repeat((byte)'x', 3_000), (byte)'\n'];
        var position = 0L;
        StorageException? full = null;
        while (full is null)
        {
            try
            {
                position = Assert.IsType<AppendResult.Appended>(await store.AppendAsync(log, position, line, CancellationToken.None)).Length;
            }
            catch (StorageException e)
            {
                full = e;
            }
        }

        Assert.Equal(StorageFault.Full, full.Fault);
        Assert.NotEqual(0, position % 4096);
        Assert.Equal(position, (await store.ReadLogAsync(log, 0, CancellationToken.None))!.Value.Length);

        disk.Remount("size=128k");
        Assert.Equal(new AppendResult.Appended(position + line.Length), await store.AppendAsync(log, position, line, CancellationToken.None));
    }

    private static async Task<(int Calls, Ending End)> UndisturbedAsync(Story story, Tmpfs disk)
    {
        var world = NewWorld(disk, 0);
        await world.PrepareAsync(story);
        var count = new FillingStore(disk.Path, 0);
        await using (var host = world.Host(story, count.Wrap))
        {
            Assert.Null(await world.TryAsync(host, story, Story.Now));
        }

        await using var again = world.Host(story, store => store);
        return (count.Calls, await world.EndAsync(again, story, Story.Now));
    }

    private static World NewWorld(Tmpfs disk, int number)
    {
        // The disk has room for one at a time.
        foreach (var old in Directory.GetDirectories(disk.Path))
        {
            Directory.Delete(old, recursive: true);
        }

        return Worlds.OnFolder(Directory.CreateDirectory(Path.Combine(disk.Path, $"w{number}")).FullName);
    }

    /// <summary>Fills the disk to its last byte before a call.</summary>
    private sealed class FillingStore(string path, int number)
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public bool IsFull { get; private set; }

        public StoreFaults Wrap(IObjectStore store) => new(store, call =>
        {
            if (Interlocked.Increment(ref _calls) == number)
            {
                Fill();
            }

            return null;
        });

        private void Fill()
        {
            using var file = new FileStream(Path.Combine(path, Filler), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
            try
            {
                while (true)
                {
                    file.Write(new byte[4096]);
                }
            }
            catch (IOException)
            {
                IsFull = true;
            }
        }
    }
}
