using System.Globalization;
using System.Text.RegularExpressions;
using OrleansClean.Batches.Tests.Worlds;
using OrleansClean.Execution.Tests.Coordination.Stepped;
using Xunit.Abstractions;

namespace OrleansClean.Execution.Tests.Coordination;

/// <summary>
/// The coordinator, the journal and the publication that ship, stepped through hostile worlds by seeds. <c>ORLEANSCLEAN_STEPPED_SEED=…
/// dotnet test tests/Execution.Tests --filter FullyQualifiedName~SteppedBatchTests</c> runs one alone.
/// </summary>
public sealed class SteppedBatchTests(ITestOutputHelper output)
{
    private const int Seeds = 600;
    private const int SeedsLong = 50_000;

    [Fact]
    public void A_real_coordinator_keeps_its_promises_in_a_hostile_world()
    {
        if (Environment.GetEnvironmentVariable("ORLEANSCLEAN_STEPPED_SEED") is { Length: > 0 } seed)
        {
            Run(int.Parse(seed, CultureInfo.InvariantCulture));
            return;
        }

        RunMany(Seeds);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_real_coordinator_keeps_its_promises_for_long() => RunMany(SeedsLong);

    [Fact]
    public void What_a_seed_does_it_does_again()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            Assert.Equal(WithoutBlocks(Run(seed)), WithoutBlocks(Run(seed)));
        }
    }

    /// <summary>The ids of blocks are dice of the store's own: nothing is decided by them.</summary>
    private static string WithoutBlocks(string history) => Regex.Replace(history, "blocks-[0-9a-f]+", "blocks", RegexOptions.None, TimeSpan.FromSeconds(10));

    private void RunMany(int seeds)
    {
        var first = Random.Shared.Next(1 << 30);
        for (var seed = first; seed < first + seeds; seed++)
        {
            Run(seed);
        }

        output.WriteLine($"seeds {first} to {first + seeds - 1}");
    }

    /// <summary>On a thread of its own, whose context nothing of the test runner has touched.</summary>
    private static string Run(int seed)
    {
        var world = new SteppedWorld(seed);
        Exception? broken = null;
        var thread = new Thread(() =>
        {
#pragma warning disable CA1031 // Whatever the coordinator throws is what is looked for.
            try
            {
                world.Run();
            }
            catch (Exception e)
#pragma warning restore CA1031
            {
                broken = e;
            }
        });
        thread.Start();
        thread.Join();
        if (broken is not null)
        {
            var lines = world.History.Split('\n');
            Assert.Fail($"ORLEANSCLEAN_STEPPED_SEED={seed} breaks: {(broken is BrokenPromiseException ? broken.Message : broken)}\n{string.Join('\n', lines.TakeLast(60))}");
        }

        return world.History;
    }
}
