using System.Text;
using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>
/// Memory does not grow with the file, the record or the field. Allocations are counted for the whole process, so these
/// tests run alone.
/// </summary>
[Collection(nameof(Alone))]
public sealed class BoundedMemoryTests
{
    private const long LongFileBytes = 64L << 20;

    /// <summary>What reading, cleaning and writing may allocate for one file, however long: buffers, and what records need.</summary>
    private const long AllocatedBytesMax = 24L << 20;

    private static readonly byte[] Row = "17,\"a note, quoted\",265.4160\n"u8.ToArray();

    [Fact]
    public void Allocations_do_not_grow_with_the_number_of_rows()
    {
        var repeats = LongFileBytes / Row.Length;
        var (report, allocated) = Clean("id,note,value\n"u8, repeats, ""u8);

        Assert.Equal(repeats, report.Rows.Out);
        AssertBounded(allocated);
    }

    [Fact]
    public void An_unclosed_quote_early_in_a_long_file_costs_one_record_and_no_memory()
    {
        var repeats = LongFileBytes / Row.Length;
        var (report, allocated) = Clean("id,note,value\n1,\"open,2\n3,plain,4\n"u8, repeats, ""u8, row: "17,a note,265.4160\n"u8);

        Assert.Equal(1, report.Rows.Rejected);
        Assert.Equal(2, report.FirstReject!.Line);
        Assert.Equal(ProblemCodes.UnterminatedQuote, report.FirstReject.Code);
        Assert.Equal(repeats + 1, report.Rows.Out);
        AssertBounded(allocated);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\"x")]
    public void A_field_of_many_megabytes_costs_its_record_and_no_memory(string firstBytes)
    {
        // The field fills the second record; a good one stands before it and one behind.
        var head = Encoding.UTF8.GetBytes($"id,note\n1,a\n2,{firstBytes}");
        var (report, allocated) = Clean(head, LongFileBytes / 1024, "\n3,c\n"u8, row: Encoding.UTF8.GetBytes(new string('x', 1024)));

        Assert.Equal(ProblemCodes.FieldTooLong, report.FirstReject!.Code);
        Assert.Equal(3, report.FirstReject.Line);
        Assert.Equal(new RowCounts(In: 3, Out: 2, Dropped: 0, Rejected: 1), report.Rows);
        AssertBounded(allocated);
    }

    private static void AssertBounded(long allocated) =>
        Assert.True(allocated < AllocatedBytesMax, $"{allocated >> 20} MiB allocated; at most {AllocatedBytesMax >> 20} are allowed.");

    private static (FileReport Report, long AllocatedBytes) Clean(
        ReadOnlySpan<byte> head, long repeats, ReadOnlySpan<byte> tail, ReadOnlySpan<byte> row = default)
    {
        var (first, body, last) = (head.ToArray(), row.IsEmpty ? Row : row.ToArray(), tail.ToArray());
        var job = new FileCleaning
        {
            Plan = CleaningRun.LoadPlan(Corpus.PassThroughPlan),
            InputName = "long.csv",
            OpenInput = () => new LongInput(first, body, repeats, last),
            Outputs = new CountedOutputs(),
            BatchId = "evidence-1",
            Now = DateTime.UnixEpoch,
        };
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var report = FileCleaner.Clean(job, CancellationToken.None);
        return (report, GC.GetTotalAllocatedBytes(precise: true) - before);
    }
}

/// <summary>Tests that need the process to themselves.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
