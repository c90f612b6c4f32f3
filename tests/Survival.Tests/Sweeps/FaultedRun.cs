using OrleansClean.Storage.Faults;
using OrleansClean.Survival.Tests.Vocabulary;

namespace OrleansClean.Survival.Tests.Sweeps;

/// <summary>A batch that meets one fault, and the host that takes over from the first one.</summary>
internal static class FaultedRun
{
    /// <summary>
    /// How the batch ends. A host whose call hangs is a zombie: another one comes to the end of the batch, then the call goes on. A write that was held
    /// back lands at the very last.
    /// </summary>
    public static async Task<(Ending End, bool WasZombie)> ToItsEndAsync(World world, Story story, OneFault fault)
    {
        await world.PrepareAsync(story);
        var first = world.Host(story, fault.Wrap);
        var run = world.TryAsync(first, story, Story.Now);
        var isHung = await Task.WhenAny(run, fault.Hit) != run && fault.Kind is StoreFaultKind.Hang;
        if (!isHung)
        {
            await run;
            await fault.ReleaseAsync(first.DisposeAsync().AsTask());
        }

        Ending last;
        await using (var second = world.Host(story, store => store))
        {
            var end = await world.EndAsync(second, story, Story.Now);
            if (isHung)
            {
                await fault.ReleaseAsync(Task.WhenAll(run, first.DisposeAsync().AsTask()));
            }

            await fault.LandAsync();
            last = await Ending.OfAsync(world, Story.Now) with { FailuresBefore = end.FailuresBefore };
        }

        if (!story.IsHeldBack)
        {
            await AssertNothingIsDoneTwiceAsync(world, story);
        }

        return (last, isHung);
    }

    /// <summary>What the batch left is known to the next one: it finds every file unchanged.</summary>
    private static async Task AssertNothingIsDoneTwiceAsync(World world, Story story)
    {
        await using var host = world.Host(story, store => store);
        Assert.Null(await world.TryAsync(host, story, "after"));
        var overview = (await host.StatusAsync("after", CancellationToken.None)).Overview!;
        Assert.True(overview is { Items: 3, Unchanged: 3 }, $"The next batch cleaned again: {overview}");
    }
}
