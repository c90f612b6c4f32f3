using System.Diagnostics;
using System.Globalization;
using OrleansClean.Storage.Faults;
using OrleansClean.Survival.Tests.Crashes;
using OrleansClean.Survival.Tests.Vocabulary;

namespace OrleansClean.Survival.Tests;

/// <summary>The process that the tests kill: it cleans a prepared batch and ends itself, by SIGKILL, at one call to a store.</summary>
internal static class Program
{
    /// <summary>The words: the story, the number of the call, <c>before</c> or <c>after</c>, and the world's own.</summary>
    public static async Task<int> Main(string[] words)
    {
        var story = Story.All.Single(story => story.Name == words[0]);
        var point = new CrashPoint(int.Parse(words[1], CultureInfo.InvariantCulture), words[2] is "after", End);
        var world = Worlds.Parse(words[3..]);
        await using (var host = world.Host(story, point.Wrap))
        {
            if (await world.TryAsync(host, story, Story.Now) is { } reason)
            {
                await Console.Error.WriteLineAsync(reason);
                return 1;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ended after {point.Calls} calls"));
        return 0;
    }

    private static void End(StoreCall call)
    {
        Console.WriteLine($"died at {call}");
        Console.Out.Flush();
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
