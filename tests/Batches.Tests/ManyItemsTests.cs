using System.Collections.Immutable;
using System.Text.Json;
using Xunit.Abstractions;

namespace OrleansClean.Batches.Tests;

/// <summary>A batch's state and journal grow with its items and with nothing else. Measured alone, because memory is the process's.</summary>
[Collection(nameof(Alone))]
public class ManyItemsTests(ITestOutputHelper output)
{
    private static readonly WorkerId Worker = new("w", 1);

    [Fact]
    public void A_hundred_thousand_items_take_few_bytes_each() => Run(100_000);

    [Fact]
    [Trait("Category", "Long")]
    public void A_million_items_take_few_bytes_each() => Run(1_000_000);

    private void Run(int items)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (few, _) = Drive(1_000);
        var (bytes, state) = Drive(items);
        var memory = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)items;
        var snapshot = JsonSerializer.SerializeToUtf8Bytes(state.Snapshot()).Length;

        output.WriteLine($"{items} items: {memory:0.0} bytes of memory and {bytes / items:0.0} bytes of journal an item, {few / 1_000:0.0} in a batch of 1,000; snapshot {snapshot} bytes");
        Assert.Equal((BatchPhase.Finishing, items), (state.Phase, state.Count(ItemStatus.Committed)));
        Assert.InRange(memory, 0, 40);
        Assert.InRange(snapshot, 1, 4_096);

        // An item's number has more digits in a larger batch: nothing else may grow.
        Assert.InRange(bytes / items, 0, (few / 1_000) + 12);
    }

    /// <summary>Every item is given out, staged and published; returns the journal's bytes.</summary>
    private static (double Bytes, BatchState State) Drive(int items)
    {
        var state = new BatchState();
        var bytes = 0L;
        BatchAnswer Feed(BatchInput input)
        {
            var decision = BatchMachine.Decide(state, input);
            foreach (var happened in decision.Events)
            {
                bytes += happened.IsDurable ? JsonSerializer.SerializeToUtf8Bytes(happened).Length : 0;
                state.Apply(happened);
            }

            return decision.Answer;
        }

        Feed(new BatchInput.Open(1) { At = default });
        Feed(new BatchInput.Submit(new BatchSpec { Id = "b", BodyHash = "x", BodyDocument = "body" }) { At = default });
        Feed(new BatchInput.ListingDone("listing", items) { At = default });
        bytes = 0;
        for (var sequence = 1; state.Phase == BatchPhase.Running; sequence++)
        {
            var work = (BatchAnswer.Work)Feed(new BatchInput.Take(Worker, sequence, BatchMachine.AttemptsPerTakeMax, ImmutableArray<AttemptId>.Empty) { At = default });
            foreach (var attempt in work.Attempts)
            {
                Feed(new BatchInput.Report(attempt, new AttemptOutcome.Ready("staged")) { At = default });
                Feed(new BatchInput.CommitResolved(attempt, new CommitOutcome.Published("")) { At = default });
            }
        }

        return (bytes, state);
    }
}

/// <summary>What runs when nothing else does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
