using OrleansClean.Storage.Folders;
using Xunit.Abstractions;

namespace OrleansClean.Storage.Tests.Folders;

/// <summary>A name is refused with a reason, or is a file of exactly that path below the root; nothing else appears anywhere.</summary>
public sealed class HostileFolderNamesTests : IDisposable
{
    private readonly DirectoryInfo _outer = Directory.CreateTempSubdirectory("hostile-");
    private readonly ITestOutputHelper _output;
    private int _roots;

    private static readonly string[] StoreFolders = ["staging", "locks"];

    public HostileFolderNamesTests(ITestOutputHelper output) => _output = output;

    public void Dispose() => _outer.Delete(recursive: true);

    [Fact]
    public async Task Every_name_of_the_table_is_refused_or_used_as_it_is_written()
    {
        Assert.True(HostileNames.All.Count > 200, $"{HostileNames.All.Count} names");
        var used = 0;
        foreach (var text in HostileNames.All)
        {
            used += await IsUsedAsync(text) ? 1 : 0;
        }

        Assert.InRange(used, HostileNames.All.Count / 4, HostileNames.All.Count - 40);
    }

    [Fact]
    public async Task Names_mixed_at_random_are_refused_or_used_as_they_are_written()
    {
        var seed = Environment.TickCount;
        _output.WriteLine($"seed={seed}");
        var random = new Random(seed);
        for (var i = 0; i < 500; i++)
        {
            await IsUsedAsync(HostileNames.Mixed(random));
        }
    }

    private async Task<bool> IsUsedAsync(string text)
    {
        if (!ObjectName.TryParse(text, out var name, out var reason))
        {
            Assert.NotEmpty(reason);
            var refused = Assert.Throws<StorageException>(() => ObjectName.Parse(text));
            Assert.Equal(StorageFault.NameRefused, refused.Fault);
            Assert.DoesNotContain(refused.Message, char.IsControl);
            return false;
        }

        var store = new FolderStore(Path.Combine(_outer.FullName, "1", "2", "3", $"root{_roots++}"));
        try
        {
            await store.WriteDocumentAsync(name, "x"u8.ToArray(), Precondition.Absent, CancellationToken.None);
        }
        catch (StorageException e)
        {
            // The file system's own bounds, such as 255 bytes for one part.
            Assert.Contains("cannot be", e.Message, StringComparison.Ordinal);
            Assert.Empty(Files(store));
            Directory.Delete(store.Root, recursive: true);
            return false;
        }

        Assert.Equal([Path.Combine(store.Root, text)], Files(store));
        Directory.Delete(store.Root, recursive: true);
        return true;
    }

    /// <summary>Every file below the outermost folder but the store's own.</summary>
    private string[] Files(FolderStore store) =>
    [
        .. Directory.EnumerateFiles(_outer.FullName, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Where(path => !StoreFolders.Any(folder => path.StartsWith(Path.Combine(store.Root, FolderStore.StateFolderName, folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))),
    ];
}
