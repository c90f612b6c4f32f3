using System.Text;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>
/// Cells and secrets that sing: a word stands in every place that a cell can stand in and in every secret, and is looked for in everything
/// that a batch writes but its data. Data are the outputs, the records of rejected rows and the rejected rows beside the outputs; the
/// first reject of each file may be shown on the terminal.
/// </summary>
public sealed class CanaryTests : IDisposable
{
    private const string Cell = "CanaryCell";
    private const string Secret = "CanarySecret";

    private static readonly string[] SecretVariables = ["ORLEANSCLEAN_BLOBS_PROD", "AZURE_CLIENT_SECRET", "AZURE_STORAGE_CONNECTION_STRING"];

    private readonly WorkFolder _work = new();

    public CanaryTests()
    {
        foreach (var variable in SecretVariables)
        {
            Environment.SetEnvironmentVariable(variable, $"DefaultEndpointsProtocol=https;AccountName=x;AccountKey={Secret}");
        }
    }

    public void Dispose()
    {
        foreach (var variable in SecretVariables)
        {
            Environment.SetEnvironmentVariable(variable, null);
        }

        _work.Dispose();
    }

    /// <summary>Plans that fail on, reject, drop, map and remember cells; each meets the canary as good text, as a bad number and in broken rows.</summary>
    public static TheoryData<string> Steps =>
    [
        "[{parse: {n: integer}}]",
        "[{parse: {n: {type: date, formats: [dd.MM.yyyy]}}}]",
        "[{parse: {n: integer}, on_error: fail}]",
        "[{parse: {n: integer}, on_error: keep}, {filter: \"n > 1\"}]",
        "[{filter: \"n > 1\"}]",
        "[{filter: \"n > 1\", on_error: fail}]",
        "[{derive: {m: \"n * 2 + max(n)\"}}]",
        "[{derive: {m: \"to_integer(t)\"}, on_error: fail}]",
        "[{check: [\"t = 'x'\"]}]",
        "[{check: [\"t = 'x'\"], on_error: fail}]",
        "[{map: {t: {x: y}}, on_unmatched: reject}]",
        "[{map: {t: {x: y}}, on_unmatched: fail}]",
        "[{dedupe: [t], on_match: reject}]",
        "[{guard: {formulas: reject}, on_error: fail}]",
        "[{replace: {columns: all, pattern: \"[a-z]+\", with: \"<$0>\"}}, {trim: all}, {normalize_headers: {map: {n: number}}}]",
    ];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task No_cell_appears_in_a_log_a_report_a_manifest_a_name_or_an_error(string steps)
    {
        Plan($"steps: {steps}\nexpect: [{{check: \"t <> 'never'\", severity: warn}}, {{check: \"t = 'x'\", severity: warn}}]");
        Files();

        var answer = await Typed.Async("run", "plan.yaml", "-v", "--log", "run.log", "-o", "json", "--progress", "plain", "--hash-inputs");

        Assert.InRange(answer.ExitCode, 0, 4);
        Assert.NotEqual(2, answer.ExitCode);
        Assert.Contains("event=", answer.Error, StringComparison.Ordinal);
        AssertSilent(answer.Out, "standard output");
        AssertSilent(answer.Error, "standard error");
        AssertSilentFiles();
    }

    [Fact]
    public async Task The_canaries_are_where_data_may_be_so_this_test_can_fail()
    {
        Plan("steps: [{parse: {n: integer}}]");
        Files();

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Contains(Cell, answer.Out, StringComparison.Ordinal); // The first reject, on the terminal.
        Assert.Contains(Cell, File.ReadAllText("out/a.csv"), StringComparison.Ordinal);
        Assert.Contains(Directory.GetFiles("out/_rejects", "*", SearchOption.AllDirectories), path => File.ReadAllText(path).Contains(Cell, StringComparison.Ordinal));
        Assert.Contains(Directory.GetFiles("out/.orleansclean", "*.jsonl", SearchOption.AllDirectories), path => path.Contains("/rejects/", StringComparison.Ordinal) && File.ReadAllText(path).Contains(Cell, StringComparison.Ordinal));
        AssertSilentFiles();
    }

    [Fact]
    public async Task Two_outputs_in_one_and_a_gate_that_stays_closed_are_as_silent()
    {
        Plan("steps: [{parse: {n: integer}}]", "write: {to: out/all.csv, combine: true, file_column: true}");
        Files();

        var answer = await Typed.Async("run", "plan.yaml", "-v", "--log", "run.log", "--max-rejects", "1", "-q");

        Assert.Equal(5, answer.ExitCode);
        AssertSilent(answer.Error, "standard error");
        AssertSilentFiles();
    }

    [Fact]
    public async Task Reports_and_checks_of_a_batch_are_silent()
    {
        Plan("steps: [{parse: {n: integer}}]");
        Files();
        Assert.Equal(4, (await Typed.Async("run", "plan.yaml", "-q")).ExitCode);

        foreach (var command in (string[][])[["report", "show", "-o", "json"], ["report", "show", "-o", "jsonl"], ["report", "verify"], ["rejects", "list"], ["batch", "list"], ["batch", "show"], ["plan", "explain", "plan.yaml"]])
        {
            var answer = await Typed.Async(command);
            AssertSilent(answer.Out + answer.Error, string.Join(' ', command));
        }
    }

    [Theory]
    [InlineData("run", "plan.yaml", "https://x.example/in/a.csv?sv=1&sig=" + Secret)]
    [InlineData("run", "plan.yaml", "--out", "https://x.example/out?sv=1&sig=" + Secret)]
    [InlineData("run", "plan.yaml", "--out", "DefaultEndpointsProtocol=https;AccountKey=" + Secret)]
    [InlineData("inspect", "https://x.example/in/a.csv?sig=" + Secret)]
    [InlineData("preview", "plan.yaml", "https://user:" + Secret + "@x.example/a.csv")]
    [InlineData("report", "show", "--out", "https://x.example/out?sig=" + Secret)]
    [InlineData("plan", "check", "https://x.example/plan.yaml?sig=" + Secret)]
    public async Task An_address_with_a_key_or_a_signature_is_refused_and_not_repeated(params string[] words)
    {
        Plan("steps: [{trim: all}]");
        Files();

        var answer = await Typed.Async(words);

        Assert.True(answer.ExitCode is 1 or 2, $"{answer.ExitCode} {answer.Out}");
        Assert.Contains("***", answer.Error, StringComparison.Ordinal);
        AssertSilent(answer.Out + answer.Error, string.Join(' ', words));
        Assert.All(Directory.GetFileSystemEntries(_work.Path, "*", SearchOption.AllDirectories), path => Assert.DoesNotContain(Secret, path, StringComparison.Ordinal));
    }

    private void Plan(string rest, string write = "write: out/{name}.csv") =>
        _work.With("plan.yaml", $"plan: 1\nname: canary\nread: {{files: \"in/*\"}}\n{rest}\n{write}\n");

    private void Files()
    {
        var good = $"n,t\n1,{Cell}good\n";
        _work
            .With("in/a.csv", $"{good}{Cell}bad,x\n2,{Cell}twice\n3,{Cell}twice\n4,\"{Cell} open\n5,\"{Cell}\" after,6\n6,7,{Cell}extra\n{Cell}missing\n\0{Cell},1\n7,=cmd|{Cell}\n")
            .With("in/b.csv", $"n,t\n{Cell},x\n")
            .With("in/c.csv", $"other,t\n{Cell},x\n{Cell},y\n")
            .With("in/long.csv", $"n,t\n1,{Cell}{new string('x', 1_100_000)}\n2,x\n");
        File.WriteAllBytes("in/d.csv", [.. Encoding.UTF8.GetBytes($"n,t\n1,{Cell}"), 0xFF, (byte)'\n']);
        File.WriteAllBytes("in/e.csv.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. Encoding.UTF8.GetBytes(Cell)]);
    }

    /// <summary>Everything that was written, names included, but for the data.</summary>
    private void AssertSilentFiles()
    {
        var seen = 0;
        foreach (var path in Directory.GetFiles(_work.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            var name = Path.GetRelativePath(_work.Path, path);
            AssertSilent(name, "a name");
            var isState = name.StartsWith("out/.orleansclean/", StringComparison.Ordinal) && !name.Contains("/rejects/", StringComparison.Ordinal);
            if (isState || name is "run.log")
            {
                AssertSilent(File.ReadAllText(path), name);
                seen++;
            }
        }

        Assert.True(seen >= 3, $"{seen} files of state");
    }

    private static void AssertSilent(string text, string where)
    {
        foreach (var canary in new[] { Cell, Secret })
        {
            var at = text.IndexOf(canary, StringComparison.OrdinalIgnoreCase);
            Assert.True(at < 0, $"{where}: …{(at < 0 ? "" : text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 60)])}…");
        }
    }
}
