using System.Text;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Storage.Tests.Folders;

public sealed class FolderLogTests : IDisposable
{
    private static readonly ObjectName Log = ObjectName.Parse("journal/1.jsonl");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("log-");
    private readonly FolderStore _store;

    public FolderLogTests() => _store = new FolderStore(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("one\n\0wo\nthree\n", "an append of two lines was killed before its first byte")]
    [InlineData("one\n\0", "an append was killed after it made room")]
    [InlineData("one\nthr", "the medium lost the end of a line")]
    [InlineData("one\nthr\0\0\0\0", "the medium kept the length and lost the bytes")]
    public async Task An_append_that_was_torn_is_not_seen_and_the_next_one_cuts_it(string content, string how)
    {
        Write(content);

        Assert.True("one\n" == await ReadAsync(0), how);
        Assert.Equal(new AppendResult.Appended(8), await AppendAsync(4, "two\n"));
        Assert.Equal("one\ntwo\n", File.ReadAllText(_store.PathOf(Log)));
    }

    [Fact]
    public async Task A_torn_append_does_not_make_the_log_longer_for_who_is_refused()
    {
        Write("one\ntwo\n\0hree\n");

        Assert.Equal(new AppendResult.Refused(8), await AppendAsync(4, "late\n"));
        Assert.Equal(new AppendResult.Refused(8), await AppendAsync(20, "wrong\n"));
    }

    [Fact]
    public async Task A_log_that_is_a_link_is_not_followed()
    {
        var outside = Path.Combine(_folder.FullName, "outside");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "journal"));
        File.WriteAllText(outside, "one\n");
        File.CreateSymbolicLink(_store.PathOf(Log), outside);

        await Assert.ThrowsAsync<StorageException>(() => AppendAsync(4, "two\n"));
        Assert.Equal("one\n", File.ReadAllText(outside));
    }

    [Fact]
    public async Task A_name_that_another_process_holds_frozen_is_busy_and_not_waited_for_without_end()
    {
        await AppendAsync(0, "one\n");
        var locks = Directory.GetFiles(Path.Combine(_folder.FullName, ".orleansclean", "locks"));
        var held = locks.Select(path => File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)).ToList();

        var impatient = new FolderStore(_folder.FullName, lockWaitMax: TimeSpan.FromMilliseconds(1));
        var refused = await Assert.ThrowsAsync<StorageException>(async () => await impatient.AppendAsync(Log, 4, "two\n"u8.ToArray(), default));

        Assert.Equal((StorageFault.Busy, true), (refused.Fault, refused.IsTransient));
        held.ForEach(file => file.Dispose());
        Assert.Equal(new AppendResult.Appended(8), await AppendAsync(4, "two\n"));
    }

    private void Write(string content)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "journal"));
        File.WriteAllText(_store.PathOf(Log), content);
    }

    private async Task<AppendResult> AppendAsync(long position, string text) =>
        await _store.AppendAsync(Log, position, Encoding.UTF8.GetBytes(text), CancellationToken.None);

    private async Task<string> ReadAsync(long position) =>
        Encoding.UTF8.GetString((await _store.ReadLogAsync(Log, position, CancellationToken.None))!.Value.Span);
}
