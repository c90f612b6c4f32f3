using OrleansClean.Storage.Folders;

namespace OrleansClean.Storage.Tests.Folders;

public sealed class FolderStagingTests : IDisposable
{
    private static readonly ObjectName Output = ObjectName.Parse("out/x.csv");
    private static readonly CommitId Commit = new("c");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("staging-");
    private readonly FolderStore _store;

    public FolderStagingTests() => _store = new FolderStore(_folder.FullName);

    private string[] Staged => Directory.GetFiles(Path.Combine(_folder.FullName, ".orleansclean", "staging"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_tag_is_known_when_content_is_sealed()
    {
        var staged = await SealAsync(1, "x");

        Assert.Equal(new CommitResult.Published(staged.ETag!.Value), await _store.CommitAsync(staged, Precondition.Absent, Commit, default));
    }

    [Fact]
    public async Task A_process_that_dies_between_the_two_halves_of_a_rename_has_committed_and_the_rest_is_removed()
    {
        var staged = await SealAsync(1, "x");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "out"));

        // A rename that may not replace is a link and an unlink.
        using (var link = System.Diagnostics.Process.Start("ln", [Assert.Single(Staged), _store.PathOf(Output)]))
        {
            await link.WaitForExitAsync();
        }

        Assert.Equal(new CommitResult.Published(staged.ETag!.Value), await _store.CommitAsync(staged, Precondition.Absent, Commit, default));
        Assert.Empty(Staged);
        Assert.Equal("x", File.ReadAllText(_store.PathOf(Output)));
    }

    [Fact]
    public async Task Staged_content_that_was_touched_is_lost()
    {
        var staged = await SealAsync(1, "x");
        File.WriteAllText(Assert.Single(Staged), "y");

        Assert.IsType<CommitResult.StageLost>(await _store.CommitAsync(staged, Precondition.Absent, Commit, default));
        Assert.False(File.Exists(_store.PathOf(Output)));
    }

    [Fact]
    public async Task A_sweep_removes_what_finished_attempts_left_and_counts_it()
    {
        await SealAsync(1, "left");
        var kept = await SealAsync(2, "kept");
        File.WriteAllText(Path.Combine(_folder.FullName, ".orleansclean", "staging", "note.txt"), "of a stranger");

        Assert.Equal(1, await _store.SweepStagedAsync(stage => stage.Attempt == 1, default));

        Assert.Equal(2, Staged.Length);
        Assert.IsType<CommitResult.Published>(await _store.CommitAsync(kept, Precondition.Absent, Commit, default));
    }

    [Fact]
    public async Task What_is_given_up_is_gone()
    {
        var staged = await SealAsync(1, "x");

        await _store.AbortAsync(staged, default);

        Assert.Empty(Staged);
        Assert.IsType<CommitResult.StageLost>(await _store.CommitAsync(staged, Precondition.Absent, Commit, default));
    }

    [Fact]
    public async Task A_folder_that_was_removed_meanwhile_is_made_again()
    {
        var staged = await SealAsync(1, "x");
        Directory.Delete(Path.Combine(_folder.FullName, "out"));

        await Assert.ThrowsAsync<StorageException>(async () => await _store.CommitAsync(staged, Precondition.Absent, Commit, default));
        Assert.IsType<CommitResult.Published>(await _store.CommitAsync(staged, Precondition.Absent, Commit, default));
    }

    [Fact]
    public async Task A_large_content_that_is_on_its_way_to_the_medium_while_it_is_written_is_what_was_written()
    {
        var content = new byte[(20 << 20) + 1];
        new Random(1).NextBytes(content);
        var (stage, half) = (StageId.Of("b", 1, 1), content.Length / 2);
        string handle;
        await using (var begun = await _store.StageAsync(Output, stage, default))
        {
            WriteInParts(begun.Content, content.AsSpan(0, half));
            handle = begun.Handle!;
            begun.Leave();
        }

        await using var staging = await _store.ReopenAsync(Output, stage, handle, half, _ => { }, default);
        WriteInParts(staging!.Content, content.AsSpan(half));
        await _store.CommitAsync(await staging.SealAsync(default), Precondition.Absent, Commit, default);
        await _store.FlushAsync(default);

        Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(_store.PathOf(Output))));
    }

    private static void WriteInParts(Stream to, ReadOnlySpan<byte> content)
    {
        const int part = 999_983;
        for (; !content.IsEmpty; content = content[Math.Min(part, content.Length)..])
        {
            to.Write(content[..Math.Min(part, content.Length)]);
        }
    }

    private async Task<StagedReference> SealAsync(int attempt, string text)
    {
        await using var staging = await _store.StageAsync(Output, StageId.Of("b", 1, attempt), default);
        staging.Content.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return await staging.SealAsync(default);
    }
}
