using System.Collections.Concurrent;
using OrleansClean.Storage.AzureBlobs.Tests;
using OrleansClean.Survival.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Survival.Tests.Crashes;

/// <summary>
/// Real processes, killed before and after calls to a store. Between crash and restart every output shows its old content or all of
/// the new one; the next host comes to the same end, and leaves nothing that the undisturbed one does not. In CI a sample, beginning at another call each time;
/// in the long tier every call.
/// </summary>
[Collection(AzuriteGroup.Name)]
public sealed class CrashPointTests(Azurite azurite, ITestOutputHelper output)
{
    private const int AtOnce = 2;
    private readonly string _container = $"c{Guid.NewGuid():n}";

    public static TheoryData<string> Stories => [.. Story.All.Select(story => story.Name)];

    [Fact]
    public async Task A_process_that_is_killed_at_some_call_on_a_folder_costs_nothing() =>
        await SweepAsync(Named("plain"), OnFolder, pointsMax: 8);

    [Fact]
    public async Task A_process_that_is_killed_at_some_call_behind_a_gate_costs_nothing() =>
        await SweepAsync(Named("gate"), OnFolder, pointsMax: 4);

    [AzuriteFact]
    public async Task A_process_that_is_killed_at_some_call_on_blobs_costs_nothing()
    {
        await Worlds.Blobs(azurite.ConnectionString, _container, "").PrepareAsync(CancellationToken.None);
        await SweepAsync(Named("plain"), OnBlobs, pointsMax: 4);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Stories))]
    public async Task A_process_may_be_killed_at_any_call_on_a_folder(string name) =>
        await SweepAsync(Named(name), OnFolder, pointsMax: int.MaxValue);

    [AzuriteTheory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Stories))]
    public async Task A_process_may_be_killed_at_any_call_on_blobs(string name)
    {
        await Worlds.Blobs(azurite.ConnectionString, _container, "").PrepareAsync(CancellationToken.None);
        await SweepAsync(Named(name), OnBlobs, pointsMax: int.MaxValue);
    }

    private static Story Named(string name) => Story.All.Single(story => story.Name == name);

    private async Task SweepAsync(Story story, Func<Place> newPlace, int pointsMax)
    {
        var (whole, expected, old) = await UndisturbedAsync(story, newPlace);
        var all = Enumerable.Range(1, whole).SelectMany(number => new[] { new Point(number, false), new Point(number, true) }).ToList();
        var step = Math.Max(1, (all.Count + pointsMax - 1) / pointsMax);
        var first = Random.Shared.Next(step);
        var points = all.Where((_, index) => index % step == first).ToList();
        var failures = new ConcurrentBag<string>();
        var hit = new ConcurrentBag<string>();

        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (point, _) =>
        {
            var place = newPlace();
            try
            {
                if (await KillAsync(story, point, place, expected, old, hit) is { } failure)
                {
                    failures.Add($"{story} {point}: {failure}");
                }
            }
#pragma warning disable CA1031 // Whatever goes wrong is told with its point.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add($"{story} {point}: {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n')[0]}");
            }
            finally
            {
                place.Clear();
            }
        });

        output.WriteLine($"{story}: {whole} calls, {hit.Count} processes killed (every {step}. point from {first}): " + string.Join(", ", hit.GroupBy(h => h).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Count()}")));
        Assert.True(failures.IsEmpty, $"{failures.Count} of {points.Count} points failed:\n{string.Join("\n", failures.Take(20))}");

        // The last few calls may be one fewer in another run: a look at the journal more or less.
        Assert.True(hit.Count >= points.Count * 9 / 10, $"Only {hit.Count} of {points.Count} points were hit.");
    }

    /// <summary>The calls of a process that nobody kills, its end, and what the outputs showed before.</summary>
    private async Task<(int Calls, Ending End, string OutputsBefore)> UndisturbedAsync(Story story, Func<Place> newPlace)
    {
        var place = newPlace();
        try
        {
            await place.World.PrepareAsync(story);
            var old = await Ending.OutputsAsync(place.World.Outputs);
            var process = await KilledProcess.RunAsync(story, new Point(0, false), azurite.ConnectionString, place.Words);
            Assert.True(process.Calls > 30, process.LastLine);

            // The same look at it as after a crash: a host on which the batch is known.
            await using var host = place.World.Host(story, store => store);
            return (process.Calls!.Value, await place.World.EndAsync(host, story, Story.Now), old);
        }
        finally
        {
            place.Clear();
        }
    }

    private async Task<string?> KillAsync(Story story, Point point, Place place, Ending expected, string old, ConcurrentBag<string> hit)
    {
        await place.World.PrepareAsync(story);
        var process = await KilledProcess.RunAsync(story, point, azurite.ConnectionString, place.Words);
        if (process.DiedAt(point))
        {
            hit.Add(process.Operation);
        }
        else if (process.Calls is null)
        {
            return $"it neither died nor ended: {process}";
        }

        var between = await Ending.OutputsAsync(place.World.Outputs);
        if (!Ending.IsOldOrNew(between, old, expected.Outputs))
        {
            return $"between crash and restart an output shows neither its old content nor its new one:\n{between}";
        }

        await using var host = place.World.Host(story, store => store);
        var end = await place.World.EndAsync(host, story, Story.Now);
        return end.Difference(expected) is { Length: > 0 } difference ? $"{process.LastLine}: {difference}" : null;
    }

    private static Place OnFolder()
    {
        var root = Worlds.NewFolder();
        return new Place(Worlds.OnFolder(root), ["folder", root], () => Directory.Delete(root, recursive: true));
    }

    private Place OnBlobs()
    {
        var prefix = Guid.NewGuid().ToString("n");
        return new Place(Worlds.OnBlobs(azurite.ConnectionString, _container, prefix), ["blobs", _container, prefix], () => { });
    }

    private sealed record Place(World World, string[] Words, Action Clear);
}

/// <summary>A test that needs Azurite.</summary>
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = Azurite.WhyNot;
}

/// <summary>A test that needs Azurite.</summary>
public sealed class AzuriteTheoryAttribute : TheoryAttribute
{
    public AzuriteTheoryAttribute() => Skip = Azurite.WhyNot;
}
