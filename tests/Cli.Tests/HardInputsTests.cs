using System.Globalization;
using System.Text;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

/// <summary>Inputs and plans that break scripts, given to the command as a user would give them.</summary>
public sealed class HardInputsTests
{
    private const string PassThrough = "plan: 1\nname: p\nread: {files: \"in/*.csv\"}\nsteps:\n  - trim: all\nwrite: out/{name}.csv\n";

    private const string Plan = """
        plan: 1
        name: hard
        read: {files: "in/**/*.csv"}
        steps:
          - filter: value <= 500
          - derive:
              ratio: value / (max(value) + 1e-9)
        write: in/out/{name}.csv
        """;

    [Theory]
    [InlineData("derive: {total: round(value, 2)}", "plan.yaml:4:21: In {…} a comma ends a value")]
    [InlineData("filter: `odd` > 1", "plan.yaml:4:13: A value cannot begin with a backtick. A column with an odd name is written col(\"odd\").")]
    [InlineData("filter: '`odd` > 1'", "plan.yaml:4:14: ` does not begin anything here.")]
    [InlineData("filter: ((10000", "plan.yaml:4:13: The formula has 20005 characters; at most 16384 are read.")]
    [InlineData("filter: ((8000", "The formula is nested more than 100 levels deep.")]
    public async Task A_plan_that_is_wrong_says_where_and_what_to_write_instead(string step, string message)
    {
        if (step.IndexOf("((", StringComparison.Ordinal) is var nest and > 0)
        {
            var depth = int.Parse(step.AsSpan(nest + 2), CultureInfo.InvariantCulture);
            step = $"{step[..nest]}{new string('(', depth)}a{new string(')', depth)} > 1";
        }

        using var work = new WorkFolder().With("plan.yaml", $"plan: 1\nname: p\nsteps:\n  - {step}\nwrite: out/{{name}}.csv\n");

        var answer = await Typed.Async("run", "plan.yaml", "in/");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id,value\n1,-5\n2,0\n", "id,value,ratio\n1,-5,-5000000000\n2,0,0\n")]
    [InlineData("id,value\n1,-0.000000001\n", "id,value,ratio\n")] // Division by zero: rejected, and the file is cleaned.
    [InlineData("id,value\n1,900\n", "id,value,ratio\n")]
    [InlineData("id,value\n1,\n2,  \n", "id,value,ratio\n")]
    [InlineData("id,value\n", "id,value,ratio\n")]
    [InlineData("id,value\n1,2", "id,value,ratio\n1,2,0.9999999995\n")]
    [InlineData("", null)]
    [InlineData("\n\r\n\n", null)]
    public async Task A_file_with_little_in_it_has_a_defined_result_and_a_balanced_ledger(string input, string? output)
    {
        using var work = new WorkFolder().With("plan.yaml", Plan).With("in/a.csv", input).With("in/good.csv", "id,value\n1,1\n");

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(output is null ? 4 : 0, answer.ExitCode);
        Assert.Contains("balanced", answer.Out, StringComparison.Ordinal);
        Assert.Equal(output, work.Has("in/out/a.csv") ? work.Read("in/out/a.csv") : null);
        Assert.True(output is not null || answer.Out.Contains("in/a.csv  missing-label: plan.yaml:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("\n\r\n\n", "", "")]
    [InlineData("\ufeff", "", "")]
    [InlineData("id,value", "id,value\n", "id,value,share\n")]
    [InlineData("id,value\r\n", "id,value\n", "id,value,share\n")]
    public async Task An_empty_file_and_one_of_a_header_alone_have_the_results_that_the_plan_s_document_tells(string input, string plain, string derived)
    {
        const string derive = "\n  - derive: {share: value / max(value)}";
        using var work = new WorkFolder().With("in/a.csv", input)
            .With("plain.yaml", PassThrough)
            .With("named.yaml", PassThrough.Replace("trim: all", "trim: all" + derive, StringComparison.Ordinal))
            .With("skipping.yaml", PassThrough.Replace("trim: all", "trim: all" + derive + "\n    if_missing: skip", StringComparison.Ordinal));

        Assert.Equal(0, (await Typed.Async("run", "plain.yaml")).ExitCode);
        Assert.Equal(plain, work.Read("out/a.csv"));
        Assert.Equal(0, (await Typed.Async("run", "skipping.yaml")).ExitCode);
        Assert.Equal(derived, work.Read("out/a.csv"));
        Assert.Equal(derived.Length > 0 ? 0 : 1, (await Typed.Async("run", "named.yaml", "--out", "other")).ExitCode);
        Assert.Equal(0, (await Typed.Async("report", "verify", "--out", "out")).ExitCode);
    }

    [Fact]
    public async Task Of_an_empty_file_nobody_is_advised_to_correct_a_name()
    {
        using var work = new WorkFolder().With("in/a.csv", "").With("plain.yaml", PassThrough)
            .With("plan.yaml", PassThrough.Replace("trim: all", "trim: [value]", StringComparison.Ordinal))
            .With("expecting.yaml", PassThrough + "expect: [value > 0]\n");
        const string empty = "The file is empty, without even a header, and step ";

        var run = await Typed.Async("run", "plan.yaml");
        var expecting = await Typed.Async("run", "expecting.yaml");

        Assert.Equal((1, 1), (run.ExitCode, expecting.ExitCode));
        Assert.Contains($"{empty}trim speaks of the column 'value'. Leave the file out with read: {{exclude: …}}, or say if_missing: skip to have empty files pass.\n", run.Out, StringComparison.Ordinal);
        Assert.Contains($"{empty}expect speaks of the column 'value'. Leave the file out with read: {{exclude: …}}.\n", expecting.Out, StringComparison.Ordinal);
        Assert.Contains(empty, (await Typed.Async("plan", "check", "plan.yaml", "in/a.csv")).Out, StringComparison.Ordinal);
        Assert.Contains(empty, (await Typed.Async("preview", "plan.yaml", "in/a.csv")).Error, StringComparison.Ordinal);
        Assert.Contains("The file is empty: it has neither a header nor a record.", (await Typed.Async("preview", "plain.yaml", "in/a.csv")).Out, StringComparison.Ordinal);
        Assert.Contains("columns         0: the file is empty, without even a header\n", (await Typed.Async("inspect", "in/a.csv")).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(900, 0, "1,100 out + 0 dropped + 900 rejected", "rejects  text-after-quote 899 · unterminated-quote 1")]
    [InlineData(2_000, 1, "0 out", "failed   in/a.csv:1002  malformed-file: ")]
    public async Task Broken_quotes_cost_their_records_and_not_the_columns_of_all(int broken, int exitCode, string rows, string told)
    {
        var text = string.Concat(Enumerable.Range(0, 2_000).Select(i => i < broken ? $"{i},\"x{i}\n" : $"{i},{i}\n"));
        using var work = new WorkFolder().With("plan.yaml", PassThrough).With("in/a.csv", "id,value\n" + text);

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(exitCode, answer.ExitCode);
        Assert.Contains(rows, answer.Out, StringComparison.Ordinal);
        Assert.Contains(told, answer.Out, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0, work.Has("out/a.csv") && work.Read("out/a.csv").StartsWith("id,value\n900,900\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("id,\"value\n")]
    [InlineData("id,\"value,note\n")]
    public async Task A_header_whose_quotes_are_broken_costs_the_file_and_is_named(string header)
    {
        var cells = string.Concat(Enumerable.Repeat(",1", header.Count(c => c is ',')));
        var text = header + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i}{cells}\n"));
        using var work = new WorkFolder().With("plan.yaml", PassThrough).With("in/a.csv", text);

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("failed   in/a.csv:1  unterminated-quote: the header at line 1 cannot be read", answer.Out, StringComparison.Ordinal);
        Assert.False(work.Has("out/a.csv"));
    }

    [Fact]
    public async Task Own_outputs_are_never_read_as_input()
    {
        using var work = new WorkFolder().With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n2,x\n");
        Assert.Equal(0, (await Typed.Async("run", "plan.yaml")).ExitCode);

        var again = await Typed.Async("run", "plan.yaml", "--force");

        Assert.Contains("1 file ", again.Out, StringComparison.Ordinal);
        Assert.Contains("Left out 2 files that are named like outputs of this plan", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_far_too_large_costs_its_row_or_its_file_and_nothing_else()
    {
        var columns = string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"c{i}"));
        using var work = new WorkFolder()
            .With("plan.yaml", Plan)
            .With("in/columns.csv", columns + "\n1\n")
            .With("in/field.csv", $"id,value\n1,1\n2,\"{new string('x', 5_000_000)}\"\n3,3\n");

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(4, answer.ExitCode);
        Assert.Contains("in/columns.csv:1  too-many-columns: ", answer.Out, StringComparison.Ordinal);
        Assert.Contains("field-too-long 1", answer.Out, StringComparison.Ordinal);
        Assert.Equal(3, work.Read("in/out/field.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task No_control_character_of_a_name_a_header_or_a_cell_reaches_the_terminal()
    {
        using var work = new WorkFolder()
            .With("plan.yaml", Plan)
            .With("in/e\u001b[31m.csv", "id,value\n1,2\n")
            .With("in/h.csv", "id,value,\u001b[31mred\n1,\u001b[2J,3\n");

        string[][] commands =
        [
            ["run", "plan.yaml"], ["inspect", "in/h.csv", "in/e\u001b[31m.csv"], ["preview", "plan.yaml", "in/h.csv"],
            ["why", "in/h.csv:2"], ["rejects", "show"], ["report", "show"], ["report", "verify"], ["plan", "check", "plan.yaml", "in/h.csv"],
        ];
        foreach (var command in commands)
        {
            var answer = await Typed.Async(command);

            Assert.DoesNotContain('\u001b', answer.Out + answer.Error);
            Assert.NotEqual("", answer.Out);
        }
    }

    [Theory]
    [InlineData("-x.csv", "--", "-x.csv")]
    [InlineData("@x.csv", "@x.csv")]
    [InlineData("../x.csv", "../x.csv")]
    public async Task A_file_of_an_odd_name_is_cleaned_into_the_output_root(string file, params string[] typed)
    {
        using var work = new WorkFolder().With("here/plan.yaml", Workable).With($"here/{file}", "id,value\n1,2\n");
        Environment.CurrentDirectory = Path.Combine(work.Path, "here");

        var answer = await Typed.Async(["run", "plan.yaml", .. typed]);

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("id,value\n1,2\n", work.Read($"here/out/{Path.GetFileName(file)}"));
    }

    [Fact]
    public async Task A_link_out_of_the_input_folder_is_not_followed()
    {
        using var work = new WorkFolder().With("plan.yaml", Plan).With("in/a.csv", "id,value\n1,2\n").With("secret.csv", "id,value\n9,9\n");
        File.CreateSymbolicLink(Path.Combine(work.Path, "in/link.csv"), "../secret.csv");

        var answer = await Typed.Async("run", "plan.yaml");

        Assert.Equal(4, answer.ExitCode);
        Assert.Contains("in/link.csv  storage-error: ", answer.Out, StringComparison.Ordinal);
        Assert.False(work.Has("in/out/link.csv"));
    }

    [Fact]
    public async Task A_pattern_that_others_go_back_for_ever_in_takes_its_million_letters_at_once()
    {
        using var work = new WorkFolder()
            .With("plan.yaml", "plan: 1\nname: p\nsteps:\n  - filter: note matches '(a+)+$'\nwrite: out/{name}.csv\n")
            .With("in/a.csv", new StringBuilder("id,note\n1,").Append('a', 1_000_000).Append("b\n2,aa\n").ToString());

        var answer = await Typed.Async("run", "plan.yaml", "in/");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal("id,note\n2,aa\n", work.Read("out/a.csv"));
    }

    private const string Workable = "plan: 1\nname: p\nsteps:\n  - filter: value <= 500\nwrite: out/{name}.csv\n";
}
