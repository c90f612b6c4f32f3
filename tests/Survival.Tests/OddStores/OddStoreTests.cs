using System.Globalization;
using System.Text;
using OrleansClean.Storage;
using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Storage.AzureBlobs.Tests;
using OrleansClean.Storage.Folders;
using OrleansClean.Storage.Memory;
using OrleansClean.Survival.Tests.Crashes;
using OrleansClean.Survival.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Survival.Tests.OddStores;

/// <summary>
/// Inputs that change while they are read, and stores that give too much or too little: an output comes from one content of its input, whole, or the file
/// fails with <c>input-changed</c>. Never a mixture, never a part.
/// </summary>
[Collection(AzuriteGroup.Name)]
public sealed class OddStoreTests(Azurite azurite, ITestOutputHelper output) : IDisposable
{
    private const int Rows = 60_000;
    private const int ReadBytes = 64 << 10;
    private static readonly ObjectName Input = ObjectName.Parse("in/big.csv");
    private static readonly ObjectName Output = ObjectName.Parse("big.csv");
    private static readonly byte[] Old = Text('o');
    private static readonly byte[] New = Text('n');
    private readonly string _root = Worlds.NewFolder();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task An_input_that_is_replaced_at_any_read_is_never_mixed_in_memory() =>
        await SweepAsync(number =>
        {
            var inputs = new MemoryStore(TimeProvider.System);
            return new World($"memory://{number}/in", inputs, $"memory://{number}/out", new MemoryStore(TimeProvider.System));
        });

    [Fact]
    public async Task A_file_that_is_replaced_at_any_read_is_never_mixed() => await SweepAsync(OnFolder);

    [Fact]
    public async Task A_file_that_is_written_in_place_at_any_read_is_never_mixed() =>
        await SweepAsync(OnFolder, world =>
        {
            File.WriteAllBytes(((FolderStore)world.Inputs).PathOf(Input), New);
            return Task.CompletedTask;
        });

    [Fact]
    public async Task A_file_that_is_cut_short_at_any_read_is_never_short() =>
        await SweepAsync(OnFolder, world =>
        {
            using var file = new FileStream(((FolderStore)world.Inputs).PathOf(Input), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(Old.Length / 2);
            return Task.CompletedTask;
        });

    [AzuriteFact]
    public async Task A_blob_that_is_replaced_at_any_read_is_never_mixed()
    {
        var container = $"c{Guid.NewGuid():n}";
        await Worlds.Blobs(azurite.ConnectionString, container, "").PrepareAsync(CancellationToken.None);
        await SweepAsync(number => new World($"blobs://{number}/in", Blobs(container, number), $"memory://{number}/out", new MemoryStore(TimeProvider.System)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-ReadBytes)]
    [InlineData(1)]
    [InlineData(ReadBytes)]
    public async Task A_body_of_another_length_than_was_listed_fails_the_file(int more)
    {
        var world = new World("memory://in", new MemoryStore(TimeProvider.System), "memory://out", new MemoryStore(TimeProvider.System));
        await WriteAsync(world, Old);

        var (code, text) = await CleanAsync(world, store => ReferenceEquals(store, world.Inputs) ? new OddBodies(store, more) : store);

        Assert.Equal("input-changed", code);
        Assert.Null(text);
    }

    private World OnFolder(int number) => Worlds.OnFolder(Directory.CreateDirectory(Path.Combine(_root, number.ToString(CultureInfo.InvariantCulture))).FullName);

    private AzureBlobStore Blobs(string container, int number) => new(
        BlobConnection.Parse(azurite.ConnectionString), container, number.ToString(CultureInfo.InvariantCulture), new AzureBlobOptions { ReadBytes = ReadBytes });

    /// <summary>Replaces the input at each read in turn, until a run makes fewer.</summary>
    private async Task SweepAsync(Func<int, World> newWorld, Func<World, Task>? change = null)
    {
        var (olds, changed) = (0, 0);
        for (var number = 1; ; number++)
        {
            var world = newWorld(number);
            await WriteAsync(world, Old);
            var reads = new ReadingStore(number, () => (change ?? (w => WriteAsync(w, New)))(world));
            var (code, text) = await CleanAsync(world, store => ReferenceEquals(store, world.Inputs) ? reads.Wrap(store) : store);
            if (!reads.IsReached)
            {
                output.WriteLine($"{number - 1} reads: {olds} times the content that was listed, {changed} times input-changed.");
                Assert.True(number > Old.Length / (512 << 10), $"Only {number - 1} reads were made.");
                Assert.True(text == Encoding.UTF8.GetString(Old), "The undisturbed file is not what it was.");
                return;
            }

            Assert.True(
                (code is null && text == Encoding.UTF8.GetString(Old)) || (code is "input-changed" && text is null),
                $"Changed before read {number}: {code}, {text?.Length} of {Old.Length} characters, {text?.Count(c => c == 'n')} of them new.");
            olds += code is null ? 1 : 0;
            changed += code is null ? 0 : 1;
        }
    }

    /// <summary>Cleans the input as it was listed; the failure's code, and the output's text, or null.</summary>
    private static async Task<(string? Code, string? Text)> CleanAsync(World world, Func<IObjectStore, IObjectStore> wrap)
    {
        var story = Story.All[0];
        await using var host = world.Host(story, wrap);
        Assert.Null(await world.TryAsync(host, story, Story.Now));
        var end = await Ending.OfAsync(world, Story.Now);
        var document = await world.Outputs.ReadDocumentAsync(Output, CancellationToken.None);
        return (end.Failures.SingleOrDefault()?.Split(' ')[1], document is null ? null : Encoding.UTF8.GetString(document.Content.Span));
    }

    private static async Task WriteAsync(World world, byte[] content)
    {
        var found = await world.Inputs.FindAsync(Input, CancellationToken.None);
        Assert.IsType<WriteResult.Written>(await world.Inputs.WriteDocumentAsync(Input, content, Precondition.AsFound(found), CancellationToken.None));
    }

    /// <summary>Rows of one length, so that a mixture would be a well-formed file.</summary>
    private static byte[] Text(char mark)
    {
        var text = new StringBuilder("id,value,mark\n");
        for (var row = 0; row < Rows; row++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row + 100_000},{row % 7},{mark}{mark}{mark}{mark}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Counts the reads of contents, and does something before one of them.</summary>
    private sealed class ReadingStore(int number, Func<Task> act)
    {
        private int _reads;

        public bool IsReached { get; private set; }

        public IObjectStore Wrap(IObjectStore store) => new Store(this, store);

        private void Count()
        {
            if (Interlocked.Increment(ref _reads) == number)
            {
                IsReached = true;
                act().GetAwaiter().GetResult();
            }
        }

        private sealed class Store(ReadingStore reads, IObjectStore store) : StoreDecorator(store)
        {
            public override async ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken)
            {
                reads.Count();
                return new BodyStream(await Inner.OpenReadAsync(name, etag, cancellationToken), reads.Count, long.MaxValue, 0);
            }
        }
    }

    /// <summary>Gives bodies of another length than their objects have.</summary>
    private sealed class OddBodies(IObjectStore store, int more) : StoreDecorator(store)
    {
        public override async ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken) =>
            new BodyStream(
                await Inner.OpenReadAsync(name, etag, cancellationToken),
                () => { },
                more < 0 ? (await Inner.FindAsync(name, cancellationToken))!.Bytes + more : long.MaxValue,
                Math.Max(0, more));
    }

    /// <summary>A body that is looked at before each read, ends early, or goes on with line ends.</summary>
    private sealed class BodyStream(Stream inner, Action onRead, long bytesMax, long bytesMore) : Stream
    {
        private long _left = bytesMax;
        private long _more = bytesMore;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            onRead();
            var read = inner.Read(buffer[..(int)Math.Min(Math.Min(buffer.Length, _left), ReadBytes)]);
            _left -= read;
            if (read > 0 || _more == 0 || buffer.IsEmpty)
            {
                return read;
            }

            var more = (int)Math.Min(buffer.Length, _more);
            buffer[..more].Fill((byte)'\n');
            _more -= more;
            return more;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
