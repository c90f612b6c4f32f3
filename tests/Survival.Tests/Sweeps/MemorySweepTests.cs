using System.Collections.Concurrent;
using OrleansClean.Storage;
using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Memory;
using OrleansClean.Survival.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Survival.Tests.Sweeps;

/// <summary>
/// Every call to a store, with every fault: the batch comes to the same end as the undisturbed one. If the host gives up, or its call
/// hangs, another one takes over; a call that hung is let go when that one is done, as a zombie's would be.
/// </summary>
public sealed class MemorySweepTests(ITestOutputHelper output)
{
    private const int AtOnce = 12;

    /// <summary>Calls beyond those of the undisturbed run: faults make for more, and their numbers vary a little.</summary>
    private const int Beyond = 5;

    private static readonly StoreFaultKind[] Kinds =
    [
        StoreFaultKind.Before, StoreFaultKind.After, StoreFaultKind.Hang, StoreFaultKind.PreconditionFailed, StoreFaultKind.Unavailable, StoreFaultKind.Late,
    ];

    public static TheoryData<string> Others => [.. Story.All.Select(story => story.Name).Where(name => name is not "plain")];

    [Fact]
    public Task A_fault_at_any_call_leaves_the_same_bytes_and_nothing_else() => SweepAsync("plain", step: 1);

    [Theory]
    [MemberData(nameof(Others))]
    public Task A_fault_at_every_sixth_call_does_so_in_other_stories(string name) => SweepAsync(name, step: 6);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Others))]
    public Task A_fault_at_any_call_does_so_in_other_stories(string name) => SweepAsync(name, step: 1);

    private async Task SweepAsync(string name, int step)
    {
        var first = Random.Shared.Next(step);
        var story = Story.All.Single(s => s.Name == name);
        var undisturbed = new OneFault(0, null);
        var expected = await RunAsync(story, undisturbed);
        var points = Enumerable.Range(1, undisturbed.Calls + Beyond).Where(number => number % step == first).SelectMany(number => Kinds.Select(kind => (Number: number, Kind: kind))).ToList();
        var published = story.IsHeldBack ? (await RunAsync(Story.All[0], new OneFault(0, null))).Outputs : "";
        var failures = new ConcurrentBag<string>();
        var hit = new ConcurrentBag<(StoreFaultKind Kind, StoreOperation Operation)>();

        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (point, _) =>
        {
            var fault = new OneFault(point.Number, point.Kind);
            try
            {
                var end = await RunAsync(story, fault);

                // A file that fails has no rejects that a limit could count: the others were within it, and were published before the retry.
                var wasOpen = story.IsHeldBack && end.FailuresBefore.Count > 0;
                var difference = wasOpen ? (Ending.IsOldOrNew(end.Outputs, expected.Outputs, published) ? "" : $"neither old nor new:\n{end.Outputs}")
                    : IsToldThatTheIndexChanged(point.Kind, fault.Call) ? end.DifferenceOfOutputs(expected)
                    : IsToldThatTheInputChanged(story, point.Kind, fault.Call) ? (end.Outputs == expected.Outputs ? "" : $"outputs: {end.Outputs}")
                    : (point.Kind is StoreFaultKind.Hang or StoreFaultKind.Late ? end.WithoutPieces() : end).Difference(expected);
                if (difference.Length > 0)
                {
                    failures.Add($"{story} {point} at {fault.Call}: {difference}");
                }
            }
#pragma warning disable CA1031 // Whatever goes wrong is told with its point.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add($"{story} {point} at {fault.Call}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n')[0]}");
            }

            if (fault.Call is { } call)
            {
                hit.Add((point.Kind, call.Operation));
            }
        });

        output.WriteLine($"{story}: {undisturbed.Calls} calls, {hit.Count} faults (every {step}. call from {first}): " + string.Join(", ", hit.GroupBy(h => h.Operation).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}")));
        Assert.True(failures.IsEmpty, $"{failures.Count} of {points.Count} points failed:\n{string.Join("\n", failures.Take(50))}");
        if (step == 1)
        {
            Assert.Empty(undisturbed.Operations.Distinct().Except(hit.Select(h => h.Operation)));
        }

        Assert.True(hit.Count >= (undisturbed.Calls / step) * Kinds.Length * 9 / 10, $"Only {hit.Count} faults were hit.");
    }

    /// <summary>Who is told so cannot know that a file is unchanged and cleans it again: the same bytes, and a manifest that says so.</summary>
    private static bool IsToldThatTheIndexChanged(StoreFaultKind kind, StoreCall? call) =>
        kind is StoreFaultKind.PreconditionFailed
        && call is { Operation: StoreOperation.Read, Name: { } name }
        && name.Value.Contains("/outputs/index-", StringComparison.Ordinal);

    /// <summary>Who is told so when pieces are looked for leaves the file to one worker: the same bytes, and a plain digest of them in the manifest.</summary>
    private static bool IsToldThatTheInputChanged(Story story, StoreFaultKind kind, StoreCall? call) =>
        story.IsInPieces && kind is StoreFaultKind.PreconditionFailed && call is { Operation: StoreOperation.Read, Name.Value: "in/b.csv" };

    private static async Task<Ending> RunAsync(Story story, OneFault fault)
    {
        var outputs = new MemoryStore(TimeProvider.System);
        var world = new World("memory://in", new MemoryStore(TimeProvider.System), "memory://out", outputs);
        var (end, wasZombie) = await FaultedRun.ToItsEndAsync(world, story, fault);
        AssertNoResidue(story, wasZombie, outputs);
        return end;
    }

    /// <summary>Of a zombie, and behind a gate that stayed closed, blocks are left that nobody sees and that expire.</summary>
    private static void AssertNoResidue(Story story, bool isZombie, MemoryStore outputs)
    {
        if (story.IsHeldBack || isZombie)
        {
            return;
        }

        foreach (var name in new[] { "a.csv", "b.csv", "c.csv", "_rejects/a.rejects.csv", "_rejects/b.rejects.csv", "_rejects/c.rejects.csv" })
        {
            Assert.True(outputs.WaitingBlocks(ObjectName.Parse(name)) == 0, $"Blocks wait under {name}.");
        }
    }
}
