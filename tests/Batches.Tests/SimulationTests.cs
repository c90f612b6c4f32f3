using System.Diagnostics;
using System.Globalization;
using OrleansClean.Batches.Tests.Worlds;
using Xunit.Abstractions;

namespace OrleansClean.Batches.Tests;

/// <summary>
/// Batches in hostile worlds, one for each seed. A seed does again what it did: <c>ORLEANSCLEAN_SIM_SEED=… dotnet test tests/Batches.Tests
/// --filter FullyQualifiedName~SimulationTests</c> runs it alone. What fails is made short and told as a story.
/// </summary>
public class SimulationTests(ITestOutputHelper output)
{
    private const int SeedsMin = 10_000;
    private const int SeedsLong = 1_000_000;
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    [Fact]
    public void Every_batch_ends_and_keeps_its_promises_in_a_hostile_world()
    {
        if (Environment.GetEnvironmentVariable("ORLEANSCLEAN_SIM_SEED") is { Length: > 0 } seed)
        {
            Run(int.Parse(seed, CultureInfo.InvariantCulture));
            return;
        }

        RunMany(SeedsMin, Budget);
    }

    [Fact]
    [Trait("Category", "Long")]
    public void A_million_batches_end_and_keep_their_promises() => RunMany(SeedsLong, TimeSpan.Zero);

    private void RunMany(int seedsMin, TimeSpan budget)
    {
        var first = Random.Shared.Next(1 << 30);
        var started = Stopwatch.GetTimestamp();
        var count = 0;
        for (; count < seedsMin || Stopwatch.GetElapsedTime(started) < budget; count++)
        {
            Run(first + count);
        }

        output.WriteLine($"seeds {first} to {first + count - 1}: {count} worlds");
    }

    private static void Run(int seed)
    {
        var swarm = new Swarm(seed);
#pragma warning disable CA1031 // Whatever the machine throws is what is looked for.
        try
        {
            swarm.Run();
        }
        catch (Exception e)
#pragma warning restore CA1031
        {
            var (plan, choices) = Shrinker.Shrink(swarm.Plan, swarm.Choices);
            Assert.Fail($"ORLEANSCLEAN_SIM_SEED={seed} breaks: {e.Message}\nKeep this as tests/Batches.Tests/Scenarios/Worlds/NAME.txt:\n\n{Shrinker.Tell(e.Message, plan, choices)}");
        }
    }
}
