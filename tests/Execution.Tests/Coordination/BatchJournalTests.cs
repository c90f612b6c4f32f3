using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Coordination;

/// <summary>What is in the journal survives its coordinator; what an older coordinator adds does not.</summary>
public sealed class BatchJournalTests : IDisposable
{
    private static readonly JournalNames Names = new(".orleansclean/batches/b/journal");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_was_committed_is_there_for_the_next_coordinator()
    {
        var (first, _) = await OpenAsync();
        await WriteAsync(first, Submitted(), new BatchEvent.Listed("listing", 3), Dispatched(0));

        var (second, opening) = await OpenAsync();

        Assert.Equal(2, second.State.Incarnation);
        Assert.Equal((3, 2, 1), (second.State.ItemCount, second.State.Count(ItemStatus.Waiting), second.State.Count(ItemStatus.Running)));
        Assert.IsType<BatchEvent.Opened>(Assert.Single(opening.Events));
    }

    [Fact]
    public async Task A_newer_coordinator_fences_the_older()
    {
        var (older, _) = await OpenAsync();
        await WriteAsync(older, Submitted());
        var (newer, _) = await OpenAsync();

        await Assert.ThrowsAsync<FencedException>(() => WriteAsync(older, new BatchEvent.Listed("of the older", 1)));
        await WriteAsync(newer, new BatchEvent.Listed("of the newer", 2));

        Assert.Equal("of the newer", (await OpenAsync()).Journal.State.Listing);
    }

    [Fact]
    public async Task Heartbeats_are_applied_and_not_written()
    {
        var (journal, _) = await OpenAsync();
        await WriteAsync(journal, Submitted());
        var before = Segment(1).Length;

        await WriteAsync(journal, new BatchEvent.WorkerSeen(new WorkerId("w", 1), 1, new Moment(1)));

        Assert.Equal(before, Segment(1).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task A_full_segment_is_closed_and_the_next_begins_with_everything(int appendsMax)
    {
        var bounds = new JournalBounds(appendsMax, long.MaxValue);
        var (journal, _) = await OpenAsync(bounds);
        await WriteAsync(journal, Submitted());
        await WriteAsync(journal, new BatchEvent.Listed("listing", 5));
        for (var item = 0; item < 5; item++)
        {
            await WriteAsync(journal, Dispatched(item));
            await WriteAsync(journal, new BatchEvent.ItemUnchanged(new AttemptId(item, 1), $"summary {item}"));
        }

        Assert.True(Directory.GetFiles(JournalPath()).Length > 1);
        var (next, _) = await OpenAsync(bounds);
        Assert.Equal(BatchPhase.Finishing, next.State.Phase);
        Assert.Equal(5, next.State.Count(ItemStatus.Unchanged));
        Assert.Equal(
            ["summary 0", "summary 1", "summary 2", "summary 3", "summary 4"],
            (await AllAsync()).OfType<BatchEvent.ItemUnchanged>().Select(unchanged => unchanged.Summary));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0badc0de {\"i\":1,\"a\":4,\"h\":{\"e\":\"snap")]
    public async Task A_coordinator_that_died_between_two_segments_is_followed(string? begun)
    {
        var bounds = new JournalBounds(3, long.MaxValue);
        var (journal, _) = await OpenAsync(bounds);
        await WriteAsync(journal, Submitted());
        await WriteAsync(journal, new BatchEvent.Listed("listing", 2));
        File.Delete(Segment(2).FullName);
        if (begun is not null)
        {
            await File.WriteAllTextAsync(Segment(2).FullName, begun);
        }

        var (next, _) = await OpenAsync(bounds);

        Assert.Equal(2, next.State.ItemCount);
        await WriteAsync(next, Dispatched(0));
        var (last, _) = await OpenAsync(bounds);
        Assert.Equal((2, 1), (last.State.ItemCount, last.State.Count(ItemStatus.Running)));
    }

    [Fact]
    public async Task A_torn_last_line_is_cut()
    {
        var (journal, _) = await OpenAsync();
        await WriteAsync(journal, Submitted());
        await File.AppendAllTextAsync(Segment(1).FullName, "0badc0de {\"i\":1,\"a\":9,\"h\":{\"e\":\"lis");

        var (next, _) = await OpenAsync();

        Assert.Equal(BatchPhase.Listing, next.State.Phase);
    }

    [Fact]
    public async Task A_damaged_line_is_refused_and_nothing_is_written()
    {
        var (journal, _) = await OpenAsync();
        await WriteAsync(journal, Submitted());
        var text = await File.ReadAllTextAsync(Segment(1).FullName);
        await File.WriteAllTextAsync(Segment(1).FullName, text.Replace("\"Id\":\"b\"", "\"Id\":\"c\"", StringComparison.OrdinalIgnoreCase));
        var before = await File.ReadAllBytesAsync(Segment(1).FullName);

        var damaged = await Assert.ThrowsAsync<JournalDamagedException>(() => OpenAsync());

        Assert.Contains("Line 2 of", damaged.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Segment(1).FullName));
    }

    [Fact]
    public async Task Two_that_open_at_once_end_with_one_that_may_write()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => OpenAsync())));

        Assert.Equal(8, opened.Select(one => one.Journal.State.Incarnation).Distinct().Count());
        var writers = 0;
        foreach (var (journal, _) in opened.OrderByDescending(one => one.Journal.State.Incarnation))
        {
            try
            {
                await WriteAsync(journal, Submitted());
                writers++;
            }
            catch (FencedException)
            {
            }
        }

        Assert.Equal(1, writers);
    }

    [Fact]
    public async Task Two_that_open_in_the_same_millisecond_do_not_take_each_others_opening_for_their_own()
    {
        var time = new StillTime();
        BatchJournal? faster = null;
        var store = new BeforeFirstAppend(Store(), async () =>
            (faster, _) = await BatchJournal.OpenAsync(Store(), Names, time, null, CancellationToken.None));
        var (slower, _) = await BatchJournal.OpenAsync(store, Names, time, null, CancellationToken.None);

        Assert.Equal((1, 2), (faster!.State.Incarnation, slower.State.Incarnation));
        await Assert.ThrowsAsync<FencedException>(() => WriteAsync(faster, Submitted()));
        await WriteAsync(slower, Submitted());
    }

    [Fact]
    public async Task One_that_opens_while_the_older_begins_a_segment_reads_again()
    {
        var bounds = new JournalBounds(3, long.MaxValue);
        var (older, _) = await OpenAsync(bounds);
        await WriteAsync(older, Submitted());
        await WriteAsync(older, new BatchEvent.Listed("listing", 2));
        var begun = await File.ReadAllBytesAsync(Segment(2).FullName);
        File.Delete(Segment(2).FullName);
        var store = new BeforeFirstAppend(Store(), () => File.WriteAllBytesAsync(Segment(2).FullName, begun));

        var (newer, _) = await BatchJournal.OpenAsync(store, Names, TimeProvider.System, bounds, CancellationToken.None);

        Assert.Equal(2, newer.State.ItemCount);
        await Assert.ThrowsAsync<FencedException>(() => WriteAsync(older, Dispatched(0)));
        await WriteAsync(newer, Dispatched(0));
    }

    [Fact]
    public async Task A_torn_document_is_put_right_when_the_snapshot_that_its_name_says_is_written_and_never_read_as_one()
    {
        var bounds = new JournalBounds(3, long.MaxValue);
        async Task RollAsync(string name)
        {
            var (journal, _) = await BatchJournal.OpenAsync(Store(), new JournalNames(name), new StillTime(), bounds, CancellationToken.None);
            await WriteAsync(journal, Submitted());
            await WriteAsync(journal, new BatchEvent.Listed(new string('x', 600_000), 1));
        }

        await RollAsync("whole");
        var document = Path.GetFileName(Assert.Single(Directory.GetFiles(Path.Combine(_folder.FullName, "whole"), "snapshot-*")));
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "damaged"));
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "damaged", document), "{}");

        await RollAsync("damaged");
        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "whole", document)),
            await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "damaged", document)));

        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "damaged", document), "{}");
        var refused = await Assert.ThrowsAsync<JournalDamagedException>(() =>
            BatchJournal.OpenAsync(Store(), new JournalNames("damaged"), new StillTime(), bounds, CancellationToken.None));
        Assert.Contains("is damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_per_item_do_not_grow_with_the_batch()
    {
        async Task<double> BytesPerItemAsync(int items)
        {
            var names = new JournalNames($"journal-of-{items}");
            var (journal, _) = await BatchJournal.OpenAsync(Store(), names, TimeProvider.System, null, CancellationToken.None);
            await WriteAsync(journal, Submitted(), new BatchEvent.Listed("listing", items));
            var empty = new FileInfo(Path.Combine(_folder.FullName, names.Segment(1).Value)).Length;
            for (var item = 0; item < items; item++)
            {
                await WriteAsync(journal, Dispatched(item), new BatchEvent.ItemUnchanged(new AttemptId(item, 1), "summary"));
            }

            return (new FileInfo(Path.Combine(_folder.FullName, names.Segment(1).Value)).Length - empty) / (double)items;
        }

        var few = await BytesPerItemAsync(10);
        var many = await BytesPerItemAsync(1_000);

        Assert.InRange(many, few, few * 1.1);
    }

    [Fact]
    public async Task The_format_of_the_first_version_is_read()
    {
        Directory.CreateDirectory(JournalPath());
        File.Copy(GoldenFile(), Segment(1).FullName);

        var (journal, _) = await OpenAsync();

        Assert.Equal("b", journal.State.Spec!.Id);
        Assert.Equal((2, 1, 1), (journal.State.ItemCount, journal.State.Count(ItemStatus.Committed), journal.State.Count(ItemStatus.Failed)));
    }

    [Fact]
    public async Task The_format_of_the_first_version_is_written()
    {
        var (journal, _) = await OpenAsync();
        await WriteAsync(
            journal,
            Submitted(),
            new BatchEvent.Listed("listing", 2),
            Dispatched(0),
            Dispatched(1),
            new BatchEvent.IntentRecorded(new AttemptId(0, 1), "staged"),
            new BatchEvent.ItemCommitted(new AttemptId(0, 1), "summary"),
            new BatchEvent.ItemFailed(new AttemptId(1, 1), new Failure("malformed-file", "Broken.", IsTransient: false)));
        var written = await File.ReadAllTextAsync(Segment(1).FullName);
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
        {
            await File.WriteAllTextAsync(GoldenFile(), written);
        }

        // The opening carries the time of the run: everything behind it is the same for ever.
        Assert.Equal(Behind(await File.ReadAllTextAsync(GoldenFile())), Behind(written));
    }

    private static string Behind(string journal) => journal[(journal.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    private static string GoldenFile() => Path.Combine(WorkingTree.Root, "tests", "Execution.Tests", "Coordination", "journal-v1.log");

    private static BatchEvent.Submitted Submitted() => new(new BatchSpec { Id = "b", BodyHash = "hash", BodyDocument = "body" }, new Moment(1_000));

    private static BatchEvent.Dispatched Dispatched(int item) => new(new AttemptId(item, 1), new WorkerId("w", 1), new Moment(2_000));

    private static async Task WriteAsync(BatchJournal journal, params BatchEvent[] events)
    {
        var group = journal.BeginGroup();
        group.Add(events);
        await group.CommitAsync(CancellationToken.None);
    }

    /// <summary>Every event of the whole chain, oldest first.</summary>
    private async Task<List<BatchEvent>> AllAsync()
    {
        var events = new List<BatchEvent>();
        var last = await JournalReader.LastSegmentAsync(Store(), Names, CancellationToken.None);
        for (var number = 1; number <= last; number++)
        {
            await foreach (var line in JournalReader.ReadAsync(Store(), Names.Segment(number), CancellationToken.None))
            {
                if (line.Event is { } happened and not BatchEvent.SnapshotTaken)
                {
                    events.Add(happened);
                }
            }
        }

        return events;
    }

    private FolderStore Store() => new(_folder.FullName);

    private Task<(BatchJournal Journal, BatchDecision Opening)> OpenAsync(JournalBounds? bounds = null) =>
        BatchJournal.OpenAsync(Store(), Names, TimeProvider.System, bounds, CancellationToken.None);

    private string JournalPath() => Path.Combine(_folder.FullName, Names.Folder);

    private FileInfo Segment(int number) => new(Path.Combine(_folder.FullName, Names.Segment(number).Value));

    /// <summary>Lets something else happen between what a writer read and what it appends.</summary>
    private sealed class BeforeFirstAppend(IObjectStore inner, Func<Task> happens) : StoreDecorator(inner)
    {
        private bool _hasHappened;

        public override async ValueTask<AppendResult> AppendAsync(
            ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (!_hasHappened)
            {
                _hasHappened = true;
                await happens();
            }

            return await base.AppendAsync(name, position, bytes, cancellationToken);
        }
    }

    private sealed class StillTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
