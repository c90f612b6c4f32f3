using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Inputs;

public sealed class BatchInputsTests : IDisposable
{
    private const string Csv = "id,value\n1,1\n";

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task The_plan_s_patterns_find_inputs_below_the_plan()
    {
        _place.Write("in/a.csv", Csv).Write("in/de/b.csv", Csv).Write("in/c.txt", Csv).Write("in/.hidden.csv", Csv).Write("in/.git/d.csv", Csv);

        var report = await _place.RunAsync();

        Assert.Equal(["in/a.csv", "in/de/b.csv"], report.Files.Select(f => f.Path));
        Assert.Equal(["a.csv", "b.csv"], _place.Files());
    }

    [Fact]
    public async Task Files_of_the_caller_are_relative_to_the_working_folder_and_count_instead_of_the_plan_s()
    {
        _place.Write("in/a.csv", Csv).Write("other/b.csv", Csv).Write("other/c.CSV", Csv).Write("other/notes.txt", Csv);

        var report = await _place.RunAsync(r => r with { Inputs = ["other"] });

        Assert.Equal(["other/b.csv", "other/c.CSV"], report.Files.Select(f => f.Path));
    }

    [Fact]
    public async Task A_file_named_twice_is_cleaned_once()
    {
        _place.Write("in/a.csv", Csv);

        var report = await _place.RunAsync(r => r with { Inputs = ["in/a.csv", "in", "in/*.csv", "./in/../in/a.csv", _place.PathOf("in/a.csv")] });

        Assert.Equal("in/a.csv", Assert.Single(report.Files).Path);
    }

    [Theory]
    [InlineData("@x.csv")]
    [InlineData("-x.csv")]
    [InlineData("a[1].csv")]
    [InlineData("a*b.csv")]
    [InlineData("{x}.csv")]
    [InlineData("wïth späce.csv")]
    public async Task A_file_may_be_called_as_it_likes(string name)
    {
        _place.Write(name, Csv);

        var report = await _place.RunAsync(r => r with { Inputs = [name] });

        Assert.Equal(BatchStatus.Done, report.Status);
        Assert.Equal([name], _place.Files());
    }

    [Fact]
    public async Task An_input_outside_of_the_working_folder_is_read_and_nothing_is_written_there()
    {
        _place.Write("../elsewhere/x.csv", Csv);

        var report = await _place.RunAsync(r => r with { Inputs = ["../elsewhere/x.csv"] });

        Assert.Equal("elsewhere/x.csv", Assert.Single(report.Files).Path);
        Assert.Equal(["x.csv"], _place.Files());
        Assert.Equal(["x.csv"], _place.Files("../elsewhere"));
    }

    [Fact]
    public async Task Excluded_files_are_left_out_unless_they_are_named_themselves()
    {
        _place.Plan(Workplace.SimplePlan.Replace("read: {", "read: {exclude: ['in/old/**', in/*_draft.csv], ", StringComparison.Ordinal))
            .Write("in/a.csv", Csv).Write("in/b_draft.csv", Csv).Write("in/old/c.csv", Csv);

        Assert.Equal(["in/a.csv"], (await _place.RunAsync()).Files.Select(f => f.Path));
        Assert.Equal(["in/old/c.csv"], (await _place.RunAsync(r => r with { Inputs = ["in/old/c.csv"] })).Files.Select(f => f.Path));
    }

    [Fact]
    public async Task Where_nothing_matches_the_message_says_what_was_asked_and_what_is_there()
    {
        _place.Write("in/a.json", Csv).Write("in/b.txt", Csv);

        var message = await _place.RefusedAsync();

        Assert.Contains("No input matched in/**/*.{csv,csv.gz}", message, StringComparison.Ordinal);
        Assert.Contains($"In {_place.PathOf("in")} there is: a.json, b.txt.", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.OutputRoot));
    }

    [Theory]
    [InlineData("in/missing.csv", "No input matched in/missing.csv")]
    [InlineData("nowhere/*.csv", "There is no folder")]
    [InlineData("https://example.org/x.csv", "is an address")]
    [InlineData("-", "is not a file or folder")]
    public async Task What_cannot_be_an_input_is_refused(string input, string why)
    {
        _place.Write("in/a.csv", Csv);

        Assert.Contains(why, await _place.RefusedAsync(r => r with { Inputs = [input] }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_inputs_of_one_output_are_refused_before_anything_is_written_and_both_are_named()
    {
        _place.Write("in/a/x.csv", Csv).Write("in/b/x.csv", Csv);

        var message = await _place.RefusedAsync();

        Assert.Contains("in/a/x.csv and in/b/x.csv would both be written to out/x.csv. Nothing was written.", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_place.OutputRoot));
    }

    [Theory]
    [InlineData("out/{name}.csv", "Put {dir} or {ext} into write:")]
    [InlineData("out/{dir}/x", "Put {name} or {ext} into write:")]
    [InlineData("out/{dir}-{name}-{ext}", "Rename one of the inputs")]
    public async Task A_refusal_of_meeting_outputs_advises_what_the_plan_does_not_do_yet(string write, string advice)
    {
        _place.Plan(Workplace.SimplePlan.Replace("out/{name}.csv", write, StringComparison.Ordinal))
            .Write("in/x.csv", Csv).Write("in/X.csv", Csv).Write("in/a/x.csv", Csv).Write("in/b/x.csv", Csv);

        Assert.Contains(advice, await _place.RefusedAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("in/A.csv", "in/a.csv")]
    [InlineData("in/\u00e9.csv", "in/e\u0301.csv")]
    [InlineData("in/STRASSE\u00c4.csv", "in/strassea\u0308.csv")]
    public async Task Outputs_that_some_systems_take_for_one_file_are_refused(string one, string other)
    {
        _place.Write(one, Csv).Write(other, Csv);

        Assert.Contains("which some systems take for one file", await _place.RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_and_a_packed_file_of_one_name_meet_in_one_output()
    {
        _place.Write("in/x.csv", Csv).Write("in/x.csv.gz", Csv);

        Assert.Contains("in/x.csv and in/x.csv.gz", await _place.RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_folder_of_an_input_below_its_pattern_can_be_part_of_the_name()
    {
        _place.Plan(Workplace.SimplePlan.Replace("{name}.csv", "{dir}/{name}-{plan}.{ext}", StringComparison.Ordinal))
            .Write("in/a/x.csv", Csv).Write("in/b/x.csv", Csv).Write("in/x.csv", Csv);

        await _place.RunAsync();

        Assert.Equal(["a/x-simple.csv", "b/x-simple.csv", "x-simple.csv"], _place.Files());
    }

    [Theory]
    [InlineData("in/shop/a.csv", "shop/a.csv")]
    [InlineData("./in/../in/shop/a.csv", "shop/a.csv")]
    [InlineData("in/shop", "shop/a.csv")]
    [InlineData("in/shop/*.csv", "shop/a.csv")]
    [InlineData("in/**/a.csv", "shop/a.csv")]
    [InlineData("in/shop/a.text", "in/shop/a.csv")] // No pattern of the plan covers these.
    [InlineData("other/x/b.csv", "other/x/b.csv")]
    [InlineData("other", "x/b.csv")]
    [InlineData("other/x/*.csv", "b.csv")]
    [InlineData("../elsewhere/y/c.csv", "c.csv")]
    public async Task The_folder_of_an_input_that_the_plan_covers_does_not_depend_on_how_it_is_named(string typed, string output)
    {
        _place.Plan(Workplace.SimplePlan.Replace("{name}.csv", "{dir}/{name}.csv", StringComparison.Ordinal))
            .Write("in/shop/a.csv", Csv).Write("in/shop/a.text", Csv).Write("other/x/b.csv", Csv).Write("../elsewhere/y/c.csv", Csv);

        var report = await _place.RunAsync(r => r with { Inputs = [typed] });

        Assert.Equal(BatchStatus.Done, report.Status);
        Assert.Equal([output], _place.Files());
    }

    [Fact]
    public async Task What_the_plan_finds_is_unchanged_when_it_is_named_from_another_folder()
    {
        _place.Plan(Workplace.SimplePlan.Replace("{name}.csv", "{dir}/{name}.csv", StringComparison.Ordinal))
            .Write("in/shop/a.csv", "id,value\n1,1\n2,x\n");
        await _place.RunAsync();
        var before = _place.Files();

        await _place.RunAsync(r => r with { Inputs = [_place.PathOf("in/shop/a.csv")] });
        await _place.RunAsync(r => r with { PlanPath = "../../plan.yaml", Inputs = ["a.csv"], WorkingDirectory = _place.PathOf("in/shop") });

        Assert.Equal(["_rejects/shop/a.rejects.csv", "shop/a.csv"], before);
        Assert.Equal(before, _place.Files());
    }

    [Theory]
    [InlineData("[in, other/x/b.csv]")]
    [InlineData("[other/x/b.csv, '**/*.csv']")]
    public async Task Folders_and_files_that_a_plan_names_count_alike(string files)
    {
        _place.Plan(Workplace.SimplePlan.Replace("\"in/**/*.{csv,csv.gz}\"", files, StringComparison.Ordinal)
            .Replace("{name}.csv", "{dir}/{name}.csv", StringComparison.Ordinal)).Write("in/shop/a.csv", Csv).Write("other/x/b.csv", Csv);
        await _place.RunAsync();
        var before = _place.Files();

        await _place.RunAsync(r => r with { Inputs = ["other/x/b.csv", "in/shop/a.csv"] });

        Assert.Equal(2, before.Count);
        Assert.Equal(before, _place.Files());
    }

    [Fact]
    public async Task Outputs_in_the_folder_of_the_inputs_are_never_read_as_inputs()
    {
        _place.Plan("""
            plan: 1
            name: inside
            read: {files: "**/*.csv"}
            steps: [parse: {value: integer}]
            write: out/cleaned_{name}.csv
            """).Write("a.csv", "id,value\n1,1\n2,x\n").Write("out/b.csv", Csv);

        var first = await _place.RunAsync();
        var second = await _place.RunAsync();

        Assert.Equal(["a.csv", "out/b.csv"], first.Files.Select(f => f.Path));
        Assert.Equal(["a.csv", "out/b.csv"], second.Files.Select(f => f.Path));
        Assert.Equal(2, second.Ledger.Files.Unchanged);
        Assert.Equal(["_rejects/a.rejects.csv", "b.csv", "cleaned_a.csv", "cleaned_b.csv"], _place.Files());
    }

    [Fact]
    public async Task Outputs_of_an_earlier_plan_in_the_same_folder_are_not_read_either()
    {
        const string plan = "plan: 1\nname: p\nread: {files: '*.csv'}\nsteps: [parse: {value: integer}]\nwrite: ";
        _place.Plan(plan + "'{name}_v1.csv'\n").Write("a.csv", Csv);
        await _place.RunAsync();

        _place.Plan(plan + "'{name}_v2.csv'\n");
        var report = await _place.RunAsync();

        Assert.Equal(["a.csv"], report.Files.Select(f => f.Path));
    }

    [Fact]
    public async Task A_plan_that_would_replace_its_own_inputs_is_refused()
    {
        _place.Plan(Workplace.SimplePlan.Replace("out/", "in/", StringComparison.Ordinal)).Write("in/a.csv", Csv);

        Assert.Contains("outputs are never read as inputs", await _place.RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(Csv, _place.Read("in/a.csv"));
    }

    [Fact]
    public async Task A_link_out_of_the_folder_costs_that_one_file()
    {
        _place.Write("../secret.csv", "id,value\nsecret,1\n").Write("in/a.csv", Csv);
        File.CreateSymbolicLink(_place.PathOf("in/evil.csv"), "../../secret.csv");

        var report = await _place.RunAsync();

        Assert.Equal(BatchStatus.Partial, report.Status);
        Assert.Equal("storage-error", report.Files[0].Failure!.Code);
        Assert.Contains("is a link to", report.Files[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(["a.csv"], _place.Files());
    }

    [Fact]
    public async Task An_output_folder_that_leads_elsewhere_is_not_followed()
    {
        _place.Plan(Workplace.SimplePlan.Replace("{name}", "{dir}/{name}", StringComparison.Ordinal)).Write("in/de/a.csv", Csv);
        Directory.CreateDirectory(_place.OutputRoot);
        var outside = Directory.CreateDirectory(_place.PathOf("../outside"));
        Directory.CreateSymbolicLink(_place.PathOf("out/de"), outside.FullName);

        var report = await _place.RunAsync();

        Assert.Equal(BatchStatus.Failed, report.Status);
        Assert.Contains("leads out of", report.Files[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(outside.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_parameter_cannot_lead_out_of_the_output_root()
    {
        _place.Plan(Workplace.SimplePlan.Replace("name: simple", "name: simple\nparams: {shop: x}", StringComparison.Ordinal)
            .Replace("{name}", "{param.shop}/{name}", StringComparison.Ordinal)).Write("in/a.csv", Csv);

        await Assert.ThrowsAnyAsync<Exception>(() => _place.RunAsync(r => r with
        {
            Parameters = new Dictionary<string, string>(StringComparer.Ordinal) { ["shop"] = "../../evil" },
        }));

        Assert.False(_place.Exists("../evil/a.csv"));
        Assert.Empty(_place.Files());
    }

    [Fact]
    public async Task A_name_with_an_escape_costs_that_one_file_and_reaches_no_message_as_it_is()
    {
        _place.Write("in/a.csv", Csv).Write("in/\u001b[2J.csv", Csv);

        var report = await _place.RunAsync();

        var failed = Assert.Single(report.Files, f => f.Status is FileStatus.Failed);
        Assert.Equal("storage-error", failed.Failure!.Code);
        Assert.DoesNotContain(failed.Failure.Message, char.IsControl);
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_be_done_and_writes_nothing()
    {
        _place.Write("in/a.csv", Csv).Write("in/b.csv", Csv);

        var first = await _place.ListAsync();
        Assert.Equal([("in/a.csv", "out/a.csv", "clean"), ("in/b.csv", "out/b.csv", "clean")], first.Files.Select(f => (f.Input, f.Output, f.Will)));
        Assert.False(Directory.Exists(_place.OutputRoot));

        await _place.RunAsync();
        _place.Write("in/b.csv", Csv + "2,2\n");
        Assert.Equal(["skip", "clean"], (await _place.ListAsync()).Files.Select(f => f.Will));
    }
}
