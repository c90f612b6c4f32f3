using System.Globalization;
using OrleansClean.Storage.AzureBlobs.Tests;
using OrleansClean.Storage.Faults;
using OrleansClean.Survival.Tests.Crashes;
using OrleansClean.Survival.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Survival.Tests.Sweeps;

/// <summary>
/// Calls that are carried out and answered with an error, on blobs: the commonest fault of all. In CI every eighth call, beginning at another one each time; in the long
/// tier all of them.
/// </summary>
[Collection(AzuriteGroup.Name)]
public sealed class AzuriteSweepTests(Azurite azurite, ITestOutputHelper output)
{
    private readonly string _container = $"c{Guid.NewGuid():n}";

    [AzuriteFact]
    public async Task A_call_that_was_carried_out_and_told_as_failed_changes_nothing() => await SweepAsync(step: 16);

    [AzuriteFact]
    [Trait("Category", "Long")]
    public async Task Any_call_may_be_carried_out_and_told_as_failed() => await SweepAsync(step: 1);

    private async Task SweepAsync(int step)
    {
        var story = Story.All[0];
        await Worlds.Blobs(azurite.ConnectionString, _container, "").PrepareAsync(CancellationToken.None);
        var undisturbed = new OneFault(0, null);
        var (expected, _) = await FaultedRun.ToItsEndAsync(NewWorld(), story, undisturbed);
        var first = Random.Shared.Next(step) + 1;
        var (hit, tried) = (0, 0);
        for (var number = first; number <= undisturbed.Calls; number += step)
        {
            var fault = new OneFault(number, StoreFaultKind.After);
            var (end, _) = await FaultedRun.ToItsEndAsync(NewWorld(), story, fault);
            var difference = end.Difference(expected);
            Assert.True(difference.Length == 0, string.Create(CultureInfo.InvariantCulture, $"After call {number}, {fault.Call}: {difference}"));
            hit += fault.Call is null ? 0 : 1;
            tried++;
        }

        output.WriteLine($"{undisturbed.Calls} calls, {hit} of them (every {step}. from {first}) carried out and told as failed.");
        Assert.True(hit > 0 && hit >= tried * 9 / 10, $"Only {hit} of {tried} calls were hit.");
    }

    private World NewWorld() => Worlds.OnBlobs(azurite.ConnectionString, _container, Guid.NewGuid().ToString("n"));
}
