using System.Globalization;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>
/// Seeds that vary from run to run and are printed, so that a failure can be run again with
/// <c>ORLEANSCLEAN_SEED=n</c>, which then is the first and only seed. <c>ORLEANSCLEAN_SEEDS=n</c> runs more of them.
/// </summary>
internal static class Seeds
{
    /// <summary>
    /// Runs <paramref name="property"/> for <paramref name="count"/> seeds with files of <paramref name="records"/> records;
    /// where it fails, looks for the smallest number of records that still fails and reports that.
    /// </summary>
    public static void ForEach(ITestOutputHelper output, int count, int records, Action<int, int> property)
    {
        var pinned = Number("ORLEANSCLEAN_SEED");
        var first = pinned ?? Random.Shared.Next(1, 1_000_000_000);
        count = pinned is not null ? 1 : Number("ORLEANSCLEAN_SEEDS") ?? count;
        output.WriteLine($"seeds {first} to {first + count - 1}, {records} records");
        for (var seed = first; seed < first + count; seed++)
        {
            if (Failure(property, seed, records) is { } failure)
            {
                var (fewest, reason) = Shrink(property, seed, records, failure);
                Assert.Fail($"ORLEANSCLEAN_SEED={seed} fails, already with {fewest} record(s): {reason}");
            }
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static (int Records, Exception Reason) Shrink(Action<int, int> property, int seed, int records, Exception failure)
    {
        for (var fewer = 0; fewer < records; fewer++)
        {
            if (Failure(property, seed, fewer) is { } smaller)
            {
                return (fewer, smaller);
            }
        }

        return (records, failure);
    }

    // Whatever the property throws is the finding: it is reported, never swallowed.
    private static Exception? Failure(Action<int, int> property, int seed, int records) =>
        Record.Exception(() => property(seed, records));
}
