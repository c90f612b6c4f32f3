using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Arrays;

/// <summary>Disks that are full or read-only. They take root to mount; elsewhere the tests are skipped, and say so.</summary>
public sealed class FullDiskArrayTests
{
    private static readonly int[] Values = [.. Enumerable.Range(0, 20_000)];

    [TmpfsFact]
    public async Task A_new_file_that_does_not_fit_leaves_nothing_and_says_so()
    {
        using var place = new ArrayPlace().Write("in.npy", Values);
        using var disk = Tmpfs.MountAt(place.PathOf("small"), "size=64k");

        var refused = await Assert.ThrowsAsync<StorageException>(() => place.RunAsync("small/out.npy"));

        Assert.Equal(StorageFault.Full, refused.Fault);
        Assert.Contains("small/out.npy cannot be written: the disk is full. Free some space and run the same command again.", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(place.PathOf("small"), "*", SearchOption.AllDirectories));
        disk.Remount("size=1m");
        await place.RunAsync("small/out.npy");
        Assert.Equal(Values.Select(i => 2 * i), place.Read<int>("small/out.npy"));
    }

    [TmpfsFact]
    public async Task In_place_a_disk_without_room_for_the_copies_leaves_the_array_as_it_was()
    {
        using var place = new ArrayPlace();
        using var disk = Tmpfs.MountAt(place.PathOf("small"), "size=100k");
        place.Write("small/in.npy", Values);

        var refused = await Assert.ThrowsAsync<StorageException>(() => place.RunAsync(output: null, input: "small/in.npy"));

        Assert.Equal(StorageFault.Full, refused.Fault);
        Assert.Equal(Values, place.Read<int>("small/in.npy"));
        Assert.Empty(Directory.GetFiles(place.PathOf("small/.orleansclean/arrays")));
        disk.Remount("size=1m");
        await place.RunAsync(output: null, input: "small/in.npy");
        Assert.Equal(Values.Select(i => 2 * i), place.Read<int>("small/in.npy"));
    }

    [TmpfsFact]
    public async Task An_array_with_holes_on_a_full_disk_is_an_error_and_no_crash()
    {
        using var place = new ArrayPlace("offset: 1");
        using var disk = Tmpfs.MountAt(place.PathOf("small"), "size=128k");
        place.Write("small/in.npy", new int[30]);
        var head = File.ReadAllBytes(place.PathOf("small/in.npy"))[..128];
        System.Text.Encoding.ASCII.GetBytes("(30000,), }").CopyTo(head.AsSpan(head.AsSpan().IndexOf("(30,), "u8)));
        using (var file = new FileStream(place.PathOf("small/in.npy"), FileMode.Create))
        {
            file.Write(head);
            file.SetLength(128 + (4 * 30_000));
        }

        place.Cut = (4_096, 1_024);
        var refused = await Assert.ThrowsAsync<StorageException>(() => place.RunAsync(output: null, input: "small/in.npy"));
        Assert.Equal(StorageFault.Full, refused.Fault);

        disk.Remount("size=4m");
        await place.RunAsync(output: null, input: "small/in.npy");
        Assert.All(place.Read<int>("small/in.npy"), i => Assert.Equal(1, i));
    }

    [TmpfsFact]
    public async Task What_is_read_only_is_said_to_be()
    {
        using var place = new ArrayPlace();
        using var disk = Tmpfs.MountAt(place.PathOf("small"), "size=1m");
        place.Write("small/in.npy", Values);
        disk.Remount("ro");

        var inPlace = await Assert.ThrowsAsync<StorageException>(() => place.RunAsync(output: null, input: "small/in.npy"));
        var output = await Assert.ThrowsAsync<StorageException>(() => place.RunAsync("small/out.npy", "small/in.npy"));

        Assert.Contains("small/in.npy cannot be written: the file system is read-only.", inPlace.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be written: the file system is read-only.", output.Message, StringComparison.Ordinal);
    }
}
