using System.Text.Json;
using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>Who works on an output root, as its document says.</summary>
/// <param name="Incarnation">Names this claim; never the same again.</param>
/// <param name="Machine">The holder's machine.</param>
/// <param name="Boot">What tells this run of the machine from any other; empty if the system does not say.</param>
/// <param name="Process">The holder's process there.</param>
/// <param name="Started">When that process started, in the system's own count: the number of a dead process is given out again.</param>
/// <param name="Batch">The batch that it began with.</param>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it is no longer believed, unless it is renewed.</param>
internal sealed record ClaimDocument(
    string Incarnation, string Machine, string Boot, int Process, long Started, string Batch, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>Where it stands below the root.</summary>
    public static ObjectName Name { get; } = ObjectName.Parse(StateNames.Root + "/lock");

    /// <summary>The claim that stands, and the document's tag; a document that is no claim of this version binds nobody.</summary>
    public static async Task<(ClaimDocument? Claim, ETag? ETag)> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadDocumentAsync(Name, cancellationToken) is not { } document)
        {
            return (null, null);
        }

        try
        {
            return (JsonSerializer.Deserialize(document.Content.Span, ExecutionJson.Lines.ClaimDocument), document.ETag);
        }
        catch (JsonException)
        {
            return (null, document.ETag);
        }
    }

    /// <summary>Writes it over what was read.</summary>
    public ValueTask<WriteResult> WriteAsync(IObjectStore store, ETag? over, CancellationToken cancellationToken) => store.WriteDocumentAsync(
        Name,
        JsonSerializer.SerializeToUtf8Bytes(this, ExecutionJson.Lines.ClaimDocument),
        over is { } etag ? Precondition.Matches(etag) : Precondition.Absent,
        cancellationToken);
}
