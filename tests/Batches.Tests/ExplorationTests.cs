using System.Collections.Immutable;
using OrleansClean.Batches.Tests.Worlds;
using Xunit.Abstractions;

namespace OrleansClean.Batches.Tests;

/// <summary>
/// Small worlds, exhaustively: two items or two workers, every order of everything with one fault, or with two of one family (messages, store,
/// processes). What no order of two faults breaks is seldom broken by more; the seeds of <see cref="SimulationTests"/> look for those.
/// </summary>
public class ExplorationTests(ITestOutputHelper output)
{
    private const int Network = (int)(Faults.Drop | Faults.Copy | Faults.Delay);
    private const int Store = (int)(Faults.StoreBefore | Faults.StoreAfter | Faults.StoreLate | Faults.Delay);
    private const int Processes =
        (int)(Faults.CoordinatorDies | Faults.CoordinatorDoubles | Faults.WorkerDies | Faults.WorkerDoubles | Faults.Cancels | Faults.Delay);
    private const int All = Network | Store | Processes;

    [Theory]
    [InlineData(2, 1, 1, All)]
    [InlineData(1, 2, 1, All)]
    [InlineData(1, 1, 2, Network)]
    [InlineData(1, 1, 2, Store)]
    [InlineData(1, 1, 2, Processes)]
    public void No_order_of_anything_breaks_a_promise(int items, int workers, int faultsMax, int faults) => Explore(items, workers, faultsMax, faults);

    [Theory]
    [InlineData(1, 1, 1, All)]
    public void No_order_of_anything_breaks_a_promise_of_an_item_in_pieces(int pieces, int workers, int faultsMax, int faults) =>
        Explore(1 + pieces, workers, faultsMax, faults, [pieces]);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(2, 1, 1, All)]
    [InlineData(1, 2, 1, All)]
    [InlineData(1, 1, 2, Processes)]
    public void No_order_of_anything_breaks_a_promise_of_an_item_in_more_pieces(int pieces, int workers, int faultsMax, int faults) =>
        Explore(1 + pieces, workers, faultsMax, faults, [pieces]);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(2, 1, 2, Network)]
    [InlineData(2, 1, 2, Store)]
    [InlineData(2, 1, 2, Processes)]
    [InlineData(2, 2, 1, All)]
    public void No_order_of_anything_breaks_a_promise_of_a_larger_world(int items, int workers, int faultsMax, int faults) =>
        Explore(items, workers, faultsMax, faults);

    private void Explore(int items, int workers, int faultsMax, int faults, params ImmutableArray<int> pieces)
    {
        var spec = WorldPlan.SpecOf(false) with { RetriesMax = 1, LossesMax = 1 };
        var explorer = new Explorer(new WorldPlan(items, workers, (Faults)faults, spec) { CoordinatorsMax = 2, HasNoChance = true, Pieces = pieces }, faultsMax);
        try
        {
            explorer.Explore();
        }
        catch (BrokenPromiseException broken)
        {
            Assert.Fail($"{broken.Message}\n{string.Join('\n', explorer.Path)}");
        }

        output.WriteLine($"items {items}, workers {workers}, {faultsMax} faults of {(Faults)faults}: {explorer.Worlds} worlds, {explorer.Choices} choices, {explorer.Ends} ends");
        Assert.True(explorer.Ends > 0, "No order of anything came to the end of the batch.");
    }
}
