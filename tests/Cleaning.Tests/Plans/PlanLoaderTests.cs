using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class PlanLoaderTests
{
    [Fact]
    public void The_smallest_plan_has_a_version_a_name_and_a_place_to_write_to()
    {
        var plan = PlanText.Load("plan: 1\nname: small\nwrite: out/{name}.csv\n");

        Assert.Equal("small", plan.Name);
        Assert.Equal("out/{name}.csv", plan.Write.To);
        Assert.Empty(plan.Steps);
        Assert.Equal(3, plan.Run.Retries);
        Assert.Null(plan.Read.Delimiter);
    }

    [Fact]
    public void The_same_plan_in_JSON_is_the_same_plan()
    {
        var yaml = PlanText.Load("""
            plan: 1
            name: both
            read: {delimiter: tab, header: false, nulls: [NULL, "-"]}
            steps:
              - trim: all
              - fill: {quantity: 1}
            write: {to: "out/{name}.csv", bom: true}
            """);
        var json = PlanText.Load("""
            {
            	"plan": 1, "name": "both",
            	"read": {"delimiter": "tab", "header": false, "nulls": ["NULL", "-"]},
            	"steps": [{"trim": "all"}, {"fill": {"quantity": 1}}],
            	"write": {"to": "out\/{name}.csv", "bom": true}
            }
            """);

        Assert.Equal(yaml.Fingerprint, json.Fingerprint);
    }

    [Fact]
    public void Read_says_how_inputs_are_found_and_read()
    {
        var read = PlanText.Load("""
            plan: 1
            name: reading
            read:
              files: in/**/*.{csv,csv.gz}
              exclude: [in/old/*]
              encoding: windows-1252
              delimiter: semicolon
              quote: "'"
              escape: \
              comment: "#"
              header: 4
              columns: [id, name]
              nulls: ["", NULL, N/A, null, no, 1e3]
            write: out/{name}.csv
            """).Read;

        Assert.Equal(["in/**/*.{csv,csv.gz}"], read.Files.AsEnumerable());
        Assert.Equal(["in/old/*"], read.Exclude.AsEnumerable());
        Assert.Equal("windows-1252", read.Encoding);
        Assert.Equal((";", "'", "\\", "#"), (read.Delimiter, read.Quote, read.Escape, read.Comment));
        Assert.Equal(4, read.HeaderLine);
        Assert.Equal(["id", "name"], read.Columns.AsEnumerable());
        Assert.Equal(["", "NULL", "N/A", "null", "no", "1e3"], read.Nulls.AsEnumerable());
    }

    [Theory]
    [InlineData("tab", "\t")]
    [InlineData("comma", ",")]
    [InlineData("semicolon", ";")]
    [InlineData("pipe", "|")]
    [InlineData("space", " ")]
    [InlineData("\"||\"", "||")]
    [InlineData("\"\\x1f\"", "\x1f")]
    public void A_delimiter_is_a_word_or_the_text_itself(string written, string expected) =>
        Assert.Equal(expected, PlanText.Load($"plan: 1\nname: d\nread: {{delimiter: {written}}}\nwrite: o.csv\n").Read.Delimiter);

    [Fact]
    public void A_file_without_a_header_or_quotes_is_said_to_have_none()
    {
        var read = PlanText.Load("plan: 1\nname: d\nread: {header: false, quote: none}\nwrite: o.csv\n").Read;

        Assert.Equal(0, read.HeaderLine);
        Assert.Equal("", read.Quote);
    }

    [Fact]
    public void Write_says_where_and_how()
    {
        var write = PlanText.Load("""
            plan: 1
            name: writing
            params: {year: 2026}
            write: {to: "out/{param.year}/all.csv", combine: true, file_column: true, newline: crlf, bom: true, quoting: all}
            """).Write;

        Assert.Equal("out/{param.year}/all.csv", write.To);
        Assert.True(write is { Combine: true, FileColumn: true, Crlf: true, Bom: true, Quoting: Quoting.All });
    }

    [Fact]
    public void Run_says_how_long_and_how_often()
    {
        var run = PlanText.Load("""
            plan: 1
            name: running
            write: o.csv
            run: {max_rejects: 2.5%, file_timeout: 5m, timeout: 1h30m, retries: 0, publish: together}
            """).Run;

        Assert.Equal(new RejectLimit(null, 0.025), run.MaxRejects);
        Assert.Equal(TimeSpan.FromMinutes(5), run.FileTimeout);
        Assert.Equal(TimeSpan.FromMinutes(90), run.Timeout);
        Assert.Equal(0, run.Retries);
        Assert.True(run.PublishTogether);
    }

    [Fact]
    public void A_test_keeps_its_texts_as_they_stand()
    {
        var test = Assert.Single(PlanText.Load("""
            plan: 1
            name: tested
            steps: [drop_empty]
            write: o.csv
            tests:
              - name: an empty row leaves
                given: |
                  a,b
                  1,2
                  ,
                expect: "a,b\n1,2\n"
                dropped: {drop_empty: 1}
                rejected: {type-error: 0}
            """).Tests);

        Assert.Equal("a,b\n1,2\n,\n", test.Given);
        Assert.Equal("a,b\n1,2\n", test.Expect);
        Assert.Equal(1, test.Dropped!["drop_empty"]);
        Assert.Equal(0, test.Rejected!["type-error"]);
        Assert.Equal(new SourcePosition(6, 5), test.At);
    }

    [Fact]
    public void A_byte_order_mark_and_Windows_line_ends_do_not_count()
    {
        var plan = PlanText.Load("\uFEFFplan: 1\r\nname: windows\r\nsteps:\r\n  - trim: [a]\r\nwrite: o.csv\r\n");

        Assert.Equal("windows", plan.Name);
        Assert.Equal(new SourcePosition(4, 5), plan.Steps[0].At);
    }

    [Fact]
    public void Problems_come_in_the_order_of_the_text_with_the_path_as_given()
    {
        var told = Assert.Throws<PlanException>(() => PlanLoader.Load(
            "plan: 1\nname: a b\nstep: []\nwrite: /abs.csv\n",
            "./plans/x.yaml",
            new Dictionary<string, string>(StringComparer.Ordinal)));

        Assert.Equal([2, 3, 4], told.Problems.Select(p => p.At.Line));
        Assert.StartsWith("./plans/x.yaml:2:7: ", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_problems_than_a_person_reads_are_cut_at_a_bound()
    {
        var text = "plan: 1\nname: many\nwrite: o.csv\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"key{i}: x\n"));

        Assert.Equal(200, Assert.Throws<PlanException>(() => PlanText.Load(text)).Problems.Count);
    }

    [Fact]
    public void A_plan_of_more_than_a_mebibyte_is_refused()
    {
        var text = "plan: 1\nname: long\nwrite: o.csv\nabout: " + new string('x', 1 << 20) + "\n";

        Assert.Equal("plan.yaml: The plan is 1,048,616 bytes long; a plan has at most 1,048,576.", PlanText.Problems(text));
    }

    [Fact]
    public void Nesting_beyond_its_bound_is_refused_where_it_happens()
    {
        var text = "plan: 1\nname: deep\nwrite: o.csv\nsteps: " + new string('[', 100_000);

        Assert.Equal("plan.yaml:4:72: Lists and mappings are nested more than 64 deep.", PlanText.Problems(text));
    }

    [Fact]
    public void Half_a_character_is_refused_where_it_stands() => Assert.StartsWith(
        "plan.yaml:2:9: The character U+D800 cannot stand in a plan.",
        PlanText.Problems("plan: 1\nname: ab\ud800\nwrite: o.csv\n"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\0", "U+0000")]
    [InlineData("\u0007", "U+0007")]
    public void A_character_that_is_no_text_is_refused_where_it_stands(string character, string name) =>
        Assert.StartsWith(
            $"plan.yaml:2:9: The character {name} cannot stand in a plan.",
            PlanText.Problems($"plan: 1\nname: ab{character}\nwrite: o.csv\n"),
            StringComparison.Ordinal);
}
