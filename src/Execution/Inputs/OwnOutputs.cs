using System.Globalization;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Inputs;

/// <summary>
/// Leaves out what a plan wrote itself: whatever is named like one of its outputs, lies in its rejects or state folder,
/// or is recorded as written under this root by an earlier plan.
/// </summary>
internal static class OwnOutputs
{
    /// <summary>The inputs without own outputs. Throws <see cref="UsageException"/> if none is left.</summary>
    public static async Task<InputSet> LeaveOutAsync(InputSet found, OutputTemplate template, IObjectStore store, CancellationToken cancellationToken)
    {
        var pattern = template.ToPattern();
        var kept = new List<FoundInput>(found.Files.Count);
        var leftOut = new List<FoundInput>();
        var written = await OutputIndex.NamesAsync(store, found.Files.Select(input => InnerName(input, template.Root)).OfType<string>(), cancellationToken);
        foreach (var input in found.Files)
        {
            var inner = InnerName(input, template.Root);
            var isOwn = inner is not null
                && (inner.StartsWith(StateNames.Root + "/", StringComparison.Ordinal)
                    || pattern.IsMatch(inner)
                    || (!input.IsNamed && inner.StartsWith(StateNames.RejectsFolder + "/", StringComparison.Ordinal))
                    || written.Contains(inner));
            (isOwn ? leftOut : kept).Add(input);
        }

        if (kept.Count == 0)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"Everything that matches ({leftOut.Count}), such as {leftOut[0].Name}, is named like outputs of this plan ({template.PathOf(template.Inner)}), and outputs are never read as inputs. Write to another folder, or read from another one."));
        }

        return leftOut.Count == 0 ? found : new InputSet(
            kept,
            [.. found.Notes, string.Create(CultureInfo.InvariantCulture, $"Left out {leftOut.Count} {(leftOut.Count == 1 ? "file that is" : "files that are")} named like outputs of this plan, such as {leftOut[0].Name}.")]);
    }

    private static string? InnerName(FoundInput input, string root)
    {
        if (StoreAddress.Is(input.FullPath) || StoreAddress.Is(root))
        {
            return input.FullPath.StartsWith(root + "/", StringComparison.Ordinal) ? input.FullPath[(root.Length + 1)..] : null;
        }

        var relative = Path.GetRelativePath(root, input.FullPath).Replace(Path.DirectorySeparatorChar, '/');
        return relative is ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? null : relative;
    }
}
