using System.Text;

namespace OrleansClean.Storage.Tests;

/// <summary>What one process stages, another commits.</summary>
public abstract partial class ObjectStoreContract
{
    private static readonly CommitId Ours = new("batch-1.item-7.attempt-1");
    private static readonly CommitId Theirs = new("batch-2.item-1.attempt-1");

    [ContractFact]
    public async Task What_one_process_staged_another_commits_by_a_line_of_text()
    {
        var text = (await SealAsync("a/x.csv", 1, "id\n1\n")).ToString();

        var result = await OtherProcess.CommitAsync(StagedReference.Parse(text), Precondition.Absent, Ours, None);

        var found = await Store.FindAsync(Name("a/x.csv"), None);
        Assert.Equal(new CommitResult.Published(found!.ETag), result);
        Assert.Equal("id\n1\n", await ReadAsync("a/x.csv"));
    }

    [ContractFact]
    public async Task The_same_commit_sent_again_is_published_again_and_changes_nothing()
    {
        var staged = await SealAsync("x.csv", 1, "ours");
        var first = await Store.CommitAsync(staged, Precondition.Absent, Ours, None);

        var second = await OtherProcess.CommitAsync(staged, Precondition.Absent, Ours, None);

        Assert.IsType<CommitResult.Published>(first);
        Assert.Equal(first, second);
    }

    [ContractFact]
    public async Task A_replacement_sent_again_is_published_again()
    {
        await WriteAsync("x.csv", "old");
        var old = Precondition.AsFound(await Store.FindAsync(Name("x.csv"), None));
        var staged = await SealAsync("x.csv", 1, "new");

        var first = await Store.CommitAsync(staged, old, Ours, None);

        Assert.IsType<CommitResult.Published>(first);
        Assert.Equal(first, await OtherProcess.CommitAsync(staged, old, Ours, None));
        Assert.Equal("new", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_conflict_says_what_stands_there()
    {
        await MeddleAsync("x.csv", "theirs");
        var standing = await Store.FindAsync(Name("x.csv"), None);
        var staged = await SealAsync("x.csv", 1, "ours");

        var result = Assert.IsType<CommitResult.Conflict>(await Store.CommitAsync(staged, Precondition.Absent, Ours, None));

        Assert.Equal(standing, result.Current);
        Assert.Contains("x.csv", result.Reason, StringComparison.Ordinal);
        Assert.Equal("theirs", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_replacement_of_what_is_gone_is_a_conflict_with_nothing()
    {
        await WriteAsync("x.csv", "old");
        var old = (await Store.FindAsync(Name("x.csv"), None))!.ETag;
        var staged = await SealAsync("x.csv", 1, "ours");
        await Store.DeleteAsync(Name("x.csv"), old, None);

        var result = Assert.IsType<CommitResult.Conflict>(await Store.CommitAsync(staged, Precondition.Matches(old), Ours, None));

        Assert.Null(result.Current);
        Assert.Null(await Store.FindAsync(Name("x.csv"), None));
    }

    [ContractFact]
    public async Task What_several_attempts_sealed_under_one_name_becomes_one_object_in_the_order_that_is_asked_for()
    {
        var pieces = new[]
        {
            await SealAsync("big/x.csv", 1, "id\n1\n"), await SealAsync("big/x.csv", 2, ""), await SealAsync("big/x.csv", 3, new string('3', 300) + "\n"), await SealAsync("big/x.csv", 4, "4\n"),
        };
        var wasted = await SealAsync("big/x.csv", 5, "of an attempt that was given away");

        var joined = await OtherProcess.JoinAsync([pieces[2], pieces[0], pieces[1], pieces[3]], Stage(6), None);
        var again = await OtherProcess.JoinAsync(pieces, Stage(7), None);

        Assert.Null(await Store.FindAsync(Name("big/x.csv"), None));
        var text = StagedReference.Parse(again.ToString());
        Assert.Equal((pieces.Sum(piece => piece.Bytes), Stage(7)), (text.Bytes, text.Stage));
        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(text, Precondition.Absent, Ours, None));
        Assert.Equal($"id\n1\n{new string('3', 300)}\n4\n", await ReadAsync("big/x.csv"));
        Assert.IsType<CommitResult.Conflict>(await Store.CommitAsync(joined, Precondition.Absent, Theirs, None));
        await Store.AbortAsync(joined, None);
        await Store.AbortAsync(wasted, None);
    }

    [ContractFact]
    public async Task Nothing_but_empty_pieces_becomes_an_empty_object()
    {
        var joined = await Store.JoinAsync([await SealAsync("x.csv", 1, ""), await SealAsync("x.csv", 2, "")], Stage(3), None);

        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(StagedReference.Parse(joined.ToString()), Precondition.Absent, Ours, None));
        Assert.Equal("", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task What_misses_a_piece_is_never_published()
    {
        await using var other = await StageAsync("x.csv", "another's");
        var pieces = new[] { await SealAsync("x.csv", 1, "one"), await SealAsync("x.csv", 2, "two") };
        await other.CommitAsync(Precondition.Absent, None);
        await Store.SweepStagedAsync(stage => stage == Stage(2), None);
        var standing = Precondition.AsFound(await Store.FindAsync(Name("x.csv"), None));
        try
        {
            var joined = await Store.JoinAsync(pieces, Stage(3), None);
            Assert.IsType<CommitResult.StageLost>(await Store.CommitAsync(joined, standing, Ours, None));
        }
        catch (StorageException e)
        {
            Assert.Equal(StorageFault.Missing, e.Fault);
        }

        Assert.Equal("another's", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task Of_two_racers_for_one_name_exactly_one_wins_and_the_other_is_told()
    {
        for (var round = 0; round < 8; round++)
        {
            var name = $"race/{round}.csv";
            var staged = new[] { await SealAsync(name, 1, "first"), await SealAsync(name, 2, "second") };
            var stores = new[] { Store, OtherProcess };

            var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(async () =>
                await stores[i].CommitAsync(staged[i], Precondition.Absent, i == 0 ? Ours : Theirs, None))));

            Assert.Single(results, r => r is CommitResult.Published);
            Assert.Single(results, r => r is CommitResult.Conflict { Current: not null });
            Assert.Equal(results[0] is CommitResult.Published ? "first" : "second", await ReadAsync(name));
        }
    }

    [ContractFact]
    public async Task Of_many_replacements_of_one_content_exactly_one_wins()
    {
        await WriteAsync("x.csv", "old");
        var old = Precondition.AsFound(await Store.FindAsync(Name("x.csv"), None));
        var staged = new List<StagedReference>();
        for (var i = 0; i < 6; i++)
        {
            staged.Add(await SealAsync("x.csv", i + 1, $"writer {i}"));
        }

        var results = await Task.WhenAll(staged.Select((s, i) => Task.Run(async () =>
            await (i % 2 == 0 ? Store : OtherProcess).CommitAsync(s, old, new CommitId($"writer-{i}"), None))));

        var winner = Assert.Single(Enumerable.Range(0, 6), i => results[i] is CommitResult.Published);
        Assert.Equal(5, results.Count(r => r is CommitResult.Conflict));
        Assert.Equal($"writer {winner}", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_zombie_that_stages_again_after_the_work_was_given_away_changes_nothing()
    {
        var good = await SealAsync("x.csv", 2, "good");
        await SealAsync("x.csv", 1, "zomb");
        await using var unsealed = await Store.StageAsync(Name("x.csv"), Stage(1), None);
        unsealed.Content.Write("zomb"u8);

        Assert.IsType<CommitResult.Published>(await OtherProcess.CommitAsync(good, Precondition.Absent, Ours, None));
        Assert.Equal("good", await ReadAsync("x.csv"));

        // And after the commit, when the coordinator sends it once more.
        await SealAsync("x.csv", 1, "zomb");
        Assert.IsType<CommitResult.Published>(await OtherProcess.CommitAsync(good, Precondition.Absent, Ours, None));
        Assert.Equal("good", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task What_is_sealed_stays_as_it_is_even_if_the_same_attempt_stages_again()
    {
        var good = await SealAsync("x.csv", 1, "good");
        var again = await SealAsync("x.csv", 1, "evil");

        Assert.NotEqual(good.Content, again.Content);
        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(good, Precondition.Absent, Ours, None));
        Assert.Equal("good", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task A_late_commit_of_an_older_attempt_cannot_bring_old_bytes_back()
    {
        var zombie = await SealAsync("x.csv", 1, "zombie");
        var good = await SealAsync("x.csv", 2, "good");
        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(good, Precondition.Absent, Ours, None));

        Assert.IsType<CommitResult.Conflict>(await OtherProcess.CommitAsync(zombie, Precondition.Absent, Theirs, None));
        Assert.Equal("good", await ReadAsync("x.csv"));
    }

    [ContractFact]
    public async Task Content_that_was_never_staged_is_lost_and_nothing_is_replaced()
    {
        await WriteAsync("x.csv", "old");
        var old = Precondition.AsFound(await Store.FindAsync(Name("x.csv"), None));
        var staged = await SealAsync("x.csv", 1, "new");
        var invented = staged with { Stage = Stage(9) };

        Assert.IsType<CommitResult.StageLost>(await Store.CommitAsync(invented, old, Ours, None));
        Assert.Equal("old", await ReadAsync("x.csv"));
    }

    [ContractTheory]
    [InlineData("../../x")]
    [InlineData("")]
    [InlineData("blocks-00000000-41-999999999")]
    [InlineData("x")]
    public async Task A_reference_that_names_something_else_is_lost_content(string content)
    {
        var staged = await SealAsync("x.csv", 1, "new");

        Assert.IsType<CommitResult.StageLost>(await Store.CommitAsync(staged with { Content = content }, Precondition.Absent, Ours, None));
        Assert.Null(await Store.FindAsync(Name("x.csv"), None));
    }

    [ContractFact]
    public async Task What_is_given_up_is_not_seen_and_may_be_given_up_twice()
    {
        var staged = await SealAsync("x.csv", 1, "half");

        await OtherProcess.AbortAsync(staged, None);
        await OtherProcess.AbortAsync(staged, None);

        Assert.Null(await Store.FindAsync(Name("x.csv"), None));
    }

    [ContractFact]
    public async Task A_sweep_takes_only_what_it_is_told_to_and_never_what_was_committed()
    {
        var done = await SealAsync("done.csv", 1, "done");
        await Store.CommitAsync(done, Precondition.Absent, Ours, None);
        var kept = await SealAsync("kept.csv", 3, "kept");
        await SealAsync("left.csv", 2, "left");
        await using var dying = await Store.StageAsync(Name("dying.csv"), Stage(2), None);
        dying.Content.Write("half"u8);

        await OtherProcess.SweepStagedAsync(stage => stage.Batch == StageId.HashOf("batch") && stage.Attempt < 3, None);

        Assert.Equal("done", await ReadAsync("done.csv"));
        Assert.IsType<CommitResult.Published>(await Store.CommitAsync(kept, Precondition.Absent, Theirs, None));
    }

    [ContractFact]
    public async Task What_was_flushed_is_still_there()
    {
        await WriteAsync("x.csv", "x");

        await Store.FlushAsync(None);

        Assert.Equal("x", await ReadAsync("x.csv"));
    }

    protected static StageId Stage(int attempt) => StageId.Of("batch", 7, attempt);

    protected async Task<StagedReference> SealAsync(string name, int attempt, string text)
    {
        await using var staging = await Store.StageAsync(Name(name), Stage(attempt), None);
        staging.Content.Write(Encoding.UTF8.GetBytes(text));
        return await staging.SealAsync(None);
    }

}
