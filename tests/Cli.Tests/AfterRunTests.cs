using System.Text.Json;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

/// <summary>What the commands say that look at a batch after it ran.</summary>
public sealed class AfterRunTests : IAsyncLifetime
{
    private readonly WorkFolder _work = new WorkFolder()
        .With("plan.yaml", Plans.Small)
        .With("in/good.csv", "id,value\n1,10\n2,-5\n3,7.5\n")
        .With("in/bad.csv", "id,value\n1,10\n2,\"1,000\"\n\n3,7.5,extra\n");

    public Task InitializeAsync() => Typed.Async("run", "plan.yaml", "-j", "2");

    public Task DisposeAsync()
    {
        _work.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Rejects_are_shown_one_line_each() => await Says("rejects-show", "rejects", "show");

    [Fact]
    public async Task Rejects_are_listed_by_file() => await Says("rejects-list", "rejects", "list");

    [Fact]
    public async Task Rejects_are_exported_as_a_table() => await Says("rejects-export", "rejects", "export");

    [Fact]
    public async Task Rejects_are_exported_to_a_new_file_only()
    {
        Assert.Equal(0, (await Typed.Async("rejects", "export", "--to", "r.csv")).ExitCode);
        var exported = _work.Read("r.csv");

        Assert.Equal(2, (await Typed.Async("rejects", "export", "--to", "r.csv")).ExitCode);
        Assert.Equal(exported, _work.Read("r.csv"));
    }

    [Fact]
    public async Task Rejects_of_one_code_are_shown_as_json_lines_with_their_raw_text()
    {
        var answer = await Typed.Async("rejects", "show", "--code", "type-error", "-o", "jsonl");

        var record = JsonDocument.Parse(Assert.Single(answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;
        Assert.Equal("2,\"1,000\"", record.GetProperty("raw").GetString());
        Assert.Equal(3, record.GetProperty("line").GetInt64());
    }

    [Fact]
    public async Task The_ledger_is_shown_again()
    {
        var answer = await Typed.Async("report", "show");

        Assert.Equal(0, answer.ExitCode);
        Approved.Matches("report-show", RunCommandTests.Timeless(answer.Out));
    }

    [Fact]
    public async Task A_batch_is_found_from_a_folder_below_its_outputs_too()
    {
        Directory.SetCurrentDirectory("out");

        Assert.Equal(0, (await Typed.Async("report", "show")).ExitCode);
    }

    [Fact]
    public async Task A_good_batch_verifies()
    {
        var answer = await Typed.Async("report", "verify");

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("everything agrees", answer.Out, StringComparison.Ordinal);
        Assert.EndsWith("   out/", answer.Out.Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_a_copy_of_the_outputs_it_must_be_said_which_is_meant()
    {
        foreach (var path in Directory.EnumerateFiles("out", "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            var copy = Path.Combine("out.bak", Path.GetRelativePath("out", path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        File.AppendAllText("out/good.csv", "4,1\n");

        var unsaid = await Typed.Async("report", "verify");
        var said = await Typed.Async("report", "verify", "--out", "out");

        Assert.Equal(2, unsaid.ExitCode);
        Assert.Contains("out.bak: one may be a copy. Name the one that you mean with --out.", unsaid.Error, StringComparison.Ordinal);
        Assert.Equal(1, said.ExitCode);
    }

    [Fact]
    public async Task A_guess_at_how_a_file_is_written_is_told()
    {
        _work.With("guess.yaml", "plan: 1\nname: guess\nread: {files: \"g/*.csv\"}\nsteps:\n  - trim: all\nwrite: guessed/{name}.csv\n")
            .With("g/h.csv", "a,b\n1,2,3,4\nx\n5;6;7\n");

        var answer = await Typed.Async("run", "guess.yaml");

        Assert.Matches("  unsure   g/h\\.csv  read with delimiter \".+\", [0-9]+% sure: if it is another one, say so in 'read: \\{delimiter: …\\}'", answer.Out);
    }

    [Fact]
    public async Task The_next_command_for_a_name_like_an_option_works_as_it_is_printed()
    {
        _work.With("-x.csv", "id,value\n1,x\n");

        var answer = await Typed.Async("run", "plan.yaml", "--out", "other", "--", "-x.csv");
        var next = answer.Out.Split('\n').Single(line => line.StartsWith("  orleansclean why ", StringComparison.Ordinal)).Trim().Split("   ")[0];

        Assert.EndsWith(" -- -x.csv:2", next, StringComparison.Ordinal);
        Assert.Equal(0, (await Typed.Async(next.Split(' ')[1..])).ExitCode);
    }

    [Fact]
    public async Task A_changed_output_is_noticed()
    {
        File.AppendAllText("out/good.csv", "4,1\n");

        var answer = await Typed.Async("report", "verify");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("DIFFER", answer.Out, StringComparison.Ordinal);
        Assert.Contains("good.csv", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"line\":3", "\"line\":4")]
    [InlineData("\"value\":\"1,000\"", "\"value\":\"1,001\"")]
    public async Task An_edited_reject_record_is_noticed(string old, string other)
    {
        var records = Directory.EnumerateFiles("out/.orleansclean", "bad.csv.jsonl", SearchOption.AllDirectories).Single();
        File.WriteAllText(records, File.ReadAllText(records).Replace(old, other, StringComparison.Ordinal));

        var answer = await Typed.Async("report", "verify");

        Assert.Equal(1, answer.ExitCode);
        Assert.Matches("bad.csv.jsonl was changed since it was written: [0-9]+ bytes, [0-9]+ expected, SHA-256 ", answer.Out);
    }

    [Fact]
    public async Task What_a_report_miscounts_is_told_in_words()
    {
        var reports = Directory.EnumerateFiles("out/.orleansclean", "report.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(reports, File.ReadAllText(reports)
            .Replace("\"in\": 6,", "\"in\": 5,", StringComparison.Ordinal)
            .Replace("\"found\": 2,", "\"found\": 3,", StringComparison.Ordinal)
            .Replace("\"type-error\": 1", "\"type-error\": 2", StringComparison.Ordinal));

        var answer = await Typed.Async("report", "verify");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("report.json counts files: 3 found, 2 cleaned, 0 unchanged, 0 failed, 0 cancelled; the files give 2 found, 2 cleaned,", answer.Out, StringComparison.Ordinal);
        Assert.Contains("report.json counts rows: 5 in, 3 out + 1 dropped + 2 rejected; the files give 6 in, 3 out + 1 dropped + 2 rejected.", answer.Out, StringComparison.Ordinal);
        Assert.Contains("report.json counts codes: extra-cell 1, type-error 2; the files give extra-cell 1, type-error 1.", answer.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("{", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "--limit", "1")]
    [InlineData(1, "--code", "extra-cell")]
    [InlineData(2)]
    public async Task Rejects_are_shown_as_one_bounded_json_document(int shown, params string[] words)
    {
        var answer = await Typed.Async(["rejects", "show", "-o", "json", .. words]);

        Assert.Equal(0, answer.ExitCode);
        var document = JsonDocument.Parse(answer.Out).RootElement;
        Assert.Equal(words is ["--code", ..] ? 1 : 2, document.GetProperty("rejected").GetInt64());
        Assert.Equal(shown, document.GetProperty("rejects").GetArrayLength());
        Assert.All(document.GetProperty("rejects").EnumerateArray(), reject => Assert.Equal("in/bad.csv", reject.GetProperty("file").GetString()));
    }

    [Fact]
    public async Task Of_many_rejects_a_json_document_shows_fifty()
    {
        _work.With("in/bad.csv", "id,value\n" + string.Concat(Enumerable.Repeat("1,x\n", 120)));
        await Typed.Async("run", "plan.yaml");

        var document = JsonDocument.Parse((await Typed.Async("rejects", "show", "-o", "json")).Out).RootElement;

        Assert.Equal((120, 50), (document.GetProperty("rejected").GetInt32(), document.GetProperty("rejects").GetArrayLength()));
    }

    [Fact]
    public async Task Why_a_row_was_rejected_is_told_with_the_plan_of_the_batch() => await Says("why-batch-rejected", "why", "in/bad.csv:3");

    [Fact]
    public async Task Why_a_row_was_dropped_is_told() => await Says("why-batch-dropped", "why", "in/good.csv:3", "--plan", "plan.yaml");

    [Fact]
    public async Task Why_asked_of_the_header_says_so() => await Says("why-batch-header", "why", "in/good.csv:1");

    [Fact]
    public async Task Why_speaks_json()
    {
        var answer = await Typed.Async("why", "in/bad.csv:3", "-o", "json");

        var row = JsonDocument.Parse(answer.Out).RootElement.GetProperty("rows")[0];
        Assert.Equal("rejected", row.GetProperty("outcome").GetString());
        Assert.Equal("type-error", row.GetProperty("steps")[0].GetProperty("problem").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_preview_shows_the_first_rows_and_writes_nothing()
    {
        var before = File.GetLastWriteTimeUtc("out/good.csv");

        await Says("preview-batch", "preview", "plan.yaml", "in/bad.csv", "--rows", "5");

        Assert.Equal(before, File.GetLastWriteTimeUtc("out/good.csv"));
    }

    [Fact]
    public async Task Inspect_says_how_a_file_would_be_read() => await Says("inspect", "inspect", "in/bad.csv", "in/good.csv");

    [Fact]
    public async Task Inspect_says_so_of_a_file_that_cannot_be_read()
    {
        File.WriteAllBytes("in/broken.csv.gz", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b]);

        var answer = await Typed.Async("inspect", "in/broken.csv.gz", "in/good.csv");

        Assert.Equal(4, answer.ExitCode);
        Approved.Matches("inspect-unreadable", answer.Out);
    }

    [Theory]
    [InlineData("report", "show", "--out", "nowhere")]
    [InlineData("rejects", "show", "no-such-batch")]
    [InlineData("why", "in/bad.csv:3", "--out", "nowhere")]
    public async Task A_batch_that_is_not_there_is_a_usage_error(params string[] words)
    {
        var answer = await Typed.Async(words);

        Assert.Equal(2, answer.ExitCode);
        Assert.Empty(answer.Out);
        Assert.StartsWith("orleansclean: ", answer.Error, StringComparison.Ordinal);
    }

    private static async Task Says(string approved, params string[] words)
    {
        var answer = await Typed.Async(words);

        Assert.Equal(0, answer.ExitCode);
        Approved.Matches(approved, answer.Out);
    }
}
