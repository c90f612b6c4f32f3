using System.Text.RegularExpressions;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Execution.Verification;

namespace OrleansClean.Execution.Tests.State;

public sealed class ReportVerifierTests : IDisposable
{
    private readonly Workplace _place = new Workplace().WriteInputs(2).Write("in/bad.csv", "id,value\n1,x\n2,2\n3,y\n");

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task An_untouched_batch_agrees_and_every_kind_of_check_looked_at_something()
    {
        await _place.RunAsync();

        var verified = await VerifyAsync();

        Assert.True(verified.Ok, Told(verified));
        Assert.All(verified.Checks, check => Assert.True(check.Checked > 0, check.Name));
    }

    [Theory]
    [InlineData("out/1.csv", "1-1", "1-9", "output-bytes")]
    [InlineData("out/1.csv", "1-1,1", "1-1,1,1", "output-rows")]
    [InlineData("out/_rejects/bad.rejects.csv", "1,x", "1,z", "reject-rows")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "type-error", "extra-cell", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "3,y", "3,z", "reject-rows")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "\"line\":2", "\"line\":9", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "\"byte_offset\":9", "\"byte_offset\":8", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "\"column\":\"value\"", "\"column\":\"worth\"", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "\"step\":\"parse\"", "\"step\":\"round\"", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "\"value\":\"x\"", "\"value\":\"q\"", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "\"expected\":\"integer\"", "\"expected\":\"a word!\"", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "\"message\":\"", "\"message\":\"Not ", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/manifest.json", "\"in\": 9", "\"in\": 8", "manifest")]
    [InlineData("out/.orleansclean/batches/ID/manifest.json", "\"sha256\": \"", "\"sha256\": \"0", "manifest")]
    [InlineData("out/.orleansclean/batches/ID/report.json", "\"in\": 9", "\"in\": 8", "ledger")]
    [InlineData("out/.orleansclean/batches/ID/report.json", "\"type-error\": 2", "\"type-error\": 1", "ledger")]
    [InlineData("out/.orleansclean/batches/ID/files.jsonl", "\"rejected\":2", "\"rejected\":1", "files")]
    [InlineData("out/.orleansclean/batches/ID/files.jsonl", "in/1.csv", "in/7.csv", "files")]
    [InlineData("out/.orleansclean/batches/ID/files.jsonl", "{\"path\"", "path", "files")]
    public async Task Whatever_is_tampered_with_is_found(string file, string old, string other, string check)
    {
        var report = await _place.RunAsync();
        var name = file.Replace("ID", report.BatchId, StringComparison.Ordinal);
        var text = _place.Read(name);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(_place.PathOf(name), text.Replace(old, other, StringComparison.Ordinal));

        var verified = await VerifyAsync();

        Assert.False(verified.Ok);
        Assert.Contains(check, verified.Checks.Where(c => !c.Ok).Select(c => c.Name));
        Assert.All(verified.Checks, c => Assert.Equal(c.Ok, c.Failures.IsEmpty));
    }

    [Theory]
    [InlineData("out/1.csv", "output-bytes")]
    [InlineData("out/_rejects/bad.rejects.csv", "reject-rows")]
    [InlineData("out/.orleansclean/batches/ID/rejects/in/bad.csv.jsonl", "reject-records")]
    [InlineData("out/.orleansclean/batches/ID/manifest.json", "manifest")]
    public async Task Whatever_is_missing_is_found(string file, string check)
    {
        var report = await _place.RunAsync();
        File.Delete(_place.PathOf(file.Replace("ID", report.BatchId, StringComparison.Ordinal)));

        var verified = await VerifyAsync();

        Assert.Contains(check, verified.Checks.Where(c => !c.Ok).Select(c => c.Name));
    }

    [Fact]
    public async Task Records_of_files_that_become_one_output_and_of_unchanged_files_are_hashed_too()
    {
        _place.Plan(Workplace.SimplePlan.Replace("write: out/{name}.csv", "write: {to: out/all.csv, combine: true}", StringComparison.Ordinal));
        var first = await _place.RunAsync();
        Assert.Equal(0, (await _place.RunAsync()).Ledger.Files.Cleaned);
        Assert.True((await VerifyAsync()).Ok);

        Edit($"out/.orleansclean/batches/{first.BatchId}/rejects/in/bad.csv.jsonl", text => text.Replace("\"line\":2", "\"line\":9", StringComparison.Ordinal));

        Assert.Equal(["reject-records"], (await VerifyAsync()).Checks.Where(c => !c.Ok).Select(c => c.Name));
    }

    [Fact]
    public async Task A_report_that_does_not_say_what_the_records_hash_to_is_verified_without_it()
    {
        var report = await _place.RunAsync();
        Edit($"out/.orleansclean/batches/{report.BatchId}/files.jsonl", text =>
        {
            var without = Regex.Replace(text, ",\"rejectRecords\":\\{[^}]*\\}", "", RegexOptions.NonBacktracking);
            Assert.NotEqual(text, without);
            return without;
        });

        var verified = await VerifyAsync();

        Assert.True(verified.Ok, Told(verified));
    }

    [Fact]
    public async Task A_rejected_row_that_looks_like_the_preamble_is_recognised()
    {
        _place.Write("in/preamble.csv", "# a comment\nid,value\n1,1\n# a comment\n2,2\n");
        var report = await _place.RunAsync();

        Assert.Equal(3, report.Ledger.Rows.Rejected);
        Assert.True((await VerifyAsync()).Ok);
    }

    [Fact]
    public async Task An_input_that_changed_since_proves_nothing()
    {
        await _place.RunAsync();
        _place.Write("in/1.csv", "id,value\n");

        Assert.True((await VerifyAsync()).Ok);
    }

    [Fact]
    public async Task A_batch_that_does_not_exist_is_refused_and_the_others_are_named()
    {
        var report = await _place.RunAsync();

        var refused = await Assert.ThrowsAsync<UsageException>(() => ReportVerifier.VerifyAsync(_place.State, "other", CancellationToken.None));

        Assert.Contains(report.BatchId, refused.Message, StringComparison.Ordinal);
    }

    private void Edit(string name, Func<string, string> edit) => File.WriteAllText(_place.PathOf(name), edit(_place.Read(name)));

    private Task<VerifyReport> VerifyAsync() => ReportVerifier.VerifyAsync(_place.State, null, CancellationToken.None);

    private static string Told(VerifyReport report) => string.Join('\n', report.Checks.SelectMany(c => c.Failures));
}
