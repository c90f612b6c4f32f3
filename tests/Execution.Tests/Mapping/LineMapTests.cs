using System.Text;
using OrleansClean.Execution.Mapping;
using OrleansClean.Execution.Mapping.Functions;

namespace OrleansClean.Execution.Tests.Mapping;

public sealed class LineMapTests
{
    public static TheoryData<string> Samples => [.. FunctionSource.BuiltIn.All().Select(marked => marked.Name)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Every_function_that_comes_along_gives_what_its_example_says(string name)
    {
        var info = FunctionSource.BuiltIn.Find(name).ToInfo();
        var parts = info.Example!.Split(" -> ");

        var (output, report) = await MapAsync(name, parts[0] + "\n");

        Assert.Equal($"{{\"index\":0,\"input\":\"{parts[0]}\",\"result\":{parts[1]}}}\n", output);
        Assert.Equal((1, 0), (report.Ok, report.Failed));
        Assert.NotNull(info.About);
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", info.Name);
    }

    [Fact]
    public async Task A_result_or_an_error_stands_beside_every_input()
    {
        var (output, report) = await MapAsync("square", "3\nx\n-4\n3037000500\n\n");

        Assert.Equal(
            """
            {"index":0,"input":"3","result":9}
            {"index":1,"input":"x","error":{"code":"type-error","message":"\"x\" is no long, which the function takes."}}
            {"index":2,"input":"-4","result":16}
            {"index":3,"input":"3037000500","error":{"code":"function-failed","message":"OverflowException: Arithmetic operation resulted in an overflow."}}
            {"index":4,"input":"","error":{"code":"type-error","message":"\"\" is no long, which the function takes."}}

            """,
            output);
        Assert.Equal((2, 3, 3), (report.Ok, report.Failed, report.First.Count));
    }

    [Theory]
    [InlineData(1, null, false)]
    [InlineData(4, null, false)]
    [InlineData(4, 1, false)]
    [InlineData(8, 1_000, false)]
    public async Task Any_number_of_workers_and_any_chunk_size_write_the_same_bytes(int workers, int? chunkSize, bool asCompleted)
    {
        var inputs = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"{(i % 97 == 0 ? "bad" : i)}\n"));
        var expected = string.Concat(Enumerable.Range(0, 10_000).Select(i => i % 97 == 0 ? "\n" : $"{(long)i * i}\n"));

        var (output, report) = await MapAsync(
            "square", inputs, request => request with { Workers = workers, ChunkSize = chunkSize, AsCompleted = asCompleted, Form = LineForm.Plain });

        Assert.Equal(expected, output);
        Assert.Equal((10_000 - 104, 104), (report.Ok, report.Failed));
    }

    [Fact]
    public async Task As_completed_every_input_is_written_once()
    {
        var inputs = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i}\n"));

        var (output, _) = await MapAsync("square", inputs, request => request with { Workers = 4, ChunkSize = 13, AsCompleted = true });

        Assert.Equal(
            Enumerable.Range(0, 5_000).Select(i => $"{{\"index\":{i},\"input\":\"{i}\",\"result\":{(long)i * i}}}").Order(StringComparer.Ordinal),
            output.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Reduction.Sum, "square", "1\n2\n3\nx\n", "{\"reduce\":\"sum\",\"inputs\":4,\"failed\":1,\"result\":14}\n")]
    [InlineData(Reduction.Min, "square", "3\n-2\n5\n", "{\"reduce\":\"min\",\"inputs\":3,\"failed\":0,\"result\":4}\n")]
    [InlineData(Reduction.Max, "square", "3\n-2\n5\n", "{\"reduce\":\"max\",\"inputs\":3,\"failed\":0,\"result\":25}\n")]
    [InlineData(Reduction.Count, "sha256", "a\nb\n", "{\"reduce\":\"count\",\"inputs\":2,\"failed\":0,\"result\":2}\n")]
    [InlineData(Reduction.Sum, "sha256", "a\n", "{\"reduce\":\"sum\",\"inputs\":1,\"failed\":1,\"result\":0}\n")]
    [InlineData(Reduction.Sum, "square", "", "{\"reduce\":\"sum\",\"inputs\":0,\"failed\":0,\"result\":0}\n")]
    [InlineData(Reduction.Min, "square", "", "{\"reduce\":\"min\",\"inputs\":0,\"failed\":0,\"result\":null}\n")]
    [InlineData(Reduction.Max, "sleep", "-0\n0.0\n", "{\"reduce\":\"max\",\"inputs\":2,\"failed\":0,\"result\":0}\n")]
    public async Task Results_are_reduced_to_one_number(Reduction reduction, string function, string inputs, string expected)
    {
        var (output, _) = await MapAsync(function, inputs, request => request with { Reduction = reduction });

        Assert.Equal(expected, output);
    }

    [Fact]
    public async Task A_sum_of_doubles_does_not_depend_on_workers_and_chunks()
    {
        var inputs = string.Concat(Enumerable.Range(0, 2_000).Select(i => $"{i}.{i % 10}\n"));
        var sums = new HashSet<string>();
        foreach (var (workers, chunkSize) in ((int, int?)[])[(1, null), (3, 1), (4, 7), (2, 1_999)])
        {
            var (output, _) = await MapAsync("heavy-compute", inputs, request => request with
            {
                Function = request.Function with { Parameters = new Dictionary<string, string> { ["terms"] = "3" } },
                Workers = workers,
                ChunkSize = chunkSize,
                Reduction = Reduction.Sum,
                Form = LineForm.Plain,
            });
            sums.Add(output);
        }

        Assert.Single(sums);
    }

    [Fact]
    public async Task Hostile_text_comes_out_as_JSON_that_steers_nothing()
    {
        var (output, _) = await MapAsync("length", "\u001b]0;x\u0007\0\n\"\\\n" + new string('y', 1 << 20) + "\n");

        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain('\0', output);
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => System.Text.Json.JsonDocument.Parse(line).Dispose());
        Assert.EndsWith("\"result\":1048576}", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_no_text_fails_and_the_next_one_does_not()
    {
        using var output = new MemoryStream();
        var report = await LineMap.RunAsync(
            Request("length", new MemoryStream([(byte)'a', 0xC3, (byte)'\n', (byte)'b', (byte)'\n']), output), CancellationToken.None);

        Assert.Equal((1, 1), (report.Ok, report.Failed));
        Assert.Equal("encoding-error", report.First[0].Code);
    }

    [Fact]
    public async Task Equal_inputs_of_a_pure_function_are_computed_once()
    {
        var (output, report) = await MapAsync(
            "square", string.Concat(Enumerable.Repeat("7\n8\n", 50)), request => request with { Workers = 1, MemoMax = 10, Form = LineForm.Plain });

        Assert.Equal(98, report.MemoHits);
        Assert.Equal(string.Concat(Enumerable.Repeat("49\n64\n", 50)), output);
    }

    [Fact]
    public async Task A_function_that_does_not_say_that_it_is_pure_is_not_remembered()
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => MapAsync("sleep", "0\n", request => request with { MemoMax = 10 }));

        Assert.Contains("does not say that it is pure", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_input_that_takes_too_long_fails_alone()
    {
        var (output, report) = await MapAsync(
            "sleep", "0\n3600\n0\n", request => request with { Workers = 1, InputTimeout = TimeSpan.FromMilliseconds(200), Form = LineForm.Plain });

        Assert.Equal("0\n\n0\n", output);
        Assert.Equal((2, 1, 1), (report.Ok, report.Failed, report.TimedOut));
    }

    [Fact]
    public async Task When_the_time_of_the_map_is_up_what_is_done_is_written()
    {
        var (output, report) = await MapAsync(
            "sleep", "0\n0\n3600\n0\n", request => request with { Workers = 1, ChunkSize = 10, Timeout = TimeSpan.FromMilliseconds(400), Form = LineForm.Plain });

        Assert.True(report.IsTimedOut);
        Assert.Equal("0\n0\n", output);
    }

    [Fact]
    public async Task A_map_that_is_cancelled_ends()
    {
        using var stop = new CancellationTokenSource();
        var running = MapAsync("sleep", "3600\n", request => request with { Progress = null, InputTimeout = null }, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_writer_that_fails_ends_the_map_and_is_heard()
    {
        using var inputs = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{i}\n"))));
        using var output = new FullStream();

        var failure = await Assert.ThrowsAsync<IOException>(() => LineMap.RunAsync(Request("square", inputs, output), CancellationToken.None));

        Assert.Equal("full", failure.Message);
        Assert.True(inputs.Position < inputs.Length, "The inputs were read to their end for nobody.");
    }

    [Theory]
    [InlineData("sqare", null, null, "Did you mean 'square'?")]
    [InlineData("xyzzy-plugh", null, null, "It has collatz,")]
    [InlineData("heavy-compute", "term", "3", "Did you mean terms?")]
    [InlineData("heavy-compute", "terms", "many", "is of type int, and 'many' is none.")]
    [InlineData("square", "x", "1", "It has none.")]
    public async Task What_cannot_be_called_is_refused_with_what_can(string function, string? parameter, string? value, string hint)
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => MapAsync(function, "1\n", request => request with
        {
            Function = request.Function with
            {
                Parameters = parameter is null ? request.Function.Parameters : new Dictionary<string, string> { [parameter] = value! },
            },
        }));

        Assert.Contains(hint, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_million_inputs_take_no_more_memory_than_a_few()
    {
        using var inputs = new CountingLines(1_000_000);
        using var output = new CountedOutput();
        await LineMap.RunAsync(Request("square", inputs, output) with { Workers = 2 }, CancellationToken.None);

        Assert.Equal(1_000_000, output.Lines);
        Assert.InRange(output.MemoryMax - output.MemoryFirst, long.MinValue, 48 << 20);
    }

    private static async Task<(string Output, LineMapReport Report)> MapAsync(
        string function, string inputs, Func<LineMapRequest, LineMapRequest>? change = null, CancellationToken cancellationToken = default)
    {
        using var output = new MemoryStream();
        var request = Request(function, new MemoryStream(Encoding.UTF8.GetBytes(inputs)), output);
        var report = await LineMap.RunAsync(change?.Invoke(request) ?? request, cancellationToken);
        return (Encoding.UTF8.GetString(output.ToArray()), report);
    }

    private static LineMapRequest Request(string function, Stream inputs, Stream output) => new()
    {
        Function = new FunctionReference(function, LibraryPath: null, new Dictionary<string, string>(StringComparer.Ordinal)),
        Inputs = inputs,
        Output = output,
    };

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("full");
    }

    /// <summary>Lines with numbers, made as they are read.</summary>
    private sealed class CountingLines(int count) : MemoryStream
    {
        private int _next;
        private byte[] _rest = [];

        public override int Read(Span<byte> buffer)
        {
            if (_rest.Length == 0 && _next < count)
            {
                _rest = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(_next, Math.Min(1_000, count - _next)).Select(i => $"{i}\n")));
                _next += 1_000;
            }

            var length = Math.Min(_rest.Length, buffer.Length);
            _rest.AsSpan(0, length).CopyTo(buffer);
            _rest = _rest[length..];
            return length;
        }
    }

    /// <summary>Counts lines, and looks at the memory every now and then.</summary>
    private sealed class CountedOutput : MemoryStream
    {
        private int _writes;

        public long Lines { get; private set; }

        public long MemoryFirst { get; private set; }

        public long MemoryMax { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Lines += buffer.Count((byte)'\n');
            if (_writes++ % 50 == 0)
            {
                var memory = GC.GetTotalMemory(forceFullCollection: true);
                MemoryFirst = MemoryFirst == 0 ? memory : MemoryFirst;
                MemoryMax = Math.Max(MemoryMax, memory);
            }
        }
    }
}
