using System.Collections.Concurrent;
using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;
using OrleansClean.Survival.Tests.Crashes;
using OrleansClean.Survival.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Survival.Tests.PowerLoss;

/// <summary>
/// The power goes after a call, and of what was not flushed some things are on the medium and some are not. Then every output shows its old content
/// or all of the new one, the journal is not ahead of the files, and the next host comes to the same end.
/// </summary>
public sealed class PowerLossTests(ITestOutputHelper output)
{
    private const int AtOnce = 4;

    [LinuxTheory]
    [InlineData("plain")]
    [InlineData("gate")]
    public async Task A_loss_of_power_undoes_at_most_what_is_done_again(string name) => await SweepAsync(name, step: 5, chances: 1);

    [LinuxTheory]
    [Trait("Category", "Long")]
    [InlineData("plain")]
    [InlineData("gate")]
    [InlineData("closed-gate")]
    [InlineData("retry")]
    public async Task A_loss_of_power_after_any_call_undoes_at_most_what_is_done_again(string name) => await SweepAsync(name, step: 1, chances: 20);

    private async Task SweepAsync(string name, int step, int chances)
    {
        var story = Story.All.Single(s => s.Name == name);
        var (calls, expected) = await UndisturbedAsync(story);
        var seed = Random.Shared.Next();
        var points = Enumerable.Range(1, calls)
            .Where(number => number % step == seed % step)
            .SelectMany(number => new[] { Loss.Everything, Loss.Contents, Loss.Zeros }.Concat(Enumerable.Repeat(Loss.Chance, chances)).Select((loss, i) => (Number: number, Loss: loss, Seed: HashCode.Combine(seed, number, i))))
            .ToList();
        var failures = new ConcurrentBag<string>();
        var hit = new ConcurrentBag<(Loss Loss, int Undone)>();

        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (point, _) =>
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"{story}, power lost after call {point.Number}, {point.Loss}, seed={point.Seed}");
            try
            {
                if (await LoseAsync(story, point.Number, point.Loss, new Random(point.Seed), expected, hit) is { } failure)
                {
                    failures.Add($"{where}: {failure}");
                }
            }
#pragma warning disable CA1031 // Whatever goes wrong is told with its point.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add($"{where}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n')[0]}");
            }
        });

        output.WriteLine($"{story}: {calls} calls, {hit.Count} losses of power (every {step}. call, seed={seed}), with names and contents undone: "
            + string.Join(", ", hit.GroupBy(h => h.Loss).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Sum(h => h.Undone)}")));
        Assert.True(failures.IsEmpty, $"{failures.Count} of {points.Count} failed:\n{string.Join("\n", failures.Take(20))}");

        // The last few calls may be fewer in another run: a look at the journal more or less.
        Assert.True(hit.Count >= points.Count * 9 / 10, $"The power went in {hit.Count} of {points.Count} runs only.");
        Assert.All(Enum.GetValues<Loss>(), loss => Assert.Contains(hit, h => h.Loss == loss && h.Undone > 0));
    }

    private static async Task<(int Calls, Ending End)> UndisturbedAsync(Story story)
    {
        var root = Worlds.NewFolder();
        try
        {
            var world = Worlds.OnFolder(root);
            using var disk = new Disk(world.OutputRoot);
            await world.PrepareAsync(story);
            using var power = new Power(0);
            await using (var host = world.Host(story, store => Wrap(world, store, disk, power)))
            {
                Assert.Null(await world.TryAsync(host, story, Story.Now));
            }

            await using var again = world.Host(story, store => store);
            return (power.Calls, await world.EndAsync(again, story, Story.Now));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>Null, or what is wrong.</summary>
    private static async Task<string?> LoseAsync(Story story, int number, Loss loss, Random chance, Ending expected, ConcurrentBag<(Loss Loss, int Undone)> hit)
    {
        var root = Worlds.NewFolder();
        try
        {
            var world = Worlds.OnFolder(root);
            using var disk = new Disk(world.OutputRoot);
            await world.PrepareAsync(story);
            disk.Flush();
            var before = await Ending.OutputsAsync(world.Outputs);
            using var power = new Power(number);
            await using (var host = world.Host(story, store => Wrap(world, store, disk, power)))
            {
                await world.TryAsync(host, story, Story.Now);
            }

            var undone = disk.Lose(loss, chance);
            if (power.IsOff)
            {
                hit.Add((loss, undone));
            }

            var shown = await Ending.OutputsAsync(world.Outputs);
            if (!Ending.IsOldOrNew(shown, before, expected.Outputs))
            {
                return $"an output shows neither its old content nor its new one:\n{shown}";
            }

            if (await JournalHistory.LoadAsync(world.Outputs, Story.Now, CancellationToken.None) is { } state && Ahead(state, shown, expected.Outputs) is { } ahead)
            {
                return ahead;
            }

            await using var next = world.Host(story, store => store);
            var end = await world.EndAsync(next, story, Story.Now);
            return end.Difference(expected) is { Length: > 0 } difference ? difference : null;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>What the journal says is published must be there.</summary>
    private static string? Ahead(BatchState state, string shown, string expected)
    {
        // Behind a closed gate nothing is committed; else b and c are.
        var fresh = shown.Split("== ").Count(part => (part.StartsWith("b.csv", StringComparison.Ordinal) || part.StartsWith("c.csv", StringComparison.Ordinal))
            && expected.Contains("== " + part, StringComparison.Ordinal));
        return state.Count(ItemStatus.Committed) > fresh ? $"the journal has {state.Count(ItemStatus.Committed)} items as published, and {fresh} are:\n{shown}" : null;
    }

    private static IObjectStore Wrap(World world, IObjectStore store, Disk disk, Power power) =>
        ReferenceEquals(store, world.Outputs) ? new PoweredStore(store, disk, power) : store;
}
