using System.Globalization;
using OrleansClean.Cleaning;

namespace OrleansClean.Cli.Demo;

/// <summary>Makes messy files with defects that are known, the same ones for the same seed.</summary>
internal static class DemoFiles
{
    /// <summary>Files that the demo makes.</summary>
    public const int Count = 200;

    /// <summary>Writes <see cref="Count"/> files into <paramref name="folder"/> and tells the truth about them.</summary>
    public static DemoTruth Write(string folder, ulong seed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var random = new DemoRandom(seed);
        var defects = new List<DemoDefect>();
        var names = new List<string>();
        var orders = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var oddities = new SortedDictionary<string, int>(StringComparer.Ordinal);
        long bytes = 0, rowsIn = 0, rowsDropped = 0;
        for (var index = 0; index < Count; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var flavour = Flavour(index, random);
            var name = string.Create(CultureInfo.InvariantCulture, $"shop-{index:000}.csv{(flavour.IsGzip ? ".gz" : "")}");
            var shop = new DemoShop(name, index, Rows(index, flavour, random), flavour, random);
            var isCutShort = IsCutShort(index);
            var content = shop.Write(isCutShort);
            File.WriteAllBytes(Path.Combine(folder, name), content);
            names.Add(name);
            bytes += content.Length;
            foreach (var oddity in flavour.Oddities())
            {
                oddities[oddity] = oddities.GetValueOrDefault(oddity) + 1;
            }

            if (isCutShort)
            {
                // A file that cannot be read to its end is one defect; its rows are in no ledger.
                defects.Add(new DemoDefect(name, 0, ProblemCodes.CompressionError));
                continue;
            }

            defects.AddRange(shop.Defects);
            orders[name] = shop.OrdersOut;
            rowsIn += shop.RowsIn;
            rowsDropped += shop.RowsDropped;
        }

        return new DemoTruth
        {
            Defects = [.. defects.OrderBy(d => d.File, StringComparer.Ordinal).ThenBy(d => d.Line)],
            Files = names,
            Bytes = bytes,
            RowsIn = rowsIn,
            RowsDropped = rowsDropped,
            OrdersOut = orders,
            Oddities = oddities,
        };
    }

    private static DemoFlavour Flavour(int index, DemoRandom random)
    {
        var flavour = DemoFlavour.Of(index, random);
        return index % 67 == 40
            ? flavour with { Dates = "unproven" }
            : IsCutShort(index) ? flavour with { IsGzip = true } : flavour;
    }

    private static bool IsCutShort(int index) => index % 97 == 60;

    // A few big files among many small ones, as folders are.
    private static int Rows(int index, DemoFlavour flavour, DemoRandom random) => flavour.Dates is "unproven"
        ? random.Between(4, 6)
        : index % 25 == 12 ? random.Between(20_000, 30_000) : random.Between(300, 1_200);
}
