using System.Diagnostics;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Storage.Tests.Folders;

public sealed class FolderStoreTests : ObjectStoreContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-");
    private readonly FolderStore _store;

    public FolderStoreTests() => _store = new FolderStore(Path.Combine(_folder.FullName, "root"));

    protected override IObjectStore Store => _store;

    protected override IObjectStore OtherProcess => new FolderStore(_store.Root);

    public void Dispose() => _folder.Delete(recursive: true);

    protected override Task MeddleAsync(string name, string content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, content);
    }

    protected override Task<IReadOnlyList<string>> EverythingAsync() => Task.FromResult<IReadOnlyList<string>>(
        [.. Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]);

    [Fact]
    public async Task A_flush_is_not_refused_while_other_processes_write()
    {
        for (var i = 0; i < 100; i++)
        {
            await WriteAsync($"{i}.csv", "x");
        }

        var locks = Directory.GetFiles(Path.Combine(_store.Root, ".orleansclean", "locks"));
        var held = locks.Select(path => File.Open(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None)).ToList();
        Assert.True(held.Count > 1, "Nothing is locked.");

        await OtherProcess.FlushAsync(None);

        held.ForEach(file => file.Dispose());
    }

    [Fact]
    public async Task A_content_survives_being_renamed_and_not_being_copied()
    {
        await WriteAsync("x.csv", "same");
        var first = (await Store.FindAsync(Name("x.csv"), None))!.ETag;
        File.Move(PathOf("x.csv"), PathOf("y.csv"));
        Assert.Equal(first, (await Store.FindAsync(Name("y.csv"), None))!.ETag);

        File.Copy(PathOf("y.csv"), PathOf("z.csv"));
        File.SetLastWriteTimeUtc(PathOf("z.csv"), File.GetLastWriteTimeUtc(PathOf("y.csv")));
        Assert.NotEqual(first, (await Store.FindAsync(Name("z.csv"), None))!.ETag);
    }

    [Fact]
    public async Task A_file_replaced_by_another_while_it_is_read_is_read_to_its_own_end_or_refused()
    {
        await WriteAsync("x.csv", new string('a', 100_000));
        var found = await Store.FindAsync(Name("x.csv"), None);
        await using var content = await Store.OpenReadAsync(Name("x.csv"), found!.ETag, None);
        File.WriteAllText(PathOf("new"), new string('b', 100_000));
        File.Move(PathOf("new"), PathOf("x.csv"), overwrite: true);

        using var reader = new StreamReader(content);

        // The opened file is whole and unchanged; that its name shows another one now is for the caller to ask.
        Assert.Equal(new string('a', 100_000), await reader.ReadToEndAsync(None));
        Assert.NotEqual(found.ETag, (await Store.FindAsync(Name("x.csv"), None))!.ETag);
    }

    [Fact]
    public async Task Hidden_folders_are_entered_on_request_and_state_never()
    {
        await WriteAsync(".hidden/x.csv", "x");
        await WriteAsync(".orleansclean/x.csv", "x");

        Assert.Empty((await Store.ListAsync(new ListScope(), None)).Objects);
        Assert.Equal(".hidden/x.csv", Assert.Single((await Store.ListAsync(new ListScope(IncludeHidden: true), None)).Objects).Name.Value);
    }

    [Fact]
    public async Task A_link_out_of_the_root_is_refused_and_one_inside_is_read()
    {
        await WriteAsync("real.csv", "inside");
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.csv"), "outside");
        File.CreateSymbolicLink(PathOf("good.csv"), "real.csv");
        File.CreateSymbolicLink(PathOf("evil.csv"), "../secret.csv");
        File.CreateSymbolicLink(PathOf("lost.csv"), "nothing.csv");
        File.CreateSymbolicLink(PathOf("circle.csv"), "circle.csv");
        Directory.CreateSymbolicLink(PathOf("evil"), _folder.FullName);

        var listing = await Store.ListAsync(new ListScope(), None);

        Assert.Equal(["good.csv", "real.csv"], listing.Objects.Select(o => o.Name.Value));
        Assert.Equal(["circle.csv", "evil", "evil.csv", "lost.csv"], listing.Refused.Select(r => r.Name));
        Assert.Contains("outside of", listing.Refused[2].Reason, StringComparison.Ordinal);
        Assert.Contains("leads nowhere", listing.Refused[3].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_written_through_a_folder_that_leads_out_of_the_root()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_folder.FullName, "outside"));
        Directory.CreateDirectory(_store.Root);
        Directory.CreateSymbolicLink(PathOf("out"), outside.FullName);

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await WriteAsync("out/deep/x.csv", "x"));

        Assert.Equal(StorageFault.NameRefused, refused.Fault);
        Assert.Empty(outside.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_link_in_the_place_of_an_output_is_replaced_and_its_target_left_alone()
    {
        var target = Path.Combine(_folder.FullName, "target.csv");
        File.WriteAllText(target, "theirs");
        Directory.CreateDirectory(_store.Root);
        File.CreateSymbolicLink(PathOf("x.csv"), target);

        await WriteAsync("x.csv", "ours");

        Assert.Equal("theirs", File.ReadAllText(target));
        Assert.Null(new FileInfo(PathOf("x.csv")).LinkTarget);
        Assert.Equal("ours", await ReadAsync("x.csv"));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_an_output_is_a_clear_error()
    {
        Directory.CreateDirectory(PathOf("x.csv"));

        var refused = await Assert.ThrowsAsync<StorageException>(async () => await WriteAsync("x.csv", "ours"));

        Assert.Contains("a folder has that name", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_is_refused_and_nobody_waits_for_it()
    {
        Directory.CreateDirectory(_store.Root);
        using (var make = Process.Start("mkfifo", PathOf("pipe.csv")))
        {
            await make.WaitForExitAsync();
        }

        var listing = await Store.ListAsync(new ListScope(), None);

        Assert.Empty(listing.Objects);
        Assert.Contains("pipe", Assert.Single(listing.Refused).Reason, StringComparison.Ordinal);
        Assert.Null(await Store.FindAsync(Name("pipe.csv"), None));
    }

    [Fact]
    public async Task Names_that_no_report_should_repeat_are_refused_one_by_one()
    {
        await WriteAsync("good.csv", "x");
        File.WriteAllText(PathOf("evil\u001b[2J.csv"), "x");
        File.WriteAllText(PathOf("back\\slash.csv"), "x");

        var listing = await Store.ListAsync(new ListScope(), None);

        Assert.Equal("good.csv", Assert.Single(listing.Objects).Name.Value);
        Assert.Equal(2, listing.Refused.Count);
        Assert.All(listing.Refused, r => Assert.DoesNotContain(r.Reason, char.IsControl));
    }

    [Fact]
    public async Task Staged_files_of_a_dead_process_are_removed_and_were_nobody_elses_business()
    {
        var staged = await Store.StageAsync(Name("x.csv"), None);
        staged.Content.Write("half"u8);
        var folder = Path.Combine(_store.Root, ".orleansclean", "staging");
        Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(OperatingSystem.IsWindows() ? default : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, ModeOf(folder));

        Assert.Equal(1, await new FolderStore(_store.Root).SweepStagedAsync(_ => true, None));

        Assert.Empty(Directory.GetFiles(folder));
        await staged.DisposeAsync();
    }

    [Fact]
    public async Task An_output_has_the_permissions_of_any_other_file()
    {
        await WriteAsync("ours.csv", "x");
        File.WriteAllText(PathOf("theirs.csv"), "x");

        Assert.Equal(ModeOf(PathOf("theirs.csv")), ModeOf(PathOf("ours.csv")));
    }

    [Fact]
    public async Task A_content_that_changes_while_it_is_read_is_noticed_at_the_end_at_the_latest()
    {
        await WriteAsync("x.csv", new string('a', 100_000));
        var found = await Store.FindAsync(Name("x.csv"), None);
        await using var content = await Store.OpenReadAsync(Name("x.csv"), found!.ETag, None);
        content.ReadExactly(new byte[1_000]);
        await MeddleAsync("x.csv", new string('b', 100_001));

        var refused = Assert.Throws<StorageException>(() => content.CopyTo(Stream.Null));

        Assert.Equal(StorageFault.Changed, refused.Fault);
    }

    [Fact]
    public async Task A_document_that_is_written_a_thousand_times_in_a_moment_never_gets_a_tag_again()
    {
        var tags = new HashSet<ETag>();
        var precondition = Precondition.Absent;
        for (var i = 0; i < 1_000; i++)
        {
            var written = Assert.IsType<WriteResult.Written>(await WriteDocumentAsync("x.json", i % 2 == 0 ? "a" : "b", precondition));
            Assert.True(tags.Add(written.ETag), $"{written.ETag} came again at write {i}.");
            precondition = Precondition.Matches(written.ETag);
        }
    }

    [Fact]
    public void No_two_files_get_the_same_time()
    {
        var times = new System.Collections.Concurrent.ConcurrentBag<DateTime>();

        Parallel.For(0, 20_000, _ => times.Add(FileTimes.Next()));

        Assert.Equal(times.Count, times.Distinct().Count());
    }

    [Fact]
    public async Task Many_writers_on_threads_and_in_other_processes_lose_no_update()
    {
        const int writers = 6;
        const int updates = 100;
        await WriteDocumentAsync("count.txt", "0", Precondition.Absent);

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            // A store of its own has locks of its own: what keeps them apart is the system's.
            var store = writer % 2 == 0 ? Store : OtherProcess;
            for (var done = 0; done < updates;)
            {
                var read = await store.ReadDocumentAsync(Name("count.txt"), None);
                var sum = int.Parse(Text(read!.Content).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) + 1;
                done += await store.WriteDocumentAsync(Name("count.txt"), Bytes($"{sum} {writer}"), Precondition.Matches(read.ETag), None) is WriteResult.Written ? 1 : 0;
            }
        })));

        Assert.StartsWith($"{writers * updates} ", Text((await Store.ReadDocumentAsync(Name("count.txt"), None))!.Content), StringComparison.Ordinal);
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);

    private string PathOf(string name) => Path.Combine(_store.Root, name);
}
