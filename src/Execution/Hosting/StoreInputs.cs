using System.Globalization;
using OrleansClean.Execution.Inputs;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Finds the inputs of a batch in one store, by names, folders and patterns below its root. A name that exists is taken as it is,
/// even if it holds <c>*</c>. A folder stands for the delimited files in and below it.
/// </summary>
internal sealed class StoreInputs(CleaningBatch batch)
{
    private readonly Dictionary<string, FoundInput> _byName = new(StringComparer.Ordinal);
    private readonly string? _ownPrefix = OwnPrefix(batch);
    private (string Folder, Glob Glob)[] _excludes = [];
    private PlanFolders? _planFolders;

    /// <summary>The inputs in the order of names. Throws <see cref="UsageException"/> if there is nothing.</summary>
    public async Task<IReadOnlyList<FoundInput>> FindAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> patterns = batch.Submission.Inputs.IsDefaultOrEmpty ? batch.Plan.Read.Files : batch.Submission.Inputs;
        _excludes = [.. batch.Plan.Read.Exclude.SelectMany(Glob.Parse).Select(glob => (FolderOfPattern(glob.Folder), glob))];
        _planFolders = batch.Submission.Inputs.IsDefaultOrEmpty ? null : new PlanFolders([.. batch.Plan.Read.Files.SelectMany(Covered)]);
        foreach (var pattern in patterns)
        {
            await AddAsync(pattern, cancellationToken);
        }

        var own = batch.Template.ToPattern();
        var found = _byName.Values.Where(input => !IsOwn(input.Name, own)).OrderBy(input => input.Name, StringComparer.Ordinal).ToList();
        if (_byName.Count == 0)
        {
            throw new UsageException($"Nothing matches {ObjectName.Show(string.Join(", ", patterns))} in {batch.Submission.InputRoot}. Names are relative to that store, as in 'in/**/*.csv'.");
        }

        return found.Count == 0
            ? throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"All {_byName.Count} files that match are named like outputs of this plan ({batch.Template.PathOf(batch.Template.Inner)}), and outputs are never read as inputs."))
            : found;
    }

    private async Task AddAsync(string pattern, CancellationToken cancellationToken)
    {
        if (ObjectName.TryParse(pattern, out var name, out _) && await batch.Input.FindAsync(name, cancellationToken) is { } file)
        {
            Add(new FoundInput(name.Value, batch.Submission.InputRoot, name, file.Bytes, file.ETag, Folder(name.Value, ""), IsNamed: true));
        }
        else if (!Glob.IsPattern(pattern))
        {
            var folder = FolderOfPattern(pattern);
            await AddListedAsync(new ListScope(folder, Accept: IsPlain), folder, cancellationToken);
        }
        else
        {
            foreach (var glob in Glob.Parse(pattern))
            {
                var folder = FolderOfPattern(glob.Folder);
                var scope = new ListScope(folder, glob.DepthMax, glob.IncludesHidden, found => glob.IsMatch(Inner(found, folder)) && !IsExcluded(found));
                await AddListedAsync(scope, folder, cancellationToken);
            }
        }
    }

    private async Task AddListedAsync(ListScope scope, string folder, CancellationToken cancellationToken)
    {
        var listing = await batch.Input.ListAsync(scope, cancellationToken);
        foreach (var found in listing.Objects)
        {
            Add(new FoundInput(found.Name.Value, batch.Submission.InputRoot, found.Name, found.Bytes, found.ETag, Folder(found.Name.Value, folder), IsNamed: false));
        }

        foreach (var refused in listing.Refused)
        {
            Add(new FoundInput(refused.Name, batch.Submission.InputRoot, null, 0, default, Folder(refused.Name, folder), IsNamed: false) { Refusal = refused.Reason });
        }
    }

    private void Add(FoundInput input)
    {
        _byName.TryAdd(input.Name, input);
        if (_byName.Count > InputFinder.FilesMax)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"More than {InputFinder.FilesMax} files match. Split them into several batches."));
        }
    }

    private bool IsPlain(string name) =>
        InputFinder.IsDelimited(name) && !name[(name.LastIndexOf('/') + 1)..].StartsWith('.') && !IsExcluded(name);

    private bool IsExcluded(string name) => _excludes.Any(exclude => IsBelow(name, exclude.Folder) && exclude.Glob.IsMatch(Inner(name, exclude.Folder)));

    private bool IsOwn(string name, System.Text.RegularExpressions.Regex pattern)
    {
        if (_ownPrefix is null || !IsBelow(name, _ownPrefix))
        {
            return false;
        }

        var inner = Inner(name, _ownPrefix);
        return inner.StartsWith(State.StateNames.Root + "/", StringComparison.Ordinal)
            || inner.StartsWith(State.StateNames.RejectsFolder + "/", StringComparison.Ordinal)
            || pattern.IsMatch(inner);
    }

    /// <summary>Where the output root lies in the input root, or null if it does not.</summary>
    private static string? OwnPrefix(CleaningBatch batch)
    {
        if (ReferenceEquals(batch.Input, batch.Output))
        {
            return "";
        }

        if (batch is not { Input: FolderStore input, Output: FolderStore output })
        {
            return null;
        }

        var relative = Path.GetRelativePath(input.Root, output.Root).Replace(Path.DirectorySeparatorChar, '/');
        return relative is "." ? "" : relative is ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }

    private static string FolderOfPattern(string written) =>
        FindFolder(written) ?? throw new UsageException($"'{ObjectName.Show(written)}' leads out of the store of the inputs. Names are relative to it, as in 'in/**/*.csv'.");

    private static string? FindFolder(string written)
    {
        var folder = string.Join('/', written.Split('/').Where(part => part is not ("" or ".")));
        return folder.Length == 0 || (ObjectName.TryParse(folder, out _, out _) && !written.StartsWith('/')) ? folder : null;
    }

    private static bool IsBelow(string name, string folder) =>
        folder.Length == 0 || (name.Length > folder.Length && name[folder.Length] is '/' && name.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>What a pattern of the plan covers; what leads out of the store covers nothing in it.</summary>
    private static IEnumerable<(string Folder, Func<string, bool> Covers)> Covered(string pattern)
    {
        IEnumerable<(string Written, Func<string, bool> Covers)> parts = Glob.IsPattern(pattern)
            ? Glob.Parse(pattern).Select(glob => (glob.Folder, (Func<string, bool>)glob.IsMatch))
            : [(pattern, PlanFolders.IsInFolder)];
        return parts.Where(part => FindFolder(part.Written) is not null).Select(part => (FindFolder(part.Written)!, part.Covers));
    }

    private static string Inner(string name, string folder) => folder.Length == 0 ? name : name[(folder.Length + 1)..];

    private string Folder(string name, string below) =>
        _planFolders?.Find(name) ?? (Inner(name, below) is var inner && inner.LastIndexOf('/') is var slash and > 0 ? inner[..slash] : "");
}
