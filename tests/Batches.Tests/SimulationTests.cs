namespace OrleansClean.Batches.Tests;

public class SimulationTests
{
    private const int SeedsPerRun = 1_000;

    [Fact]
    public void Every_batch_ends_and_keeps_the_invariants_in_a_hostile_world()
    {
        var first = Random.Shared.Next(int.MaxValue - SeedsPerRun);
        Console.WriteLine($"SimulationTests seeds={first}..{first + SeedsPerRun - 1}");
        for (var seed = first; seed < first + SeedsPerRun; seed++)
        {
            new Simulation(seed).Run();
        }
    }
}
