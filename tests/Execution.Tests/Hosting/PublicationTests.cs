using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Tests.Coordination.Stepped;
using OrleansClean.Storage;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>What is said of a publication is what stands there.</summary>
public sealed class PublicationTests
{
    private readonly MemoryStore _store = new(new VirtualClock());

    [Fact]
    public async Task An_output_that_stands_is_not_called_refused_because_what_comes_after_it_was()
    {
        var hasRoom = false;
        var publication = new Publication(_store, _ => hasRoom ? Task.CompletedTask : throw new StorageException(StorageFault.Full, "No room."));
        var ready = (AttemptOutcome.Ready)SteppedWorker.Stage(_store, new AttemptId(0, 1), [null]);
        var intent = CommitIntent.Parse(ready.Staged);

        Assert.IsType<CommitOutcome.Unknown>(await publication.PublishAsync(intent, CancellationToken.None));
        Assert.NotNull(await _store.FindAsync(RecordingStore.Output(0, 0), CancellationToken.None));

        hasRoom = true;
        Assert.IsType<CommitOutcome.Published>(await publication.PublishAsync(intent, CancellationToken.None));
    }

    [Fact]
    public async Task A_strangers_object_stays_and_the_same_bytes_are_no_strangers()
    {
        var publication = new Publication(_store, _ => Task.CompletedTask);
        var first = (AttemptOutcome.Ready)SteppedWorker.Stage(_store, new AttemptId(0, 1), [null]);
        Assert.IsType<CommitOutcome.Published>(await publication.PublishAsync(CommitIntent.Parse(first.Staged), CancellationToken.None));

        // A later attempt at the same item expects what was listed, too, and finds its own bytes there.
        var second = (AttemptOutcome.Ready)SteppedWorker.Stage(_store, new AttemptId(0, 2), [null]);
        Assert.IsType<CommitOutcome.Published>(await publication.PublishAsync(CommitIntent.Parse(second.Staged), CancellationToken.None));

        await _store.WriteDocumentAsync(RecordingStore.Output(1, 0), "theirs"u8.ToArray(), Precondition.Absent, CancellationToken.None);
        var third = (AttemptOutcome.Ready)SteppedWorker.Stage(_store, new AttemptId(1, 2), [null]);
        Assert.IsType<CommitOutcome.Conflict>(await publication.PublishAsync(CommitIntent.Parse(third.Staged), CancellationToken.None));
        Assert.Equal("theirs"u8.ToArray(), (await _store.ReadDocumentAsync(RecordingStore.Output(1, 0), CancellationToken.None))!.Content.ToArray());
    }
}
