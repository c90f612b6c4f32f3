using System.Text.Json;

namespace OrleansClean.Repository.Tests;

/// <summary>The samples, run as a reader of the README runs them; outputs go to a folder of the test's own.</summary>
public sealed class SamplesTests : IDisposable
{
    private readonly string _out = Directory.CreateTempSubdirectory("orleansclean-samples-").FullName;

    public void Dispose() => Directory.Delete(_out, recursive: true);

    [Fact]
    public void The_first_command_of_the_readme_cleans_every_file_and_accounts_for_every_row()
    {
        var (exitCode, output, error) = Command.Run("run", "samples/sales.yaml", "--out", _out, "-o", "json");

        Assert.True(exitCode == 0, error);
        using var report = JsonDocument.Parse(output);
        var ledger = report.RootElement.GetProperty("ledger");
        Assert.Equal(12, ledger.GetProperty("files").GetProperty("cleaned").GetInt32());
        Assert.Equal(0, ledger.GetProperty("files").GetProperty("failed").GetInt32());
        Assert.True(ledger.GetProperty("rows").GetProperty("balanced").GetBoolean());
    }

    [Fact]
    public void The_bad_rows_planted_in_the_sales_sample_are_found_and_no_other()
    {
        var (_, output, _) = Command.Run("run", "samples/sales.yaml", "--out", _out, "-o", "json");

        using var report = JsonDocument.Parse(output);
        var codes = report.RootElement.GetProperty("codes").EnumerateObject()
            .ToDictionary(code => code.Name, code => code.Value.GetInt64(), StringComparer.Ordinal);
        Assert.Equal(
            new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["constraint-error"] = 1,
                ["extra-cell"] = 1,
                ["missing-cell"] = 1,
                ["text-after-quote"] = 1,
                ["type-error"] = 4,
            },
            codes);
    }

    [Fact]
    public void The_commands_that_the_first_run_suggests_work_as_they_are_printed()
    {
        var (_, output, _) = Command.Run("run", "samples/sales.yaml");

        var suggested = output.Split('\n')
            .Where(line => line.StartsWith("  orleansclean ", StringComparison.Ordinal))
            .Select(line => line.Trim().Split("  ")[0].Split(' ')[1..])
            .ToList();
        Assert.NotEmpty(suggested);
        Assert.All(suggested, words =>
        {
            var (exitCode, _, error) = Command.Run(words);
            Assert.True(exitCode == 0, $"orleansclean {string.Join(' ', words)}: {error}");
        });
    }

    [Fact]
    public void The_article_s_job_gives_the_article_s_numbers_and_keeps_what_it_did_not_type()
    {
        var (exitCode, _, error) = Command.Run("run", "samples/article-example-2.yaml", "samples/article", "--out", _out);

        Assert.True(exitCode == 0, error);
        Assert.Equal(
            "id,value,normalized_value\n1,10,0.01999999999996\n4,500,0.999999999998\n5,265.4160,0.5308319999989384\n",
            Cleaned("file1"));
        Assert.Equal("id,value,note,normalized_value\n1,1e2,kept as it is written,0.99999999999\n3,42,,0.4199999999958\n", Cleaned("file2"));
        Assert.Equal("id,value,normalized_value\n1,17,0.9444444443919753\n3,18,0.9999999999444444\n", Cleaned("file3"));
        Assert.Equal("id,amount,normalized_value\n1,5,0\n2,6,0\n", Cleaned("file4"));
    }

    [Fact]
    public void The_article_s_shared_array_is_doubled()
    {
        var doubled = Path.Combine(_out, "doubled.npy");
        var (exitCode, output, error) = Command.Run("array", "samples/array-example-4.yaml", "--out", doubled, "-o", "json");

        Assert.True(exitCode == 0, error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal("[1000]", report.RootElement.GetProperty("shape").GetRawText());
        Assert.Equal("1998", report.RootElement.GetProperty("after").GetProperty("max").GetRawText());
        Assert.Equal(new FileInfo(House.FullPath("samples/arrays/arange.npy")).Length, new FileInfo(doubled).Length);
    }

    [Theory]
    [InlineData("samples/article-example-2.yaml")]
    [InlineData("samples/article-example-3.yaml")]
    public void The_tests_written_in_the_sample_plans_pass(string plan)
    {
        var (exitCode, output, error) = Command.Run("plan", "test", plan);

        Assert.True(exitCode == 0, output + error);
        Assert.Contains(" passed, 0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_article_s_pipeline_keeps_the_order_and_loses_broken_rows_only()
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => $"{i},{i % 900}.50,line {i}").ToList();
        (rows[4_000], rows[8_800], rows[12_000]) = ("4000", "8800,1,a,extra", "12000,1,\"open");

        var (exitCode, output, error) = Pipeline(["id,value,note", .. rows]);

        Assert.True(exitCode == 0, error);
        foreach (var row in new[] { 12_000, 8_800, 4_000 })
        {
            rows.RemoveAt(row);
        }

        Assert.Equal(string.Join('\n', ["id,value,note", .. rows, ""]), output);
        Assert.Contains("20,000 in = 19,997 out + 0 dropped + 3 rejected   balanced", error, StringComparison.Ordinal);
        Assert.Contains("extra-cell 1 · missing-cell 1 · unterminated-quote 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_article_s_pipeline_leaves_numbers_as_they_are_written_and_counts_what_it_fills()
    {
        var (exitCode, output, error) = Pipeline("id,value", "1,265.4160", "2,1e3", "3,00501", "4,nan", "5,n/a", "6,");

        Assert.True(exitCode == 0, error);
        Assert.Equal("id,value\n1,265.4160\n2,1e3\n3,00501\n4,0.0\n5,0.0\n6,0.0\n", output);
        Assert.Matches("2 fill +6 +· +· +3\n", error);
    }

    [Fact]
    public void The_article_s_pipeline_refuses_a_file_without_the_column_and_passes_one_without_rows()
    {
        var (refused, nothing, error) = Pipeline("id,amount", "1,2");
        Assert.Equal((2, ""), (refused, nothing));
        Assert.Contains("speaks of the column 'value', which is not there", error, StringComparison.Ordinal);

        var (passed, header, _) = Pipeline("id,value");
        Assert.Equal((0, "id,value\n"), (passed, header));
    }

    [Fact]
    public void The_library_sample_runs_by_itself()
    {
        // In Release, because that is what test.sh has built already.
        var (exitCode, output, error) = Command.Start("run", "-c", "Release", "samples/clean.cs");

        Assert.True(exitCode == 0, output + error);
        Assert.Contains("14 in = 9 out + 4 dropped + 1 rejected", output, StringComparison.Ordinal);
    }

    /// <summary>The plan of the article's third example as it is meant to be used: between a pipe and another one.</summary>
    private (int ExitCode, string Output, string Error) Pipeline(params string[] lines)
    {
        var input = Path.Combine(_out, "large.csv");
        File.WriteAllLines(input, lines);
        return Command.StartProgram(
            "bash", "-c", "exec dotnet exec \"$0\" run samples/article-example-3.yaml - <\"$1\"", Path.Combine(AppContext.BaseDirectory, "OrleansClean.Cli.dll"), input);
    }

    private string Cleaned(string name) =>
        File.ReadAllText(Directory.GetFiles(_out, $"cleaned_{name}.csv", SearchOption.AllDirectories).Single());
}
