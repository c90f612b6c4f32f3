using System.Collections.Concurrent;

namespace OrleansClean.Storage.Folders;

/// <summary>The folder that a store is rooted in: paths, and the care that nothing leads out of it.</summary>
internal sealed class FolderRoot(string path)
{
    /// <summary>Read and write without .NET's buffer: what was written is with the kernel.</summary>
    public const int Unbuffered = 1;

    private readonly ConcurrentDictionary<string, byte> _openedFolders = new(StringComparer.Ordinal);

    /// <summary>A full path.</summary>
    public string Path { get; } = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>The full path of an object.</summary>
    public string PathOf(ObjectName name) => System.IO.Path.Combine(Path, name.Value.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>The full path of something in the store's own folder.</summary>
    public string StatePathOf(string name) => System.IO.Path.Combine(Path, FolderStore.StateFolderName, name);

    /// <summary>Creates the folders of <paramref name="name"/> and makes sure that no link among them leaves the root.</summary>
    public void OpenFolders(ObjectName name)
    {
        var folder = System.IO.Path.GetDirectoryName(PathOf(name))!;
        if (_openedFolders.ContainsKey(folder))
        {
            return;
        }

        Directory.CreateDirectory(Path);
        var realRoot = RealPath.Of(Path) ?? Path;
        if (RealPath.Of(folder) is not { } real || !RealPath.IsInside(realRoot, real))
        {
            throw new StorageException(
                StorageFault.NameRefused,
                $"{ObjectName.Show(folder)} leads out of {Path} by a link. Remove the link, or write to its target by name.");
        }

        Directory.CreateDirectory(folder);
        if (DeviceOf(folder) != DeviceOf(Path))
        {
            // A rename across file systems is a copy, and a copy can be seen half done.
            throw new StorageException(
                StorageFault.NameRefused,
                $"{folder} is on another file system than {Path}. Make it the output root of its own (write: or --out).");
        }

        _openedFolders[folder] = 0;
    }

    /// <summary>Creates a folder of the store's own that only this user can enter.</summary>
    public void OpenPrivate(string folder)
    {
        if (_openedFolders.ContainsKey(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // Half-written data is nobody else's business; once renamed a file has the permissions of any other.
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _openedFolders[folder] = 0;
    }

    /// <summary>Forgets which folders exist: someone removed one.</summary>
    public void Forget() => _openedFolders.Clear();

    private static ulong DeviceOf(string folder) => FileIdentity.Of(folder)?.Device ?? 0;
}
