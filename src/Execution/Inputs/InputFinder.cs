using System.Globalization;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Inputs;

/// <summary>
/// Finds inputs by paths, folders and patterns. A path that exists is taken as it is, even if it holds <c>*</c> or
/// <c>[</c>. A folder stands for the delimited files in and below it, of the extensions csv, tsv, tab and psv, also with
/// <c>.gz</c>, in any letter case. Hidden files and folders are passed over unless the pattern names them. Addresses are
/// found in the same way in the containers that they name.
/// </summary>
/// <param name="baseFolder">What paths are relative to.</param>
/// <param name="storeOf">Opens a folder or an address.</param>
/// <param name="planFolders">Says what <c>{dir}</c> is for inputs that the plan covers; null if it is the plan that names them.</param>
internal sealed class InputFinder(string baseFolder, Func<string, IObjectStore> storeOf, PlanFolders? planFolders)
{
    /// <summary>Files of one batch.</summary>
    public const int FilesMax = 1_000_000;

    private static readonly string[] Extensions = [".csv", ".tsv", ".tab", ".psv"];

    private readonly string _base = Path.TrimEndingDirectorySeparator(Path.GetFullPath(baseFolder));
    private readonly Dictionary<string, FoundInput> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _pathByName = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private readonly NamedFiles _named = new(storeOf);
    private IReadOnlyList<(string Folder, Glob Glob)> _excludes = [];

    /// <summary>
    /// Finds what <paramref name="patterns"/> name without what <paramref name="excludes"/>, relative to
    /// <paramref name="excludeBase"/>, leave out; a file named by itself is not left out. Throws
    /// <see cref="UsageException"/> if there is nothing.
    /// </summary>
    public async Task<InputSet> FindAsync(
        IReadOnlyList<string> patterns,
        IReadOnlyList<string> excludes,
        string excludeBase,
        CancellationToken cancellationToken)
    {
        foreach (var exclude in excludes)
        {
            CheckPattern(exclude);
        }

        _excludes = [.. excludes.SelectMany(exclude => ExcludesOf(exclude, Path.GetFullPath(excludeBase)))];
        var misses = new List<string>();
        foreach (var pattern in patterns)
        {
            CheckPattern(pattern);
        }

        AnnounceFiles(patterns);
        foreach (var pattern in patterns)
        {
            var before = _byPath.Count;
            if (StoreAddress.Is(pattern))
            {
                await AddAddressAsync(pattern, cancellationToken);
                NoteMiss(pattern, before, misses);
                continue;
            }

            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(pattern, _base));
            if (Directory.Exists(full))
            {
                await AddFolderAsync(full, cancellationToken);
            }
            else if (File.Exists(full) || !Glob.IsPattern(pattern))
            {
                await AddFileAsync(full, pattern, cancellationToken);
            }
            else
            {
                await AddMatchesAsync(pattern, cancellationToken);
            }

            NoteMiss(pattern, before, misses);
        }

        if (_byPath.Count == 0)
        {
            throw new UsageException(NothingFound.Describe(patterns, _base));
        }

        _notes.AddRange(misses.Select(miss => $"Nothing new matched {ObjectName.Show(miss)}."));
        return new InputSet([.. _byPath.Values.OrderBy(f => f.Name, StringComparer.Ordinal)], _notes);
    }

    /// <summary>True for the files that a folder stands for.</summary>
    public static bool IsDelimited(string name)
    {
        var bare = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return Extensions.Any(e => bare.EndsWith(e, StringComparison.OrdinalIgnoreCase) && !bare.EndsWith($"/{e}", StringComparison.Ordinal));
    }

    /// <summary>Throws <see cref="UsageException"/> for what can be no input, whatever there is.</summary>
    public static void CheckPattern(string pattern)
    {
        if (pattern is "" or "-")
        {
            throw new UsageException($"'{pattern}' is not a file or folder.");
        }

        if (pattern.Contains('\0', StringComparison.Ordinal))
        {
            throw new UsageException($"'{ObjectName.Show(pattern)}' holds a NUL character, which no file's name has.");
        }

        if (StoreAddress.Is(pattern) && Secrets.Has(pattern))
        {
            throw new UsageException($"{ObjectName.Show(Secrets.Hide(pattern))} holds a key or a signature, which would stand in every report. Name the account's connection instead: blob://NAME/CONTAINER.");
        }
    }

    private void NoteMiss(string pattern, int before, List<string> misses)
    {
        if (_byPath.Count == before)
        {
            misses.Add(pattern);
        }
    }

    /// <summary>A blob, what lies below an address, or what matches a pattern there.</summary>
    private async Task AddAddressAsync(string address, CancellationToken cancellationToken)
    {
        var (container, inner) = StoreAddress.Split(address);
        if (inner.Length > 0 && ObjectName.TryParse(inner, out var name, out _)
            && await storeOf(container).FindAsync(name, cancellationToken) is { } file)
        {
            var root = StoreAddress.Join(container, name.Folder);
            Add(root, new ObjectListing([file with { Name = ObjectName.Parse(name.FileName) }], []), _ => "", isNamed: true);
            return;
        }

        if (!Glob.IsPattern(inner))
        {
            await AddFolderAsync(StoreAddress.Join(container, inner), cancellationToken);
            return;
        }

        foreach (var group in Glob.Parse(inner).GroupBy(glob => StoreAddress.Join(container, glob.Folder), StringComparer.Ordinal))
        {
            await AddMatchesAsync(group.Key, [.. group], cancellationToken);
        }
    }

    private async Task AddFolderAsync(string folder, CancellationToken cancellationToken)
    {
        var scope = new ListScope(Accept: name => !IsHidden(name) && IsDelimited(name) && !IsExcluded(folder, name));
        var listing = await storeOf(folder).ListAsync(scope, cancellationToken);
        Add(folder, listing, name => FolderOf(name));
    }

    private async Task AddMatchesAsync(string pattern, CancellationToken cancellationToken)
    {
        // The alternatives of one brace mostly share their folder: it is walked once.
        foreach (var group in Glob.Parse(pattern).GroupBy(g => Path.GetFullPath(g.Folder, _base), StringComparer.Ordinal))
        {
            await AddMatchesAsync(group.Key, [.. group], cancellationToken);
        }
    }

    private async Task AddMatchesAsync(string root, Glob[] globs, CancellationToken cancellationToken)
    {
        var scope = new ListScope(
            DepthMax: globs.Max(g => g.DepthMax),
            IncludeHidden: globs.Any(g => g.IncludesHidden),
            Accept: name => globs.Any(g => g.IsMatch(name)) && !IsExcluded(root, name));
        var listing = await storeOf(root).ListAsync(scope, cancellationToken);
        Add(root, listing, name => FolderOf(name));
    }

    private async Task AddFileAsync(string full, string written, CancellationToken cancellationToken)
    {
        var root = RootOf(full);
        var listing = await _named.FindAsync(root, Relative(root, full), cancellationToken);
        if (listing.Objects.Count + listing.Refused.Count == 0)
        {
            throw new UsageException(NothingFound.Describe([written], _base));
        }

        Add(root, listing, name => IsInside(full) ? FolderOf(name) : "", isNamed: true);
    }

    private void AnnounceFiles(IReadOnlyList<string> patterns)
    {
        foreach (var pattern in patterns.Where(pattern => pattern.Length > 0 && !StoreAddress.Is(pattern)))
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(pattern, _base));
            _named.Want(RootOf(full), Relative(RootOf(full), full));
        }
    }

    /// <summary>Inside the base the base is the root, so that a link may lead to a neighbour but not out of it.</summary>
    private string RootOf(string full) => IsInside(full) ? _base : Path.GetDirectoryName(full) ?? full;

    private void Add(string root, ObjectListing listing, Func<string, string> folderOf, bool isNamed = false)
    {
        foreach (var found in listing.Objects)
        {
            var name = found.Name.Value;
            var full = FullPath(root, name);
            Add(new FoundInput(NameOf(root, name), root, found.Name, found.Bytes, found.ETag, planFolders?.Find(full) ?? folderOf(name), isNamed) { FullPath = full });
        }

        foreach (var refused in listing.Refused)
        {
            Add(new FoundInput(NameOf(root, refused.Name), root, null, 0, default, folderOf(refused.Name), isNamed)
            {
                FullPath = FullPath(root, refused.Name),
                Refusal = refused.Reason,
            });
        }
    }

    private void Add(FoundInput found)
    {
        // A folder between the base and the root may have a name that no report should repeat.
        var input = found.Refusal is null && !ObjectName.TryParse(found.Name, out _, out var reason)
            ? found with { Key = null, Refusal = $"The name '{ObjectName.Show(found.Name)}' cannot be used: {reason}. Rename it." }
            : found;
        if (!_byPath.TryAdd(input.FullPath, input))
        {
            return;
        }

        if (!_pathByName.TryAdd(input.Name, input.FullPath))
        {
            throw new UsageException(
                $"{_pathByName[input.Name]} and {input.FullPath} would both be called {input.Name} in the report. Run the command from a folder that holds both.");
        }

        if (_byPath.Count > FilesMax)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"More than {FilesMax} files match. Split them into several batches."));
        }
    }

    /// <summary>Relative to the base inside it; else relative to the root, with the root's own name before it.</summary>
    private string NameOf(string root, string relative)
    {
        var full = FullPath(root, relative);
        if (IsInside(full))
        {
            return Relative(_base, full);
        }

        var last = Path.GetFileName(root);
        return last.Length == 0 ? relative : $"{last}/{relative}";
    }

    private bool IsExcluded(string root, string relative)
    {
        if (_excludes.Count == 0)
        {
            return false;
        }

        var full = FullPath(root, relative);
        return _excludes.Any(e =>
            full.StartsWith(Path.TrimEndingDirectorySeparator(e.Folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            && e.Glob.IsMatch(StoreAddress.Is(full) ? full[(e.Folder.Length + 1)..] : Relative(e.Folder, full)));
    }

    private static IEnumerable<(string Folder, Glob Glob)> ExcludesOf(string exclude, string baseFolder)
    {
        if (!StoreAddress.Is(exclude))
        {
            return Glob.Parse(exclude).Select(glob => (Path.GetFullPath(glob.Folder, baseFolder), glob));
        }

        var (container, inner) = StoreAddress.Split(exclude);
        return Glob.Parse(inner).Select(glob => (StoreAddress.Join(container, glob.Folder), glob));
    }

    private bool IsInside(string full) => full.StartsWith(_base.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool IsHidden(string name) => name[(name.LastIndexOf('/') + 1)] is '.';

    private static string FolderOf(string name) => name.LastIndexOf('/') is var slash and > 0 ? name[..slash] : "";

    private static string FullPath(string root, string name) => StoreAddress.Is(root)
        ? StoreAddress.Join(root, name)
        : Path.Combine(root, name.Replace('/', Path.DirectorySeparatorChar));

    private static string Relative(string folder, string full) =>
        Path.GetRelativePath(folder, full).Replace(Path.DirectorySeparatorChar, '/');
}
