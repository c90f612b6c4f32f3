using OrleansClean.Batches;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Mapping;
using OrleansClean.Execution.Mapping.Batches;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Tests.Mapping;

/// <summary>Maps into a folder, which are gone on with by the same request.</summary>
public sealed class MapBatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansclean-map-").FullName;

    private string Inputs => Path.Combine(_folder, "in.txt");

    private string Out => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, 1)]
    [InlineData(2, 7)]
    [InlineData(2, 1_000)]
    public async Task The_result_has_every_input_in_its_order_whatever_the_chunks(int workers, int? chunkSize)
    {
        await WriteAsync(200);

        var report = await MapBatch.RunAsync(Request(map => map with { Workers = workers, ChunkSize = chunkSize }), CancellationToken.None);

        Assert.Equal((199, 1, 0), (report.Counts.Ok, report.Counts.Failed, report.ChunksBefore));
        Assert.Equal(13, Assert.Single(report.Counts.First).Index);
        Assert.Equal(
            string.Concat(Enumerable.Range(0, 200).Select(i => i == 13
                ? "{\"index\":13,\"input\":\"x\",\"error\":{\"code\":\"type-error\",\"message\":\"\\\"x\\\" is no long, which the function takes.\"}}\n"
                : $"{{\"index\":{i},\"input\":\"{i}\",\"result\":{i * i}}}\n")),
            await File.ReadAllTextAsync(report.ResultPath!));
        Assert.DoesNotContain(Directory.GetFiles(Out, "*", SearchOption.AllDirectories), path => Path.GetFileName(Path.GetDirectoryName(path)) is "parts");
    }

    [Theory]
    [InlineData(LineForm.Plain, null, "txt", "0\n1\n4\n")]
    [InlineData(LineForm.JsonLines, Reduction.Sum, "json", "{\"reduce\":\"sum\",\"inputs\":3,\"failed\":0,\"result\":5}\n")]
    [InlineData(LineForm.Plain, Reduction.Max, "json", "4\n")]
    public async Task The_result_has_the_form_that_is_asked_for(LineForm form, Reduction? reduction, string ending, string expected)
    {
        await WriteAsync(3);

        var report = await MapBatch.RunAsync(Request(map => map with { Form = form, Reduction = reduction, ChunkSize = 1 }), CancellationToken.None);

        Assert.Equal(Path.Combine(Out, "square." + ending), report.ResultPath);
        Assert.Equal(expected, await File.ReadAllTextAsync(report.ResultPath!));
    }

    [Fact]
    public async Task No_inputs_are_an_empty_result()
    {
        await WriteAsync(0);

        var report = await MapBatch.RunAsync(Request(), CancellationToken.None);

        Assert.Equal("", await File.ReadAllTextAsync(report.ResultPath!));
    }

    [Fact]
    public async Task The_same_request_again_finds_what_stands_and_does_nothing()
    {
        await WriteAsync(50);
        var first = await MapBatch.RunAsync(Request(map => map with { ChunkSize = 10 }), CancellationToken.None);
        var written = File.GetLastWriteTimeUtc(first.ResultPath!);

        var again = await MapBatch.RunAsync(Request(map => map with { ChunkSize = 10 }), CancellationToken.None);

        Assert.Equal((5, 5), (again.Chunks, again.ChunksBefore));
        Assert.Equal(first.Counts.Ok, again.Counts.Ok);
        Assert.Equal(written, File.GetLastWriteTimeUtc(again.ResultPath!));
    }

    [Fact]
    public async Task A_result_that_was_removed_or_changed_is_made_anew()
    {
        await WriteAsync(20);
        var first = await MapBatch.RunAsync(Request(), CancellationToken.None);
        var content = await File.ReadAllTextAsync(first.ResultPath!);
        await File.WriteAllTextAsync(first.ResultPath!, "somebody else's");

        var again = await MapBatch.RunAsync(Request(), CancellationToken.None);

        Assert.Equal(0, again.ChunksBefore);
        Assert.Equal(content, await File.ReadAllTextAsync(again.ResultPath!));
    }

    [Fact]
    public async Task Other_inputs_are_another_map()
    {
        await WriteAsync(20);
        await MapBatch.RunAsync(Request(), CancellationToken.None);
        await WriteAsync(21);

        var report = await MapBatch.RunAsync(Request(), CancellationToken.None);

        Assert.Equal((21, 0), (report.Counts.Inputs, report.ChunksBefore));
    }

    [Fact]
    public async Task A_map_that_was_cancelled_is_gone_on_with_and_loses_only_what_was_under_way()
    {
        await File.WriteAllTextAsync(Inputs, "0\n0\n0\n3600\n0\n");
        using var stop = new CancellationTokenSource();
        MapBatchRequest Sleeps(LineMapRequest map) => new(Inputs, Out, map with { Workers = 1, ChunkSize = 1, InputTimeout = TimeSpan.FromSeconds(3) });

        // Cancelled when the third of five is done, while the fourth sleeps.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => MapBatch.RunAsync(
            Sleeps(Map("sleep") with { Progress = now => CancelAt(now, stop) }), stop.Token));
        Assert.False(File.Exists(Path.Combine(Out, "sleep.jsonl")));

        var report = await MapBatch.RunAsync(Sleeps(Map("sleep")), CancellationToken.None);

        Assert.InRange(report.ChunksBefore, 1, 3);
        Assert.Equal((4, 1, 1), (report.Counts.Ok, report.Counts.Failed, report.Counts.TimedOut));
        Assert.Equal(5, (await File.ReadAllLinesAsync(report.ResultPath!)).Length);
    }

    [Fact]
    public async Task Inputs_that_change_meanwhile_are_noticed()
    {
        await WriteAsync(2_000);
        using var changed = new ManualResetEventSlim();
        var request = Request(map => map with
        {
            Workers = 1,
            ChunkSize = 100,
            Progress = _ =>
            {
                if (!changed.IsSet)
                {
                    changed.Set();
                    File.WriteAllText(Inputs, "1\n");
                }
            },
        });

        var report = await MapBatch.RunAsync(request, CancellationToken.None);

        Assert.Null(report.ResultPath);
        Assert.StartsWith("The inputs changed since the map began", report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_cover_every_byte_once_and_begin_with_lines()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => new string('x', random.Next(5)) + "\n")) + (random.Next(2) == 0 ? "" : "end");
            var bytes = System.Text.Encoding.ASCII.GetBytes(text);
            var listing = MapListing.Cut(() => new MemoryStream(bytes), random.Next(1, 6));

            var offset = 0L;
            var lines = 0L;
            for (var i = 0; i < listing.Count; i++)
            {
                Assert.True(listing[i].Offset == offset && listing[i].First == lines, $"seed={seed} round={round}");
                offset += listing[i].Bytes;
                lines += text[(int)listing[i].Offset..(int)offset].TrimEnd('\0').Split('\n').Length - (bytes[offset - 1] == '\n' ? 1 : 0);
            }

            Assert.True(offset == bytes.Length, $"seed={seed} round={round}");
        }
    }

    private void CancelAt(LineMapProgress now, CancellationTokenSource stop)
    {
        if (now.Done >= 3)
        {
            // What was done before is published by another thread, which may be slow.
            Assert.True(SpinWait.SpinUntil(() => CountPublished() > 0, TimeSpan.FromMinutes(3)));
            stop.Cancel();
        }
    }

    private int CountPublished()
    {
        var id = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(Out, ".orleansclean/maps"))));
        var book = new MapBook();
        book.ReadAsync(new FolderStore(Out), WorkNames.Journal(WorkKind.Map, id), CancellationToken.None).GetAwaiter().GetResult();
        return book.Done;
    }

    private Task WriteAsync(int lines) =>
        File.WriteAllTextAsync(Inputs, string.Concat(Enumerable.Range(0, lines).Select(i => i == 13 ? "x\n" : $"{i}\n")));

    private MapBatchRequest Request(Func<LineMapRequest, LineMapRequest>? change = null) =>
        new(Inputs, Out, change?.Invoke(Map("square")) ?? Map("square"));

    private static LineMapRequest Map(string function) => new()
    {
        Function = new FunctionReference(function, LibraryPath: null, new Dictionary<string, string>(StringComparer.Ordinal)),
        Inputs = Stream.Null,
        Output = Stream.Null,
    };
}
