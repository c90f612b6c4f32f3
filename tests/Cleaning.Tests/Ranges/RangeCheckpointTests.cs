using System.Text;
using System.Text.Json;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Ranges;

/// <summary>From each of its checkpoints a file goes on to the same bytes and the same report.</summary>
public sealed class RangeCheckpointTests(ITestOutputHelper output)
{
    private static readonly Plan Plan = Evidence.CleaningRun.LoadPlan("""
        plan: 1
        name: checkpoints
        read: {header: 1, delimiter: ",", encoding: utf-8, quote: '"'}
        steps:
          - drop_empty: rows
          - parse: {amount: number}
          - filter: amount <= 900
          - derive: {share: amount / sum(amount)}
        expect:
          - {check: amount > 3, severity: warn}
          - amount < 890
        write: out/{name}.csv
        """);

    [Fact]
    public void A_file_goes_on_from_every_checkpoint_as_if_nothing_had_been() =>
        Seeds.ForEach(output, count: 3, records: 4_000, (seed, records) =>
        {
            var input = Table(seed, records);
            var whole = new Kept();
            var report = Clean(input, whole, seed);
            if (input.Length > 40_000)
            {
                Assert.NotEmpty(whole.Saved);
            }

            foreach (var saved in whole.Saved)
            {
                // Through JSON, as they are kept.
                var found = JsonSerializer.Deserialize<RangeCheckpoint>(JsonSerializer.Serialize(saved.Checkpoint))!;
                var rest = new Kept(found, whole.Outputs.Select((bytes, i) => bytes.ToArray()[..saved.Lengths[i]]).ToArray());
                var again = Clean(input, rest, seed + 1);

                Assert.Equal(whole.Outputs.Select(bytes => bytes.ToArray()), rest.Outputs.Select(bytes => bytes.ToArray()));
                Assert.Equal(Comparable(report), Comparable(again));
            }
        });

    [Fact]
    public void A_checkpoint_holds_no_cell()
    {
        var kept = new Kept();
        Clean(Encoding.UTF8.GetBytes("id,amount\n1,secret\n" + string.Concat(Enumerable.Range(0, 9_000).Select(i => $"{i},{i % 5}\n"))), kept, seed: 1);

        Assert.NotEmpty(kept.Saved);
        Assert.Equal("type-error", kept.Saved[0].Checkpoint.FirstReject!.Code);
        Assert.All(kept.Saved, saved => Assert.DoesNotContain("secret", JsonSerializer.Serialize(saved.Checkpoint), StringComparison.Ordinal));
    }

    private static string Comparable(FileReport report) => JsonSerializer.Serialize(report with
    {
        Reading = null,
        FirstReject = report.FirstReject is { } first ? first with { Value = null } : null,
        Expectations = [.. report.Expectations.Select(one => one with { Samples = [.. one.Samples.Select(sample => sample with { Value = null })] })],
    });

    private static byte[] Table(int seed, int records)
    {
        var random = new Random(seed);
        var text = new StringBuilder("id,amount,note\n");
        for (var i = 0; i < records; i++)
        {
            var amount = random.Next(15) switch { 0 => "", 1 => "x", _ => $"{random.Next(1000)}.5" };
            var note = random.Next(1000) switch { 0 => "5\" pipe", 1 => "\"open", < 100 => "\"two\r\nlines\"", _ => "n" };
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i},{amount},{note}\n").Append(random.Next(30) == 0 ? "\n" : "");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static FileReport Clean(byte[] input, Kept kept, int seed)
    {
        var job = new FileCleaning
        {
            Plan = Plan,
            InputName = "in.csv",
            OpenInput = () => new MemoryStream(input, writable: false),
            Outputs = kept,
            Checkpoints = kept,
            BatchId = "evidence-1",
            Now = DateTime.UnixEpoch,
            Tuning = new ReaderTuning { RangeBytes = 64 },
        };
        using var file = RangedFile.Open(job, CancellationToken.None);
        return RangedRun.Of(file, seed);
    }

    /// <summary>Outputs in memory, with every checkpoint and how long they were then.</summary>
    private sealed class Kept(RangeCheckpoint? found = null, byte[][]? before = null) : ICleaningOutputs, ICleaningCheckpoints
    {
        public MemoryStream[] Outputs { get; } = [Filled(before?[0]), Filled(before?[1]), Filled(before?[2])];

        public List<(RangeCheckpoint Checkpoint, int[] Lengths)> Saved { get; } = [];

        public Stream OpenOutput() => Outputs[0];

        public Stream OpenRejectRecords() => Outputs[1];

        public Stream OpenRejectRows() => Outputs[2];

        public RangeCheckpoint? Find() => found;

        public void Save(RangeCheckpoint checkpoint) => Saved.Add((checkpoint, [.. Outputs.Select(bytes => (int)bytes.Length)]));

        private static MemoryStream Filled(byte[]? bytes)
        {
            var stream = new MemoryStream();
            stream.Write(bytes ?? []);
            return stream;
        }
    }
}
