using System.IO.Enumeration;

namespace OrleansClean.Storage.Folders;

/// <summary>
/// Walks a folder. Links to files are listed if they stay inside the root; links to folders are not entered, because
/// what they hold inside the root is listed in its own place; what leaves the root is refused.
/// </summary>
internal sealed class FolderWalk(string root, ListScope scope)
{
    /// <summary>The store's own folders, which hold no objects.</summary>
    private static readonly string[] OwnFolders = [FolderStore.StateFolderName + "/staging", FolderStore.StateFolderName + "/locks"];

    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly List<StoredObject> _objects = [];
    private readonly List<RefusedEntry> _refused = [];
    private readonly string _realRoot = RealPath.Of(root) ?? root;

    public long Operations { get; private set; }

    public ObjectListing Run(CancellationToken cancellationToken)
    {
        var folders = new Stack<(string Path, string Prefix, int Depth)>();
        var start = scope.Folder.Length == 0 ? root : Path.Combine(root, scope.Folder.Replace('/', Path.DirectorySeparatorChar));
        folders.Push((start, scope.Folder.Length == 0 ? "" : scope.Folder + "/", 1));
        while (folders.TryPop(out var folder))
        {
            foreach (var (name, isFolder, isLink) in Enumerate(folder.Path, folder.Prefix))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = Path.Combine(folder.Path, name);
                var full = folder.Prefix + name;
                if (isLink)
                {
                    AddLink(path, full, isFolder, folder.Depth);
                }
                else if (!isFolder)
                {
                    AddFile(path, full);
                }
                else if (folder.Depth < scope.DepthMax && MayEnter(name, full))
                {
                    folders.Push((path, full + "/", folder.Depth + 1));
                }
            }
        }

        _objects.Sort((a, b) => string.CompareOrdinal(a.Name.Value, b.Name.Value));
        _refused.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new ObjectListing(_objects, _refused);
    }

    private bool MayEnter(string name, string full) =>
        name is not FolderStore.StateFolderName && (scope.IncludeHidden || name[0] is not '.') && !OwnFolders.Contains(full, StringComparer.Ordinal);

    private List<(string Name, bool IsFolder, bool IsLink)> Enumerate(string path, string prefix)
    {
        Operations++;
        try
        {
            return [.. new FileSystemEnumerable<(string, bool, bool)>(
                path,
                (ref FileSystemEntry e) =>
                    (e.FileName.ToString(), e.IsDirectory, e.Attributes.HasFlag(FileAttributes.ReparsePoint)),
                All)];
        }
        catch (DirectoryNotFoundException)
        {
            // It vanished while we walked, or was never there: then nothing is in it.
            return [];
        }
        catch (Exception e) when (FolderErrors.Knows(e))
        {
            _refused.Add(new RefusedEntry(prefix.TrimEnd('/'), FolderErrors.Of(e, path, "listed").Message));
            return [];
        }
    }

    private void AddLink(string path, string full, bool isFolder, int depth)
    {
        if (isFolder ? depth >= scope.DepthMax : scope.Accept?.Invoke(full) == false)
        {
            return;
        }

        var real = RealPath.Of(path);
        if (real is null || FileIdentity.Of(path) is not { } target)
        {
            if (scope.Accept?.Invoke(full) != false)
            {
                _refused.Add(new RefusedEntry(full, $"{ObjectName.Show(path)} is a link that leads nowhere. Remove it, or mend it."));
            }
        }
        else if (!RealPath.IsInside(_realRoot, real))
        {
            _refused.Add(new RefusedEntry(
                full,
                $"{ObjectName.Show(path)} is a link to {ObjectName.Show(real)}, which is outside of {root}. Name the real path as an input if it is meant."));
        }
        else if (target.Kind != FileKind.Folder)
        {
            AddFile(path, full);
        }
    }

    private void AddFile(string path, string full)
    {
        if (scope.Accept?.Invoke(full) == false)
        {
            return;
        }

        Operations++;
        if (!ObjectName.TryParse(full, out var name, out var reason))
        {
            _refused.Add(new RefusedEntry(full, $"The name '{ObjectName.Show(full)}' cannot be used: {reason}. Rename the file."));
        }
        else if (FileIdentity.Of(path) is not { } identity)
        {
            // It vanished while we walked.
        }
        else if (identity.Kind != FileKind.File)
        {
            _refused.Add(new RefusedEntry(full, $"{path} is a pipe, socket or device. Only files can be read."));
        }
        else
        {
            _objects.Add(new StoredObject(name, identity.Bytes, identity.ETag));
        }
    }
}
