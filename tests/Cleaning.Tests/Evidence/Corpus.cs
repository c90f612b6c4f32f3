namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>The corpus of real and nasty files that developers share; it lies beside the repository, not in it.</summary>
internal static class Corpus
{
    /// <summary>Reads and writes; changes nothing.</summary>
    public const string PassThroughPlan = """
        plan: 1
        name: pass-through
        write: out/{name}.csv
        """;

    /// <summary>The scan that guessed looked no further than this: of a longer file it knows the columns only.</summary>
    private const long GuessedBytesMax = 256 << 10;

    /// <summary>Its folder, or null if it is not there.</summary>
    public static string? Folder { get; } = WorkingTree.Shared("corpus");

    /// <summary>The lines of <c>index.tsv</c> without its header.</summary>
    public static IEnumerable<CorpusFile> Files() =>
        File.ReadLines(Path.Combine(Folder!, "index.tsv")).Skip(1).Select(line => line.Split('\t')).Select(cells =>
            new CorpusFile(
                cells[0],
                long.Parse(cells[1], System.Globalization.CultureInfo.InvariantCulture) <= GuessedBytesMax ? Guess(cells[7]) : null,
                Guess(cells[8])));

    private static int? Guess(string cell) =>
        int.TryParse(cell, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>One file of the corpus, with what a quick scan guessed of it: hints, not truth.</summary>
/// <param name="Path">Relative to the corpus.</param>
/// <param name="RowsGuess">Rows, the header and blank lines counted; null if it is not known.</param>
/// <param name="ColumnsGuess">Columns.</param>
internal sealed record CorpusFile(string Path, int? RowsGuess, int? ColumnsGuess)
{
    public string Group => Path[..Path.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>A test over the corpus: skipped, and said so, where the corpus is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute()
    {
        if (Corpus.Folder is null)
        {
            Skip = "shared/corpus is not beside the repository or above it.";
        }
    }
}
