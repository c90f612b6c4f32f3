using System.Runtime.InteropServices;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Survival.Tests.PowerLoss;

/// <summary>What the loss of power does to what was not flushed.</summary>
internal enum Loss
{
    /// <summary>None of it reached the medium: names, removals and contents are those of the last flush.</summary>
    Everything,

    /// <summary>Names and removals did, contents did not: files end where they ended at the last flush.</summary>
    Contents,

    /// <summary>Names, lengths and times did, contents did not: the bytes in between are zeros.</summary>
    Zeros,

    /// <summary>By chance for each change of names and each content: the one, the other, or a part.</summary>
    Chance,
}

/// <summary>
/// A folder, and what of it is on the medium. A flush puts all of it there. What a later loss of power leaves is made in the folder itself, with the
/// same inodes and times, because a store tells contents apart by them.
/// </summary>
internal sealed partial class Disk(string root) : IDisposable
{
    private readonly string _shadow = root + ".shadow";
    private Dictionary<string, Durable> _durable = new(StringComparer.Ordinal);

    /// <summary>Everything in the folder is on the medium now.</summary>
    public void Flush()
    {
        Directory.CreateDirectory(_shadow);
        var durable = new Dictionary<string, Durable>(StringComparer.Ordinal);
        foreach (var path in Files())
        {
            var found = FileIdentity.Of(path, follow: false)!.Value;
            if (!File.Exists(ShadowOf(found.Inode)) && Link(path, ShadowOf(found.Inode)) != 0)
            {
                throw new IOException($"{path} cannot be linked.");
            }

            durable[path] = new Durable(found.Inode, found.Bytes);
        }

        _durable = durable;
    }

    /// <summary>The power goes. What is left is in the folder. Returns how many names and contents are not what they were.</summary>
    public int Lose(Loss loss, Random chance)
    {
        var undone = 0;
        // A move is one change of the file system's own journal: it is there or not, never its one half.
        var moves = new Dictionary<ulong, bool>();
        var lengths = _durable.Values.GroupBy(file => file.Inode).ToDictionary(group => group.Key, group => group.Max(file => file.Bytes));
        foreach (var path in Files().Union(_durable.Keys, StringComparer.Ordinal).ToList())
        {
            var now = FileIdentity.Of(path, follow: false);
            var before = _durable.GetValueOrDefault(path);
            if (!moves.TryGetValue(now?.Inode ?? before!.Inode, out var isNew))
            {
                isNew = loss is Loss.Contents or Loss.Zeros || (loss is Loss.Chance && chance.Next(2) == 0);
                moves.Add(now?.Inode ?? before!.Inode, isNew);
            }

            if (now?.Inode == before?.Inode || isNew)
            {
                continue;
            }

            undone++;
            if (now is not null)
            {
                File.Delete(path);
            }

            if (before is not null && Link(ShadowOf(before.Inode), path) != 0)
            {
                throw new IOException($"{path} cannot be brought back.");
            }
        }

        foreach (var path in Files().ToList())
        {
            undone += LoseContent(path, lengths.GetValueOrDefault(FileIdentity.Of(path, follow: false)!.Value.Inode), loss, chance) ? 1 : 0;
        }

        // From here on there is only what the medium has.
        Flush();
        return undone;
    }

    public void Dispose()
    {
        if (Directory.Exists(_shadow))
        {
            Directory.Delete(_shadow, recursive: true);
        }
    }

    private static bool LoseContent(string path, long durable, Loss loss, Random chance)
    {
        var time = File.GetLastWriteTimeUtc(path);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (length <= durable)
        {
            return false;
        }

        var kept = loss is Loss.Chance ? chance.NextInt64(durable, length + 1) : durable;
        if (loss is Loss.Zeros || (loss is Loss.Chance && chance.Next(2) == 0))
        {
            RandomAccess.Write(file, new byte[length - kept], kept);
        }
        else
        {
            RandomAccess.SetLength(file, kept);
        }

        File.SetLastWriteTimeUtc(file, time);
        return true;
    }

    /// <summary>All files but locks, which are of the living.</summary>
    private IEnumerable<string> Files() => Directory.EnumerateFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Where(path => !path.Contains("/.orleansclean/lock", StringComparison.Ordinal));

    private string ShadowOf(ulong inode) => Path.Combine(_shadow, inode.ToString(System.Globalization.CultureInfo.InvariantCulture));

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);

    private sealed record Durable(ulong Inode, long Bytes);
}
