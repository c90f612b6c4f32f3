using System.Text;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Execution.Verification;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>A large file whose process dies is gone on with from its last checkpoint, and the bytes are the same.</summary>
public sealed class CheckpointTests : IDisposable
{
    private readonly Workplace _place = new("""
        plan: 1
        name: large
        read: {files: "in/*.csv", header: 1, delimiter: ","}
        steps:
          - parse: {value: number}
          - derive: {share: value / max(value)}
        write: out/{name}.csv
        """);

    public CheckpointTests() => _place.Write("in/large.csv", LargeText());

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_dead_process_costs_what_it_did_after_its_last_checkpoint(int checkpoints)
    {
        var expected = await CleanWholeAsync();
        var dying = new Life { CheckpointsMax = checkpoints };
        await DieAsync(dying);
        Assert.Equal(checkpoints, dying.Checkpoints);
        Assert.NotEmpty(_place.Staged());

        var next = new Life();
        await CleanAsync(next);

        Assert.Equal(3, next.Reopened);
        Assert.Equal(expected, Made());
        Assert.Empty(_place.Staged());
        Assert.Empty(Directory.GetFiles(_place.PathOf("out/.orleansclean/batches/one/checkpoints")));

        // What the report says of the records speaks of both processes' lines.
        var verified = await ReportVerifier.VerifyAsync(_place.State, "one", CancellationToken.None);
        Assert.True(verified.Ok, string.Join('\n', verified.Checks.SelectMany(c => c.Failures)));
        Assert.Contains("\"rejectRecords\":{\"sha256\":", _place.StateFile("one", "files.jsonl"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_whose_bytes_are_not_what_they_were_is_not_gone_on_from()
    {
        var expected = await CleanWholeAsync();
        await DieAsync(new Life { CheckpointsMax = 2 });
        foreach (var staged in _place.Staged())
        {
            using var file = new FileStream(staged, FileMode.Open);
            file.Position = file.Length / 4;
            file.WriteByte((byte)'!');
        }

        var next = new Life();
        await CleanAsync(next);

        Assert.Equal(expected, Made());
    }

    [Fact]
    public async Task A_process_that_is_asked_to_stop_leaves_its_work_to_the_next()
    {
        var expected = await CleanWholeAsync();
        var stopping = new Life();
        var host = Host(stopping);
        Assert.True((await host.SubmitAsync(Submission(), default)).IsGood);
        await stopping.FirstCheckpoint.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await host.DisposeAsync();

        var next = new Life();
        await CleanAsync(next);

        Assert.Equal(expected, Made());
    }

    private async Task<(string Output, string Rejects, string Rows)> CleanWholeAsync()
    {
        await CleanAsync(new Life());
        var made = Made();
        Directory.Delete(_place.OutputRoot, recursive: true);
        return made;
    }

    private async Task CleanAsync(Life life)
    {
        await using var host = Host(life);
        var reply = await host.SubmitAsync(Submission(), default);
        Assert.True(reply.IsGood, reply.Message);
        Assert.True((await host.WaitAsync("one", TimeSpan.FromMinutes(1), default)).IsDone);
    }

    private async Task DieAsync(Life life)
    {
        var host = Host(life);
        Assert.True((await host.SubmitAsync(Submission(), default)).IsGood);
        await life.Death.Task.WaitAsync(TimeSpan.FromMinutes(1));
        await host.DisposeAsync();
    }

    private (string Output, string Rejects, string Rows) Made() =>
        (_place.Read("out/large.csv"), _place.StateFile("one", "rejects/in/large.csv.jsonl"), _place.Read("out/_rejects/large.rejects.csv"));

    private LocalBatchHost Host(Life life) => new(new LocalHostOptions
    {
        Stores = new LocalStores(name => new MortalFolder(new FolderStore(name), life)),
        OutputRoot = _place.OutputRoot,
        Workers = 2,
    });

    private BatchSubmission Submission() => new()
    {
        Id = "one",
        PlanText = _place.Read("plan.yaml"),
        InputRoot = _place.Root,
        OutputRoot = _place.OutputRoot,
        FrozenAt = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero),
    };

    private static string LargeText()
    {
        var text = new StringBuilder("id,value,note\n");
        for (var i = 0; i < 150_000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{(i % 1000 == 7 ? "x" : $"{i % 313}.5")},\"a note, {i}\"\n");
        }

        return text.ToString();
    }

    /// <summary>A process: it dies with a checkpoint, if it is to die.</summary>
    private sealed class Life
    {
        public int CheckpointsMax { get; init; } = int.MaxValue;

        public int Checkpoints { get; set; }

        public int Reopened { get; set; }

        public TaskCompletionSource FirstCheckpoint { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Death { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsOver => Checkpoints >= CheckpointsMax;

        public void Check()
        {
            if (IsOver)
            {
                Death.TrySetResult();
                throw new StorageException(StorageFault.Denied, "The process is dead.");
            }
        }
    }

    /// <summary>A folder as a process sees it: as long as it lives. What it had open is closed by its death, and stays.</summary>
    private sealed class MortalFolder(IObjectStore store, Life life) : StoreDecorator(store)
    {
        public override async ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken) =>
            Mortal(await Alive().StageAsync(name, stage, cancellationToken));

        public override async ValueTask<IStaging?> ReopenAsync(
            ObjectName name, StageId stage, string handle, long bytes, Action<ReadOnlySpan<byte>> see, CancellationToken cancellationToken)
        {
            var staging = await Alive().ReopenAsync(name, stage, handle, bytes, see, cancellationToken);
            life.Reopened += staging is null ? 0 : 1;
            return staging;
        }

        public override ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken) =>
            Alive().CommitAsync(staged, precondition, commit, cancellationToken);

        public override ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken) =>
            life.IsOver ? ValueTask.CompletedTask : Inner.AbortAsync(staged, cancellationToken);

        public override ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken) =>
            Alive().SweepStagedAsync(isFinished, cancellationToken);

        public override ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) => Alive().DeleteAsync(name, etag, cancellationToken);

        public override async ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken)
        {
            var result = await Alive().WriteDocumentAsync(name, content, precondition, cancellationToken);
            if (name.Value.Contains("/checkpoints/", StringComparison.Ordinal))
            {
                life.Checkpoints++;
                life.FirstCheckpoint.TrySetResult();
            }

            return result;
        }

        public override ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            Alive().AppendAsync(name, position, bytes, cancellationToken);

        private MortalStaging Mortal(IStaging staging) => new(staging, () => life.IsOver, seal =>
        {
            life.Check();
            return seal();
        })
        {
            Content = new MortalStream(staging.Content, life),
        };

        private IObjectStore Alive()
        {
            life.Check();
            return Inner;
        }
    }

    private sealed class MortalStream(Stream stream, Life life) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            life.Check();
            stream.Write(buffer);
        }
    }
}
