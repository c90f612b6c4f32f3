using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Survival.Tests.Vocabulary;

/// <summary>What a batch left behind, as far as it must be the same however it came about.</summary>
/// <param name="Outputs">Every output and rejects file with its content, in the order of names.</param>
/// <param name="Manifest">The manifest's bytes.</param>
/// <param name="State">The names of what is kept, without hashes and chance.</param>
/// <param name="Status">The report's status.</param>
/// <param name="Rows">The report's row ledger.</param>
/// <param name="Failures">Names and codes of files that failed.</param>
internal sealed partial record Ending(string Outputs, string Manifest, string State, string Status, string Rows, IReadOnlyList<string> Failures)
{
    /// <summary>What had failed before a retry.</summary>
    public IReadOnlyList<string> FailuresBefore { get; init; } = [];

    public static async Task<Ending> OfAsync(World world, string id)
    {
        var store = world.Outputs;
        var report = JsonSerializer.Deserialize(await TextAsync(store, StateNames.Of(id, StateNames.ReportFile)), ExecutionJson.Pages.BatchReport)!;
        if (!report.Ledger.Rows.Balanced)
        {
            throw new InvalidOperationException($"The ledger does not balance: {report.Ledger.Rows}");
        }

        var manifest = await TextAsync(store, StateNames.Of(id, StateNames.ManifestFile));
        foreach (var input in (await world.Inputs.ListAsync(new ListScope("in"), CancellationToken.None)).Objects)
        {
            // A tag names one writing of one file, so each world has its own.
            manifest = manifest.Replace(input.ETag.Value, $"the tag of {input.Name}", StringComparison.Ordinal);
        }

        return new Ending(
            await OutputsAsync(store),
            manifest,
            await StateAsync(store),
            report.Status,
            report.Ledger.Rows.ToString(),
            [.. report.Files.Where(file => file.Status is FileStatus.Failed).Select(file => $"{file.Path} {file.Failure!.Code}")]);
    }

    /// <summary>Without what a zombie tells of a piece after the batch was swept: a small document in the batch's own folder, which goes when the batch is pruned.</summary>
    public Ending WithoutPieces() => this with { State = string.Join('\n', State.Split('\n').Where(name => !name.Contains("/parts/", StringComparison.Ordinal))) };

    /// <summary>What of the outputs and what is kept differs, for a message.</summary>
    public string DifferenceOfOutputs(Ending expected) => (this with { Manifest = expected.Manifest, Rows = expected.Rows }).Difference(expected);

    /// <summary>What differs and must not, for a message; empty if nothing does.</summary>
    public string Difference(Ending expected)
    {
        var parts = new[]
        {
            ("outputs", expected.Outputs, Outputs),
            ("manifest", expected.Manifest, Manifest),
            ("state", string.Join(' ', expected.State.Split('\n').Except(State.Split('\n'))), string.Join(' ', State.Split('\n').Except(expected.State.Split('\n')))),
            ("number of state files", $"{expected.State.Split('\n').Length}", $"{State.Split('\n').Length}"),
            ("status", expected.Status, Status),
            ("rows", expected.Rows, Rows),
            ("failures", string.Join(',', expected.Failures), string.Join(',', Failures)),
        };
        return string.Join("; ", parts.Where(part => part.Item2 != part.Item3).Select(part => $"{part.Item1}: {part.Item2} was expected, {part.Item3} was found"));
    }

    /// <summary>Every output and rejects file with its content, in the order of names.</summary>
    public static async Task<string> OutputsAsync(IObjectStore store)
    {
        var text = new StringBuilder();
        foreach (var found in (await store.ListAsync(new ListScope(), CancellationToken.None)).Objects)
        {
            text.Append("== ").Append(found.Name.Value).Append('\n').Append(await TextAsync(store, found.Name));
        }

        return text.ToString();
    }

    /// <summary>True if every name shows what it showed before, or what it shows at the end; one that stands at both times stands in between, too.</summary>
    public static bool IsOldOrNew(string shown, string before, string after)
    {
        var (now, old, fresh) = (Parts(shown), Parts(before), Parts(after));
        return now.All(part => old.Contains(part) || fresh.Contains(part))
            && Names(old).Intersect(Names(fresh), StringComparer.Ordinal).All(Names(now).Contains);

        static HashSet<string> Parts(string outputs) => outputs.Split("== ", StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        static HashSet<string> Names(HashSet<string> parts) => parts.Select(part => part[..part.IndexOf('\n', StringComparison.Ordinal)]).ToHashSet(StringComparer.Ordinal);
    }

    private static async Task<string> StateAsync(IObjectStore store)
    {
        var names = (await store.ListAsync(new ListScope(StateNames.Root, IncludeHidden: true), CancellationToken.None)).Objects
            .Select(found => Chance().Replace(found.Name.Value, "#"))
            .Where(name => !name.Contains("/locks/", StringComparison.Ordinal) && name != ClaimDocument.Name.Value);
        return string.Join('\n', names.Order(StringComparer.Ordinal));
    }

    private static async Task<string> TextAsync(IObjectStore store, ObjectName name) =>
        await store.ReadDocumentAsync(name, CancellationToken.None) is { } document
            ? Encoding.UTF8.GetString(document.Content.Span)
            : throw new InvalidOperationException($"{name} is missing.");

    [GeneratedRegex("[0-9a-f]{32,64}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Chance();
}
