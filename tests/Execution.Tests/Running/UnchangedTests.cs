using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Tests.Vocabulary;

namespace OrleansClean.Execution.Tests.Running;

public sealed class UnchangedTests : IDisposable
{
    private const string Bad = "id,value\n1,1\n2,x\n";

    private readonly Workplace _place = new Workplace().WriteInputs(2).Write("in/bad.csv", Bad);

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task What_is_up_to_date_is_not_cleaned_again_and_counts_in_the_ledger()
    {
        var first = await _place.RunAsync();
        var times = Times();
        var second = await _place.RunAsync();

        Assert.Equal(new FileCounts(3, 0, 3, 0, 0), second.Ledger.Files);
        Assert.Equal(first.Ledger.Rows with { InUnchanged = 8 }, second.Ledger.Rows);
        Assert.Equal(first.Ledger.Bytes, second.Ledger.Bytes);
        Assert.Equal(times, Times());
        Assert.Equal(first.BatchId, second.Files[0].CleanedBy);
        Assert.NotEqual(first.BatchId, second.BatchId);
    }

    [Fact]
    public async Task Rejects_of_unchanged_files_are_still_found()
    {
        await _place.RunAsync();
        var second = await _place.RunAsync();

        var rejects = new Rejects.RejectStore(_place.State, second.BatchId);

        Assert.Equal(("in/bad.csv", 3L, "x"), Assert.Single(rejects.Read().Select(r => (r.File, r.Line, r.Value!))));
        Assert.Equal(_place.PathOf("out/_rejects/bad.rejects.csv"), Assert.Single(rejects.Files()).RowsPath);
    }

    [Fact]
    public async Task Force_cleans_all_the_same()
    {
        await _place.RunAsync();

        Assert.Equal(3, (await _place.RunAsync(r => r with { Force = true })).Ledger.Files.Cleaned);
    }

    [Theory]
    [InlineData("in/1.csv", "id,value\n1,2\n")]
    [InlineData("out/1.csv", "id,value\nmeddled\n")]
    public async Task A_changed_input_or_output_is_cleaned_again(string file, string text)
    {
        await _place.RunAsync();
        _place.Write(file, text);

        var report = await _place.RunAsync();

        Assert.Equal((1, 2), (report.Ledger.Files.Cleaned, report.Ledger.Files.Unchanged));
        Assert.Equal(_place.Read("in/1.csv"), _place.Read("out/1.csv"));
    }

    [Fact]
    public async Task An_output_that_was_deleted_is_made_again()
    {
        await _place.RunAsync();
        File.Delete(_place.PathOf("out/1.csv"));
        File.Delete(_place.PathOf("out/_rejects/bad.rejects.csv"));

        Assert.Equal(2, (await _place.RunAsync()).Ledger.Files.Cleaned);
        Assert.True(_place.Exists("out/_rejects/bad.rejects.csv"));
    }

    [Fact]
    public async Task Another_plan_cleans_again_and_another_remark_does_not()
    {
        await _place.RunAsync();
        _place.Plan(Workplace.SimplePlan.Replace("name: simple", "name: simple\nabout: a remark", StringComparison.Ordinal));
        Assert.Equal(3, (await _place.RunAsync()).Ledger.Files.Unchanged);

        _place.Plan(Workplace.SimplePlan.Replace("integer", "number", StringComparison.Ordinal));
        Assert.Equal(3, (await _place.RunAsync()).Ledger.Files.Cleaned);
    }

    [Fact]
    public async Task A_file_that_was_only_touched_is_told_by_its_hash_where_one_was_recorded()
    {
        await _place.RunAsync(r => r with { HashInputs = true });
        File.SetLastWriteTimeUtc(_place.PathOf("in/1.csv"), DateTime.UtcNow.AddHours(-1));

        var report = await _place.RunAsync();

        Assert.Equal(3, report.Ledger.Files.Unchanged);
        Assert.Equal(64, report.Files[0].InputSha256!.Length);
    }

    [Fact]
    public async Task A_file_that_was_touched_is_cleaned_again_where_no_hash_was_recorded()
    {
        await _place.RunAsync();
        File.SetLastWriteTimeUtc(_place.PathOf("in/1.csv"), DateTime.UtcNow.AddHours(-1));

        Assert.Equal(1, (await _place.RunAsync()).Ledger.Files.Cleaned);
    }

    [Fact]
    public async Task Rejects_that_are_mended_in_the_input_disappear()
    {
        await _place.RunAsync();
        Assert.True(_place.Exists("out/_rejects/bad.rejects.csv"));
        _place.Write("in/bad.csv", "id,value\n1,1\n2,2\n");

        var report = await _place.RunAsync();

        Assert.Equal(0, report.Ledger.Rows.Rejected);
        Assert.False(_place.Exists("out/_rejects/bad.rejects.csv"));
    }

    [Fact]
    public async Task Rejects_that_someone_is_mending_in_place_are_neither_replaced_nor_deleted()
    {
        await _place.RunAsync();
        _place.Write("out/_rejects/bad.rejects.csv", "id,value\n2,2 (mended)\n").Write("in/bad.csv", Bad + "3,y\n");

        var report = await _place.RunAsync();

        Assert.Equal("storage-error", report.Files[0].Failure!.Code);
        Assert.Contains("was changed since it was written", report.Files[0].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal("id,value\n2,2 (mended)\n", _place.Read("out/_rejects/bad.rejects.csv"));
        Assert.Equal("id,value\n1,1\n", _place.Read("out/bad.csv"));
        Assert.Equal(BatchStatus.Done, (await _place.RunAsync(r => r with { Force = true })).Status);
    }

    [Fact]
    public async Task Without_its_state_a_folder_is_cleaned_anew_without_complaint()
    {
        await _place.RunAsync();
        Directory.Delete(_place.PathOf("out/.orleansclean"), recursive: true);

        Assert.Equal(3, (await _place.RunAsync()).Ledger.Files.Cleaned);
    }

    [Fact]
    public async Task No_clobber_replaces_what_this_plan_wrote_and_nothing_else()
    {
        _place.Write("out/1.csv", "theirs");
        Assert.Contains("out/1.csv would be replaced", await _place.RefusedAsync(r => r with { NoClobber = true }), StringComparison.Ordinal);
        Assert.Equal("theirs", _place.Read("out/1.csv"));

        await _place.RunAsync();
        _place.Write("in/1.csv", "id,value\n7,7\n");
        await _place.RunAsync(r => r with { NoClobber = true });

        Assert.Equal("id,value\n7,7\n", _place.Read("out/1.csv"));
    }

    private List<(string, DateTime)> Times() => [.. _place.Files().Select(f => (f, File.GetLastWriteTimeUtc(_place.PathOf($"out/{f}"))))];
}
