using System.Security.Cryptography;
using System.Text;
using OrleansClean.Cleaning;
using OrleansClean.Cli.Demo;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed class DemoFilesTests
{
    [Fact]
    public void The_same_seed_makes_the_same_files_and_another_seed_others()
    {
        using var work = new WorkFolder();

        Assert.Equal(Digest("one", 7), Digest("two", 7));
        Assert.NotEqual(Digest("one", 7), Digest("three", 8));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12_345)]
    public void Every_seed_plants_every_kind_of_defect_among_every_kind_of_oddity(ulong seed)
    {
        using var work = new WorkFolder();
        var truth = DemoFiles.Write("in", seed, CancellationToken.None);

        string[] kinds =
        [
            ProblemCodes.AmbiguousDate, ProblemCodes.CompressionError, ProblemCodes.ConstraintError, ProblemCodes.EncodingError,
            ProblemCodes.ExtraCell, ProblemCodes.MissingCell, ProblemCodes.NulByte, ProblemCodes.TextAfterQuote,
            ProblemCodes.TypeError, ProblemCodes.UnterminatedQuote,
        ];
        Assert.Equal(kinds, truth.Defects.Select(defect => defect.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Equal(DemoFiles.Count, truth.Files.Count);
        Assert.Equal(15, truth.Oddities.Count);
        Assert.All(truth.Oddities, oddity => Assert.InRange(oddity.Value, 1, DemoFiles.Count));
        Assert.True(truth.RowsDropped > 100);
    }

    [Fact]
    public void A_defect_stands_on_the_line_that_the_truth_says()
    {
        using var work = new WorkFolder();
        var truth = DemoFiles.Write("in", 3, CancellationToken.None);
        var nulls = truth.Defects.Where(defect => defect.Code is ProblemCodes.NulByte && !defect.File.EndsWith(".gz", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(nulls);
        Assert.All(nulls, defect => Assert.Contains('\0', Lines(defect.File)[(int)defect.Line - 1]));
    }

    private static string Digest(string folder, ulong seed)
    {
        DemoFiles.Write(folder, seed, CancellationToken.None);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            all.AppendData(File.ReadAllBytes(path));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static string[] Lines(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine("in", name));
        var text = bytes is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(bytes) : Encoding.Latin1.GetString(bytes);
        return text.ReplaceLineEndings("\n").Split('\n');
    }
}
