using System.Text;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Rejects;
using OrleansClean.Execution.State;
using OrleansClean.Execution.Verification;
using OrleansClean.Storage;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>
/// Records of rejected rows where every call is dear: few of them share a log with those of other files, many are an object of their own. Whoever
/// asks for them does not notice.
/// </summary>
public sealed class RejectRecordsTests
{
    private const string Cell = "CANARY-4711";
    private const string Few = "id,value\n1,1\n2," + Cell + "\n3,3\n";
    private const int ManyRows = 400;
    private static readonly string Many = "id,value\n" + string.Concat(Enumerable.Range(0, ManyRows).Select(row => $"{row},{Cell}\n"));

    private readonly MemoryStore _inputs = new(TimeProvider.System);
    private readonly MemoryStore _outputs = new(TimeProvider.System);

    private LocalStores Stores => new(name => name is "memory://inputs" ? _inputs : _outputs);

    private StateFolder State => StateFolder.Open("memory://outputs", Stores);

    [Fact]
    public async Task Few_and_many_are_read_alike_and_agree_with_the_ledger()
    {
        await WriteInputsAsync();

        await CleanAsync("one");

        var records = new RejectStore(State, "one").Read().ToList();
        Assert.Equal(["in/few.csv", .. Enumerable.Repeat("in/many.csv", ManyRows), "in/other.csv"], records.Select(record => record.File));
        Assert.All(records, record => Assert.EndsWith("," + Cell, record.Raw, StringComparison.Ordinal));
        Assert.Equal(["rejects/in/many.csv.jsonl"], await NamesAsync("rejects/"));
        Assert.Equal(["records/000001.jsonl"], await NamesAsync("records/"));
        var verified = await ReportVerifier.VerifyAsync(State, "one", default);
        Assert.True(verified.Ok, string.Join(' ', verified.Checks.SelectMany(check => check.Failures)));
        Assert.All(verified.Checks, check => Assert.True(check.Checked > 0 || check.Name is "input-rows", check.Name));
    }

    [Fact]
    public async Task Those_of_unchanged_files_are_read_where_the_batch_left_them_that_cleaned_them()
    {
        await WriteInputsAsync();
        await CleanAsync("one");
        await CleanAsync("two");

        Assert.Equal(0, await CountAsync("two", "records/"));
        Assert.Equal(
            new RejectStore(State, "one").Read().Select(record => (record.Batch, record.File, record.Line)),
            new RejectStore(State, "two").Read().Select(record => (record.Batch, record.File, record.Line)));
        Assert.True((await ReportVerifier.VerifyAsync(State, "two", default)).Ok);
    }

    [Fact]
    public async Task Those_of_a_batch_beyond_its_limit_say_what_was_wrong()
    {
        await WriteInputsAsync();

        await CleanAsync("one", maxRejects: "1");

        Assert.Null(await _outputs.FindAsync(ObjectName.Parse("few.csv"), default));
        Assert.Equal(ManyRows + 2, new RejectStore(State, "one").Read().Count());
    }

    [Theory]
    [InlineData("type-error", "extra-cell")]
    [InlineData("\"line\":3", "\"line\":4")]
    [InlineData("\"column\":\"value\"", "\"column\":\"valua\"")]
    public async Task One_that_is_missing_or_was_tampered_with_is_found(string before, string after)
    {
        await WriteInputsAsync();
        await CleanAsync("one");
        var log = ObjectName.Parse(".orleansclean/batches/one/records/000001.jsonl");
        var found = (await _outputs.ReadDocumentAsync(log, default))!;
        var text = Encoding.UTF8.GetString(found.Content.Span).Replace(before, after, StringComparison.Ordinal);
        Assert.Contains(after, text, StringComparison.Ordinal);
        var written = Assert.IsType<WriteResult.Written>(await _outputs.WriteDocumentAsync(log, Encoding.UTF8.GetBytes(text), Precondition.Matches(found.ETag), default));
        Assert.Equal(["reject-records"], (await ReportVerifier.VerifyAsync(State, "one", default)).Checks.Where(check => !check.Ok).Select(check => check.Name));

        Assert.True(await _outputs.DeleteAsync(log, written.ETag, default));

        Assert.Contains("reject-records", (await ReportVerifier.VerifyAsync(State, "one", default)).Checks.Where(check => !check.Ok).Select(check => check.Name));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("100%")]
    public async Task No_cell_is_in_the_journal_or_in_any_other_file_of_the_state(string? maxRejects)
    {
        await WriteInputsAsync();

        await CleanAsync("one", maxRejects);

        var names = (await _outputs.ListAsync(new ListScope(StateNames.Root, IncludeHidden: true), default)).Objects.Select(found => found.Name).ToList();
        var holders = new List<string>();
        foreach (var name in names)
        {
            if (Encoding.UTF8.GetString((await _outputs.ReadDocumentAsync(name, default))!.Content.Span).Contains(Cell, StringComparison.Ordinal))
            {
                holders.Add(name.Value[".orleansclean/batches/one/".Length..]);
            }
        }

        Assert.Contains(names, name => name.Value.Contains("/journal/", StringComparison.Ordinal));
        Assert.Equal(["records/000001.jsonl", "rejects/in/many.csv.jsonl"], holders);
    }

    private async Task WriteInputsAsync()
    {
        foreach (var (name, text) in new[] { ("few", Few), ("many", Many), ("none", "id,value\n1,1\n"), ("other", Few) })
        {
            Assert.IsType<WriteResult.Written>(
                await _inputs.WriteDocumentAsync(ObjectName.Parse($"in/{name}.csv"), Encoding.UTF8.GetBytes(text), Precondition.Absent, default));
        }
    }

    private async Task CleanAsync(string id, string? maxRejects = null)
    {
        await using var host = new LocalBatchHost(new LocalHostOptions { Stores = Stores, OutputRoot = "memory://outputs", Workers = 2 });
        var reply = await host.SubmitAsync(
            new BatchSubmission
            {
                Id = id,
                PlanText = "plan: 1\nname: records\nread: {files: \"in/*.csv\"}\nsteps:\n  - parse: {value: integer}\nwrite: out/{name}.csv\n",
                InputRoot = "memory://inputs",
                OutputRoot = "memory://outputs",
                MaxRejects = maxRejects,
                FrozenAt = DateTimeOffset.UnixEpoch,
            },
            default);
        Assert.True(reply.IsGood, reply.Message);
        Assert.True((await host.WaitAsync(id, TimeSpan.FromMinutes(3), default)).IsDone);
    }

    private async Task<int> CountAsync(string id, string folder) => (await NamesAsync(folder, id)).Count;

    private async Task<List<string>> NamesAsync(string folder, string id = "one")
    {
        var batch = $".orleansclean/batches/{id}/";
        var listing = await _outputs.ListAsync(new ListScope(batch.TrimEnd('/'), IncludeHidden: true), default);
        return [.. listing.Objects.Select(found => found.Name.Value[batch.Length..]).Where(name => name.StartsWith(folder, StringComparison.Ordinal))];
    }
}
