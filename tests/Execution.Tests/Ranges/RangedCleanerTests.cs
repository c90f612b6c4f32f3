using System.Text;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Ranges;

namespace OrleansClean.Execution.Tests.Ranges;

/// <summary>Real threads over one file: the same bytes as one thread, and no more threads than there may be.</summary>
public sealed class RangedCleanerTests
{
    private static readonly Plan Plan = PlanLoader.Load(
        """
        plan: 1
        name: ranged
        read: {header: 1, delimiter: ",", encoding: utf-8, quote: '"'}
        steps:
          - parse: {value: number}
          - derive: {share: value / sum(value)}
        write: out/{name}.csv
        """,
        "plan.yaml",
        new Dictionary<string, string>());

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Any_number_of_threads_makes_the_bytes_of_one(int threads)
    {
        var input = Table(rows: 60_000, defectEvery: 13);
        var (one, expected) = Clean(FileCleaner.Clean, input);

        var (found, report) = Clean(new RangedCleaner(threads).Clean, input);

        Assert.Equal(one.Output, found.Output);
        Assert.Equal(one.Records, found.Records);
        Assert.Equal(one.Rows, found.Rows);
        Assert.Equal(expected.Rows, report.Rows);
        Assert.Null(expected.Reading);
        Assert.True(report.Reading!.Ranges > 2, $"{report.Reading.Ranges} ranges");
        Assert.Null(report.Reading.OneReader);
    }

    [Fact]
    public void Quotes_out_of_place_in_a_file_for_many_threads_are_read_as_one_reader_reads_them()
    {
        var rows = Encoding.UTF8.GetString(Table(rows: 30_000, defectEvery: 50));
        var input = Encoding.UTF8.GetBytes(rows + "9,8,5\" pipe\n" + rows[(rows.IndexOf('\n', StringComparison.Ordinal) + 1)..] + "1,2,\"open\n" + "3,4,x\n");
        var (one, expected) = Clean(FileCleaner.Clean, input);

        var (found, report) = Clean(new RangedCleaner(4).Clean, input);

        Assert.Equal(one.Output, found.Output);
        Assert.Equal(one.Records, found.Records);
        Assert.Equal(expected.Rows, report.Rows);
        Assert.Contains("one reader took over", report.Reading!.OneReader, StringComparison.Ordinal);
    }

    [Fact]
    public void A_range_that_makes_more_than_it_can_hold_back_waits_for_its_turn()
    {
        // Each row becomes 64 KiB of text: a range of half a megabyte would be gigabytes.
        var plan = PlanLoader.Load(
            """
            plan: 1
            name: long
            read: {header: 1, delimiter: ","}
            steps:
              - derive:
                  x: concat(a, a, a, a, a, a, a, a)
              - derive:
                  y: concat(x, x, x, x, x, x, x, x)
                id: longer
            write: out/{name}.csv
            """,
            "plan.yaml",
            new Dictionary<string, string>());
        var input = Encoding.UTF8.GetBytes("a\n" + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{new string((char)('a' + (i % 26)), 300)}\n")));
        var (one, _) = Clean(FileCleaner.Clean, input, plan);

        var (found, _) = Clean(new RangedCleaner(3).Clean, input, plan);

        Assert.True(one.Output.Length > 50 << 20, $"{one.Output.Length} bytes");
        Assert.True(one.Output.AsSpan().SequenceEqual(found.Output));
    }

    [Fact]
    public void A_cancelled_file_ends_and_gives_its_threads_back()
    {
        using var cancelled = new CancellationTokenSource();
        var cleaner = new RangedCleaner(3);
        var input = Table(rows: 60_000, defectEvery: 1000);
        var told = 0;

        Assert.ThrowsAny<OperationCanceledException>(() => cleaner.Clean(
            Job(input, Plan, new Outputs()) with
            {
                Progress = (_, _) =>
                {
                    if (++told == 2)
                    {
                        cancelled.Cancel();
                    }
                },
            },
            cancelled.Token));

        Assert.Equal(Clean(FileCleaner.Clean, input).Made.Output, Clean(cleaner.Clean, input).Made.Output);
    }

    [Fact]
    public void A_full_disk_fails_the_file_with_the_stores_own_words()
    {
        var full = new Outputs { Output = new FullStream() };
        var failure = Assert.Throws<IOException>(() => new RangedCleaner(3).Clean(Job(Table(rows: 60_000, defectEvery: 1000), Plan, full), CancellationToken.None));

        Assert.Equal("no space left", failure.Message);
    }

    [Fact]
    public void A_thread_is_borrowed_only_while_no_file_needs_it()
    {
        var budget = new CoreBudget(2);
        budget.Enter();
        Assert.True(budget.TryBorrow());
        Assert.False(budget.TryBorrow());

        budget.Enter();
        Assert.True(budget.IsOverdrawn);

        budget.Leave();
        Assert.False(budget.IsOverdrawn);
        budget.Leave();
        Assert.True(budget.TryBorrow());
    }

    private static byte[] Table(int rows, int defectEvery)
    {
        var text = new StringBuilder("id,value,note\n");
        for (var i = 0; i < rows; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{(i % defectEvery == 0 ? "x" : $"{i % 997}.25")},\"note, {i}\r\nof \"\"two\"\" lines\"\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static (Outputs.Made Made, FileReport Report) Clean(Func<FileCleaning, CancellationToken, FileReport> clean, byte[] input, Plan? plan = null)
    {
        var outputs = new Outputs();
        var report = clean(Job(input, plan ?? Plan, outputs), CancellationToken.None);
        return (outputs.Take(), report);
    }

    private static FileCleaning Job(byte[] input, Plan plan, Outputs outputs) => new()
    {
        Plan = plan,
        InputName = "in.csv",
        InputBytes = RangedFile.InputBytesMin,
        OpenInput = () => new MemoryStream(input, writable: false),
        Outputs = outputs,
        BatchId = "b",
        Now = DateTime.UnixEpoch,
    };

#pragma warning disable CA1001 // Streams in memory hold nothing that must be given back.
    private sealed class Outputs : ICleaningOutputs
#pragma warning restore CA1001
    {
        private readonly MemoryStream _records = new();
        private readonly MemoryStream _rows = new();

        public Stream Output { get; init; } = new MemoryStream();

        public Stream OpenOutput() => Output;

        public Stream OpenRejectRecords() => _records;

        public Stream OpenRejectRows() => _rows;

        public Made Take() => new(((MemoryStream)Output).ToArray(), _records.ToArray(), _rows.ToArray());

        public sealed record Made(byte[] Output, byte[] Records, byte[] Rows);
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            if (Length + count > 1 << 20)
            {
                throw new IOException("no space left");
            }

            base.Write(buffer, offset, count);
        }
    }
}
