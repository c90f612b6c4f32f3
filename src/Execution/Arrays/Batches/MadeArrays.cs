using System.Security.Cryptography;
using System.Text;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Arrays.Batches;

/// <summary>Which arrays of a store were made here: what stands under an output's name and was not is somebody's, and is not replaced unasked.</summary>
internal static class MadeArrays
{
    /// <summary>Where it is remembered of an output.</summary>
    public static ObjectName Name(string output) =>
        ObjectName.Parse($"{StateNames.Root}/array-batches/made/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(output)))}");

    /// <summary>What is remembered: the work that made it, and the tag that the output got.</summary>
    public static byte[] Encode(string id, string tag) => Encoding.UTF8.GetBytes($"{id}\n{tag}");

    /// <summary>The work that made what stands there; null if it was not made here.</summary>
    public static async Task<string?> FindMakerAsync(IObjectStore store, StoredObject found, CancellationToken cancellationToken) =>
        await store.ReadDocumentAsync(Name(found.Name.Value), cancellationToken) is { } document
        && Encoding.UTF8.GetString(document.Content.Span).Split('\n', 2) is [var id, var tag] && tag == found.ETag.Value
            ? id
            : null;
}
