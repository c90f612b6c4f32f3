using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// What an attempt has ready: everything that is to be published for its item, in order, rejects first and the output last. It
/// travels in the journal, so it is small.
/// </summary>
internal sealed record CommitIntent
{
    /// <summary>Bytes of an intent. A summary that does not fit becomes a document.</summary>
    public const int BytesMax = 16 << 10;

    /// <summary>The format's version.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Names the intent, the same each time it is sent.</summary>
    public required string Commit { get; init; }

    /// <summary>The objects, in order.</summary>
    public required ImmutableArray<IntendedObject> Objects { get; init; }

    /// <summary>A rejects file of an earlier run that goes, or null.</summary>
    public WrittenObject? Deletion { get; init; }

    /// <summary>True for an unchanged file whose input or outputs have other tags than its record says: their content was compared.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsTouched { get; init; }

    /// <summary>The file's summary; null if it is in <see cref="SummaryDocument"/>.</summary>
    public FileSummary? Summary { get; init; }

    /// <summary>The name of the summary's document, or null.</summary>
    public string? SummaryDocument { get; init; }

    /// <summary>The intent as text.</summary>
    public string ToText() => JsonSerializer.Serialize(this, ExecutionJson.Lines.CommitIntent);

    /// <summary>Reads what <c>ToText</c> wrote.</summary>
    public static CommitIntent Parse(string text) => Known.TryGetValue(text, out var intent)
        ? intent
        : JsonSerializer.Deserialize(text, ExecutionJson.Lines.CommitIntent)!;

    /// <summary>The text, which this process will read back soon: it does not have to be parsed then.</summary>
    public static string Remember(CommitIntent intent, string text)
    {
        Known.AddOrUpdate(text, intent);
        return text;
    }

    /// <summary>By text, as long as anybody holds it.</summary>
    private static ConditionalWeakTable<string, CommitIntent> Known { get; } = [];

    /// <summary>The text, with the summary put into a document if it is too long.</summary>
    public string ToText(IObjectStore store, string batchId, CancellationToken cancellationToken)
    {
        var text = ToText();
        return Encoding.UTF8.GetByteCount(text) <= BytesMax
            ? text
            : (this with { Summary = null, SummaryDocument = SummaryDocuments.Write(store, batchId, Summary!, cancellationToken) }).ToText();
    }

    /// <summary>The summary, wherever it is.</summary>
    public ValueTask<FileSummary> ReadSummaryAsync(IObjectStore store, CancellationToken cancellationToken) =>
        Summary is not null ? ValueTask.FromResult(Summary) : SummaryDocuments.ReadAsync(store, SummaryDocument!, cancellationToken);
}

/// <summary>One object to publish.</summary>
/// <param name="Staged">The reference to its content.</param>
/// <param name="Expected">The tag that must stand under its name; null if nothing must.</param>
/// <param name="Sha256">Its content's SHA-256.</param>
internal sealed record IntendedObject(string Staged, string? Expected, string Sha256)
{
    /// <summary>What must be so for it to be published.</summary>
    public Precondition Precondition() => Expected is null ? Storage.Precondition.Absent : Storage.Precondition.Matches(new ETag(Expected));
}

/// <summary>The tags that published objects got, in the order of the intent; where they were not known before.</summary>
internal sealed record PublishedTags(ImmutableArray<string> Tags);

/// <summary>Summaries that are too long for a line of the journal, each a document named by its hash.</summary>
internal static class SummaryDocuments
{
    public static string Write(IObjectStore store, string batchId, FileSummary summary, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(summary, ExecutionJson.Lines.FileSummary);
        var name = HostingNames.Document(batchId, "summaries/", json, "json");
        store.WriteImmutableAsync(name, json, cancellationToken).AsTask().GetAwaiter().GetResult();
        return name.Value;
    }

    /// <summary>Reads the summary that lies in a document of its own.</summary>
    public static async ValueTask<FileSummary> ReadAsync(IObjectStore store, string name, CancellationToken cancellationToken)
    {
        var document = await store.ReadDocumentAsync(ObjectName.Parse(name), cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"The summary {name} is missing. Retry the batch's failed files under a new id.");
        return JsonSerializer.Deserialize(document.Content.Span, ExecutionJson.Lines.FileSummary)!;
    }
}
