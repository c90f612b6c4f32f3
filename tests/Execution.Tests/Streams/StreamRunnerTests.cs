using System.IO.Compression;
using System.IO.Pipes;
using System.Text;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Streams;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Streams;

public sealed class StreamRunnerTests : IDisposable
{
    private const string Barrier = """
        plan: 1
        name: barrier
        steps:
          - parse: {value: number}
          - filter: value < max(value)
        write: out/{name}.csv
        """;

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Rows_come_out_in_order_and_the_ledger_balances()
    {
        var (output, rejects, report) = await CleanAsync("id,value\n1,2\n2,x\n3,4\n");

        Assert.Equal("id,value\n1,2\n3,4\n", output);
        Assert.Contains("\"file\":\"-\",\"record\":2,\"line\":3", rejects, StringComparison.Ordinal);
        Assert.Equal(BatchStatus.Done, report.Status);
        Assert.Equal(new RowTotals(3, 2, 0, 1, Balanced: true), report.Ledger.Rows);
        Assert.Equal(output.Length, report.Ledger.Bytes.Out);
        Assert.False(_place.Exists("out"));
    }

    [Fact]
    public async Task A_gzip_is_read_as_a_stream()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write("id,value\n1,2\n"u8);
        }

        var (output, _, _) = await CleanAsync(packed.ToArray());

        Assert.Equal("id,value\n1,2\n", output);
    }

    [Theory]
    [InlineData(Workplace.SimplePlan)]
    [InlineData("plan: 1\nname: unique\nsteps: [{dedupe: [id]}]\nwrite: out/{name}.csv\n")]
    public async Task What_has_come_goes_out_before_more_is_waited_for(string plan)
    {
        _place.Plan(plan);
        using var input = new AnonymousPipeServerStream(PipeDirection.Out);
        using var source = new AnonymousPipeClientStream(PipeDirection.In, input.ClientSafePipeHandle);
        using var output = new AnonymousPipeServerStream(PipeDirection.In);
        using var target = new AnonymousPipeClientStream(PipeDirection.Out, output.ClientSafePipeHandle);
        var run = StreamRunner.RunAsync(Request(source, target), progress: null, CancellationToken.None);
        using var rows = new StreamReader(output);

        // The beginning is looked at as a whole: 64 KiB decide about encoding and dialect.
        input.Write(Encoding.UTF8.GetBytes("id,value\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},1\n"))));
        Assert.Equal("id,value", await rows.ReadLineAsync());
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Equal($"{i},1", await rows.ReadLineAsync());
        }

        for (var i = 20_000; i < 20_010; i++)
        {
            input.Write(Encoding.UTF8.GetBytes($"{i},1\n"));
            Assert.Equal($"{i},1", await rows.ReadLineAsync());
        }

        input.Dispose();
        Assert.Equal(20_010, (await run).Ledger.Rows.Out);
    }

    [Fact]
    public async Task A_plan_that_must_see_all_rows_first_reads_a_spilled_copy_and_leaves_nothing()
    {
        _place.Plan(Barrier);
        Directory.CreateDirectory(_place.PathOf("temp"));
        var rows = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i},{i}\n"));

        var (output, _, report) = await CleanAsync("id,value\n" + rows);

        Assert.Equal(29_999, report.Ledger.Rows.Out);
        Assert.Equal("id,value\n" + rows[..^"29999,29999\n".Length], output);
        Assert.Empty(Directory.GetFiles(_place.PathOf("temp")));
    }

    [Fact]
    public async Task A_spilled_copy_beyond_its_limit_fails_with_what_to_do()
    {
        _place.Plan(Barrier);
        Directory.CreateDirectory(_place.PathOf("temp"));
        var (output, _, report) = await CleanAsync("id,value\n" + new string('1', 2_000_000), request => request with { TempBytesMax = 1_000_000 });

        Assert.Equal("", output);
        Assert.Equal(BatchStatus.Failed, report.Status);
        Assert.Equal("storage-error", report.Files[0].Failure!.Code);
        Assert.Contains("more than the 1,000,000 bytes that --temp-limit allows", report.Files[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_place.PathOf("temp")));
    }

    [Fact]
    public async Task A_limit_of_rejects_is_told_although_the_rows_are_out()
    {
        var (output, _, report) = await CleanAsync("id,value\n1,x\n2,y\n3,4\n", request => request with { MaxRejects = new(Rows: 1, Share: null) });

        Assert.Equal("id,value\n3,4\n", output);
        Assert.Equal(BatchStatus.LimitExceeded, report.Status);
        Assert.Equal("2 of 3 rows were rejected and max_rejects allows 1 rows. The rows had gone out before that was known.", report.Message);
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_while_it_waits_ends()
    {
        using var input = new AnonymousPipeServerStream(PipeDirection.Out);
        using var source = new AnonymousPipeClientStream(PipeDirection.In, input.ClientSafePipeHandle);
        using var cancelled = new CancellationTokenSource();
        var run = StreamRunner.RunAsync(Request(source, new MemoryStream()), progress: null, cancelled.Token);
        input.Write("id,value\n1,2\n"u8);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromMinutes(1)));

        // The thread that reads ahead is still in its read: a pipe cannot be closed under it.
        input.Dispose();
    }

    [Fact]
    public async Task The_articles_third_example_fills_what_is_no_number_and_counts_every_cell()
    {
        _place.Plan(await File.ReadAllTextAsync(Path.Combine(WorkingTree.Root, "samples", "article-example-3.yaml")));
        var input = new StringBuilder("id,value,note\n");
        var expected = new StringBuilder("id,value,note\n");
        for (var i = 0; i < 5_000; i++)
        {
            var value = (i % 5) switch { 0 => "", 1 => "n/a", 2 => $"{i}.50", 3 => $"{i}", _ => "1e3" };
            input.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{value},\"a, {i}\"\n");
            expected.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{(i % 5 < 2 ? "0.0" : value)},\"a, {i}\"\n");
        }

        var (output, _, report) = await CleanAsync(input.ToString());

        Assert.Equal(expected.ToString(), output);
        Assert.Equal(new RowTotals(5_000, 5_000, 0, 0, Balanced: true), report.Ledger.Rows);

        // 1,000 words became null in one step, and they and 1,000 blanks became 0.0 in the next.
        Assert.Equal([0, 1_000, 2_000], report.Steps.Select(step => step.CellsChanged));
    }

    private Task<(string Output, string Rejects, BatchReport Report)> CleanAsync(string input, Func<StreamRequest, StreamRequest>? with = null) =>
        CleanAsync(Encoding.UTF8.GetBytes(input), with);

    private async Task<(string Output, string Rejects, BatchReport Report)> CleanAsync(byte[] input, Func<StreamRequest, StreamRequest>? with = null)
    {
        using var output = new MemoryStream();
        using var rejects = new MemoryStream();
        var request = Request(new MemoryStream(input), output) with { Rejects = rejects };
        var report = await StreamRunner.RunAsync(with?.Invoke(request) ?? request, progress: null, CancellationToken.None);
        return (Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(rejects.ToArray()), report);
    }

    private StreamRequest Request(Stream input, Stream output) => new()
    {
        PlanPath = _place.PathOf("plan.yaml"),
        Input = input,
        Output = output,
        Workers = 2,
        TempFolder = _place.PathOf("temp"),
    };
}
