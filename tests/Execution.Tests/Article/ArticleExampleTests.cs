using System.Globalization;
using System.Text;
using CsvHelper;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.Tests.Article;

/// <summary>
/// The article's Example 2: the same survivors and the same numbers as its own script made with pandas. Where ours
/// differs it does so by design, and the tests at the end say how.
/// </summary>
public sealed class ArticleExampleTests : IAsyncLifetime, IDisposable
{
    private static readonly string Repository = WorkingTree.Root;
    private static readonly string Data = Path.Combine(Repository, "tests", "Execution.Tests", "Article");

    /// <summary>The folder of inputs.</summary>
    internal static string Inputs => Path.Combine(Data, "input");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("article-");
    private BatchReport _report = null!;

    public async Task InitializeAsync()
    {
        // The sample that a user may run; only its inputs and the folder of its outputs are others.
        var plan = Path.Combine(Repository, "samples", "article-example-2.yaml");
        _report = await Batch.RunAsync(plan, Inputs, _folder.FullName);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Every_file_is_cleaned_and_every_row_accounted_for()
    {
        var inputs = Directory.GetFiles(Inputs);

        Assert.Equal(10, inputs.Length);
        Assert.Equal(inputs.Length, _report.Ledger.Files.Cleaned);
        Assert.True(_report.Ledger.Rows.Balanced);
        Assert.Equal(BatchStatus.Done, _report.Status);
    }

    [Theory]
    [InlineData("hand-made")]
    [InlineData("generated-lf")]
    [InlineData("generated-crlf")]
    [InlineData("maximum-zero")]
    [InlineData("maximum-negative")]
    [InlineData("no-survivor")]
    [InlineData("header-only")]
    [InlineData("no-value-column")]
    public void The_same_rows_survive_with_the_same_numbers_as_the_articles_script_gives(string name)
    {
        var (ours, theirs) = (Ours(name), Theirs(name));

        Assert.Equal(theirs.Count, ours.Count);
        Assert.Equal(theirs[0], ours[0], StringComparer.Ordinal);
        foreach (var (mine, pandas) in ours.Zip(theirs).Skip(1))
        {
            Assert.Equal(pandas.Length, mine.Length);
            Assert.All(mine.Zip(pandas), cell => Assert.True(IsSame(cell.First, cell.Second), $"{name}: {cell.First} against {cell.Second}"));
        }
    }

    [Fact]
    public void Integers_stay_integers_where_pandas_makes_floats_of_them()
    {
        Assert.Equal(["1", "4", "5", "6", "8", "9", "10"], Column("hand-made", "id", Ours), StringComparer.Ordinal);
        Assert.Equal(["1.0", "4.0", "5.0", "6.0", "8.0", "9.0", "10.0"], Column("hand-made", "id", Theirs), StringComparer.Ordinal);
        Assert.Equal(["0", "0", "0"], Column("no-value-column", "normalized_value", Ours), StringComparer.Ordinal);
    }

    [Fact]
    public void Text_that_no_step_types_keeps_its_bytes_where_pandas_rewrites_it()
    {
        Assert.Equal(
            ["1,00501,NA,1e5,265.4160", "2,10001,TRUE,7,5"],
            Ours("text-stays-text").Skip(1).Select(row => string.Join(',', row[..5])), StringComparer.Ordinal);
        Assert.Equal(
            ["1,501,,100000.0,265.416", "2,10001,TRUE,7.0,5.0"],
            Theirs("text-stays-text").Skip(1).Select(row => string.Join(',', row[..5])), StringComparer.Ordinal);
        Assert.All(
            Column("text-stays-text", "normalized_value", Ours).Zip(Column("text-stays-text", "normalized_value", Theirs)),
            cell => Assert.True(IsSame(cell.First, cell.Second)));
    }

    [Fact]
    public void A_short_row_is_rejected_where_pandas_fills_it_up_and_drops_it_in_silence()
    {
        var file = Assert.Single(_report.Files, f => f.Path.EndsWith("short-row.csv", StringComparison.Ordinal));

        Assert.Equal(new FileRows(In: 3, Out: 2, Dropped: 0, Rejected: 1), file.Rows);
        Assert.Equal("missing-cell", file.FirstReject!.Code);
        Assert.Equal(3, file.FirstReject.Line);
        Assert.Equal(["1", "3"], Column("short-row", "id", Ours), StringComparer.Ordinal);
        Assert.Equal(["1", "3"], Column("short-row", "id", Theirs), StringComparer.Ordinal);
    }

    private List<string[]> Ours(string name) => Read(Path.Combine(_folder.FullName, "cleaned", $"cleaned_{name}.csv"));

    private static List<string[]> Theirs(string name) => Read(Path.Combine(Data, "expected", $"cleaned_{name}.csv"));

    private static IEnumerable<string> Column(string name, string column, Func<string, List<string[]>> side)
    {
        var rows = side(name);
        var index = Array.IndexOf(rows[0], column);
        return rows.Skip(1).Select(row => row[index]);
    }

    /// <summary>The same text, or the same number: pandas parses some decimals one unit in the last place off.</summary>
    private static bool IsSame(string ours, string theirs) =>
        string.Equals(ours, theirs, StringComparison.Ordinal)
        || (double.TryParse(ours, NumberStyles.Float, CultureInfo.InvariantCulture, out var a)
            && double.TryParse(theirs, NumberStyles.Float, CultureInfo.InvariantCulture, out var b)
            && Math.Abs(a - b) <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b)));

    private static List<string[]> Read(string path)
    {
        using var text = new StreamReader(path, Encoding.UTF8);
        using var parser = new CsvParser(text, CultureInfo.InvariantCulture);
        var rows = new List<string[]>();
        while (parser.Read())
        {
            rows.Add(parser.Record!);
        }

        return rows;
    }
}
