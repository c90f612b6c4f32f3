using Azure.Core;
using OrleansClean.Storage.Tests;

namespace OrleansClean.Storage.AzureBlobs.Tests;

/// <summary>Answers that are lost, come too late, or are errors, between the real client and the service.</summary>
[Collection(AzuriteGroup.Name)]
public sealed class LostAnswerTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly ObjectName Output = ObjectName.Parse("x.csv");
    private static readonly ObjectName Log = ObjectName.Parse("journal/1.jsonl");
    private static readonly CommitId Commit = new("c1");

    private readonly string _container = $"c{Guid.NewGuid():n}";
    private readonly FaultyLine _line = new();

    private AzureBlobStore Faulty => field ??= Open(_line);

    private AzureBlobStore Store => field ??= Open(null);

    public Task InitializeAsync() => Azurite.WhyNot is null ? Store.PrepareAsync(default).AsTask() : Task.CompletedTask;

    public Task DisposeAsync() => Task.CompletedTask;

    [ContractTheory]
    [InlineData(false, 0)]
    [InlineData(false, 500)]
    [InlineData(false, 503)]
    [InlineData(true, 0)]
    [InlineData(true, 500)]
    [InlineData(true, 503)]
    public async Task A_commit_whose_answer_is_lost_is_published_once(bool replaces, int status)
    {
        var precondition = await PrepareAsync(replaces);
        var staged = await SealAsync("ours");
        _line.LoseAnswer(request => request.Contains("comp=blocklist", StringComparison.Ordinal), status);

        var result = Assert.IsType<CommitResult.Published>(await Faulty.CommitAsync(staged, precondition, Commit, default));

        Assert.Equal("ours", await ReadAsync());
        Assert.Equal(1, _line.Sent("PUT", "comp=blocklist"));
        Assert.Equal(result.ETag, (await Store.FindAsync(Output, default))!.ETag);
        Assert.Equal(result, await Faulty.CommitAsync(staged, precondition, Commit, default));
    }

    [ContractTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_that_never_arrived_is_unknown_and_the_same_intent_publishes(bool replaces)
    {
        var precondition = await PrepareAsync(replaces);
        var staged = await SealAsync("ours");
        _line.LoseRequest(request => request.Contains("comp=blocklist", StringComparison.Ordinal));

        Assert.IsType<CommitResult.Unknown>(await Faulty.CommitAsync(staged, precondition, Commit, default));
        Assert.IsType<CommitResult.Published>(await Faulty.CommitAsync(staged, precondition, Commit, default));
        Assert.Equal("ours", await ReadAsync());
    }

    [ContractFact]
    public async Task A_commit_that_lands_after_it_was_seen_as_unknown_is_rejected_once_another_attempt_was_published()
    {
        var late = await SealAsync("late");
        var request = _line.HoldRequest(r => r.Contains("comp=blocklist", StringComparison.Ordinal));
        Assert.IsType<CommitResult.Unknown>(await Faulty.CommitAsync(late, Precondition.Absent, Commit, default));
        var good = await SealAsync("good", attempt: 2);
        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(good, Precondition.Absent, new CommitId("c2"), default));

        await request.SendAsync();

        Assert.Equal(409, request.Status);
        Assert.Equal("good", await ReadAsync());
    }

    [ContractFact]
    public async Task A_commit_that_lands_late_and_is_the_same_intent_is_found()
    {
        var staged = await SealAsync("ours");
        var request = _line.HoldRequest(r => r.Contains("comp=blocklist", StringComparison.Ordinal));
        Assert.IsType<CommitResult.Unknown>(await Faulty.CommitAsync(staged, Precondition.Absent, Commit, default));

        await request.SendAsync();

        Assert.Equal(201, request.Status);
        Assert.IsType<CommitResult.Published>(await Faulty.CommitAsync(staged, Precondition.Absent, Commit, default));
        Assert.Equal("ours", await ReadAsync());
    }

    [ContractFact]
    public async Task A_conflict_after_a_lost_answer_of_someone_else_is_a_conflict()
    {
        // In this order, because Azurite counts blocks that wait as a blob that exists.
        Assert.IsType<WriteResult.Written>(await Store.WriteDocumentAsync(Output, "theirs"u8.ToArray(), Precondition.Absent, default));
        var staged = await SealAsync("ours");
        _line.LoseAnswer(request => request.Contains("comp=blocklist", StringComparison.Ordinal), 0);

        Assert.IsType<CommitResult.Conflict>(await Faulty.CommitAsync(staged, Precondition.Absent, Commit, default));
        Assert.Equal("theirs", await ReadAsync());
    }

    [ContractFact]
    public async Task A_commit_that_can_neither_be_answered_nor_looked_at_is_unknown()
    {
        var staged = await SealAsync("ours");
        _line.LoseRequest(_ => true, always: true);

        Assert.IsType<CommitResult.Unknown>(await Faulty.CommitAsync(staged, Precondition.Absent, Commit, default));
    }

    [ContractTheory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task A_document_whose_answer_is_lost_is_written(int status)
    {
        _line.LoseAnswer(request => request.StartsWith("PUT", StringComparison.Ordinal), status);

        Assert.IsType<WriteResult.Written>(await Faulty.WriteDocumentAsync(Output, "ours"u8.ToArray(), Precondition.Absent, default));
        Assert.Equal(1, _line.Sent("PUT", "x.csv"));
        Assert.Equal(0, _line.Sent("PUT", "comp=block"));
    }

    [ContractFact]
    public async Task An_append_whose_answer_is_lost_is_found_by_reading_back_and_not_sent_twice()
    {
        Assert.IsType<AppendResult.Appended>(await Faulty.AppendAsync(Log, 0, "opened\n"u8.ToArray(), default));
        _line.LoseAnswer(request => request.Contains("comp=appendblock", StringComparison.Ordinal), 0);

        Assert.IsType<AppendResult.Unknown>(await Faulty.AppendAsync(Log, 7, "ours\n"u8.ToArray(), default));

        Assert.Equal("ours\n"u8.ToArray(), (await Faulty.ReadLogAsync(Log, 7, default))!.Value.ToArray());
        Assert.Equal(new AppendResult.Refused(12), await Faulty.AppendAsync(Log, 7, "ours\n"u8.ToArray(), default));
    }

    [ContractFact]
    public async Task An_append_that_never_arrived_leaves_nothing_and_is_sent_again()
    {
        _line.LoseRequest(request => request.Contains("comp=appendblock", StringComparison.Ordinal));

        Assert.IsType<AppendResult.Unknown>(await Faulty.AppendAsync(Log, 0, "ours\n"u8.ToArray(), default));

        Assert.True(await Faulty.ReadLogAsync(Log, 0, default) is null or { Length: 0 });
        Assert.Equal(new AppendResult.Appended(5), await Faulty.AppendAsync(Log, 0, "ours\n"u8.ToArray(), default));
    }

    [ContractFact]
    public async Task A_deletion_whose_answer_is_lost_is_done()
    {
        await PrepareAsync(replaces: true);
        var found = await Store.FindAsync(Output, default);
        _line.LoseAnswer(request => request.StartsWith("DELETE", StringComparison.Ordinal), 0);

        Assert.True(await Faulty.DeleteAsync(Output, found!.ETag, default));
        Assert.Equal(1, _line.Sent("DELETE", "x.csv"));
    }

    [ContractFact]
    public async Task Reading_and_staging_are_tried_again_a_bounded_number_of_times()
    {
        _line.LoseAnswer(request => request.Contains("comp=block&", StringComparison.Ordinal), 503);
        var staged = await SealAsync("ours", through: Faulty);
        Assert.Equal(2, _line.Sent("PUT", "comp=block&"));
        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(staged, Precondition.Absent, Commit, default));

        _line.LoseAnswer(request => request.StartsWith("HEAD", StringComparison.Ordinal), 503, always: true);
        var refused = await Assert.ThrowsAsync<StorageException>(async () => await Faulty.FindAsync(Output, default));

        Assert.Equal((StorageFault.Throttled, true), (refused.Fault, refused.IsTransient));
        Assert.Equal(3, _line.Sent("HEAD", "x.csv"));
    }

    private async Task<Precondition> PrepareAsync(bool replaces)
    {
        if (replaces)
        {
            Assert.IsType<WriteResult.Written>(await Store.WriteDocumentAsync(Output, "old"u8.ToArray(), Precondition.Absent, default));
        }

        return Precondition.AsFound(await Store.FindAsync(Output, default));
    }

    private async Task<StagedReference> SealAsync(string text, int attempt = 1, AzureBlobStore? through = null)
    {
        await using var staging = await (through ?? Store).StageAsync(Output, StageId.Of("b", 1, attempt), default);
        staging.Content.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return await staging.SealAsync(default);
    }

    private async Task<string> ReadAsync() => System.Text.Encoding.UTF8.GetString((await Store.ReadDocumentAsync(Output, default))!.Content.Span);

    private AzureBlobStore Open(FaultyLine? line) => new(BlobConnection.Parse(azurite.ConnectionString), _container, "", new AzureBlobOptions
    {
        RetriesMax = 2,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        RetryDelayMax = TimeSpan.FromMilliseconds(2),
        Configure = options =>
        {
            if (line is not null)
            {
                options.AddPolicy(line, HttpPipelinePosition.PerRetry);
            }
        },
    });
}
