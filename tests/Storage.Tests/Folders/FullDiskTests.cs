using OrleansClean.Storage.Folders;

namespace OrleansClean.Storage.Tests.Folders;

public sealed class FullDiskTests
{
    private static CancellationToken None => CancellationToken.None;

    [TmpfsFact]
    public async Task A_full_disk_is_a_clear_error_and_leaves_no_part_behind()
    {
        using var disk = Tmpfs.Mount("size=256k");
        var store = new FolderStore(disk.Path);
        await using (var staged = await store.StageAsync(ObjectName.Parse("out/x.csv"), None))
        {
            var full = Assert.Throws<StorageException>(() => WriteMuch(staged.Content));

            Assert.Equal(StorageFault.Full, full.Fault);
            Assert.False(full.IsTransient);
            Assert.Contains($"{disk.Path}/out/x.csv cannot be written: the disk is full. Free some space", full.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFiles(disk.Path, "*", SearchOption.AllDirectories));
    }

    [TmpfsFact]
    public async Task A_read_only_disk_is_a_clear_error()
    {
        using var disk = Tmpfs.Mount("size=256k");
        disk.Remount("ro");

        var refused = await Assert.ThrowsAsync<StorageException>(async () =>
            await new FolderStore(disk.Path).StageAsync(ObjectName.Parse("x.csv"), None));

        Assert.Equal(StorageFault.ReadOnly, refused.Fault);
        Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
    }

    [TmpfsFact]
    public async Task A_folder_on_another_disk_is_refused_because_a_rename_into_it_would_be_a_copy()
    {
        using var disk = Tmpfs.Mount("size=256k");
        var inner = Directory.CreateDirectory(Path.Combine(disk.Path, "inner")).FullName;
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(root.Path, "out"));
        System.Diagnostics.Process.Start("mount", ["--bind", inner, Path.Combine(root.Path, "out")]).WaitForExit();
        try
        {
            var refused = await Assert.ThrowsAsync<StorageException>(async () =>
                await new FolderStore(root.Path).StageAsync(ObjectName.Parse("out/x.csv"), None));

            Assert.Contains("another file system", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            System.Diagnostics.Process.Start("umount", [Path.Combine(root.Path, "out")]).WaitForExit();
        }
    }

    private static void WriteMuch(Stream content)
    {
        for (var i = 0; i < 100; i++)
        {
            content.Write(new byte[10_000]);
        }
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("root-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
