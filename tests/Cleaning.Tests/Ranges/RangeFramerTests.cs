using OrleansClean.Cleaning.Ranges;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Ranges;

/// <summary>The framer counts lines and records as one does who looks at one byte after the other.</summary>
public sealed class RangeFramerTests(ITestOutputHelper output)
{
    [Fact]
    public void It_counts_what_a_reader_of_single_bytes_counts_for_both_states() =>
        Seeds.ForEach(output, count: 300, records: 200, (seed, bytes) =>
        {
            var random = new Random(seed);
            var block = Enumerable.Range(0, random.Next(bytes + 1)).Select(_ => (byte)"a,\"\n\r"[random.Next(5)]).ToArray();
            var isAfterLineEnd = random.Next(2) == 0;

            var found = RangeFramer.Of(block, isAfterLineEnd);

            Assert.Equal(ByHand(block, isAfterLineEnd, isInside: false), found.Outside);
            Assert.Equal(ByHand(block, isAfterLineEnd, isInside: true), found.Inside);
            Assert.Equal(OrleansClean.Cleaning.Csv.PhysicalLines.Count(block), found.LineEnds);
            Assert.Equal(block.Count(b => b == '"') % 2 == 1, found.IsOdd);
        });

    private static RecordCount ByHand(byte[] block, bool isAfterLineEnd, bool isInside)
    {
        var (ends, blanks, cut) = (0, 0, 0);
        for (var i = 0; i < block.Length; i++)
        {
            isInside ^= block[i] == '"';
            var isLineEnd = block[i] is (byte)'\r' or (byte)'\n';
            if (isLineEnd && !(block[i] == '\n' && i > 0 && block[i - 1] == '\r') && !isInside)
            {
                ends++;
                blanks += isAfterLineEnd ? 1 : 0;
                cut = i + (block[i] == '\r' && i + 1 < block.Length && block[i + 1] == '\n' ? 2 : 1);
            }

            isAfterLineEnd = isLineEnd;
        }

        return new RecordCount(ends, blanks, cut);
    }
}
