using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>Small documents in a store.</summary>
internal static class StoreDocuments
{
    /// <summary>The document's bytes, or null if there is none.</summary>
    public static async ValueTask<byte[]?> ReadAsync(this IObjectStore store, ObjectName name, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(name, cancellationToken) is not { } found)
        {
            return null;
        }

        await using var content = await store.OpenReadAsync(name, found.ETag, cancellationToken);
        using var bytes = new MemoryStream((int)Math.Min(found.Bytes, 1 << 20));
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    /// <summary>The document, or null if there is none or it cannot be read as one.</summary>
    public static async ValueTask<T?> ReadJsonAsync<T>(this IObjectStore store, ObjectName name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (await store.ReadAsync(name, cancellationToken) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException)
        {
            // Of another version, or damaged: what it would have told is found out again.
            return null;
        }
    }

    /// <summary>Writes the document over what stands there. The caller's lock keeps others away.</summary>
    public static async ValueTask WriteAsync(this IObjectStore store, ObjectName name, Action<Stream> write, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(name, cancellationToken);
        await using var staged = await store.StageAsync(name, cancellationToken);
        write(staged.Content);
        await staged.SealAsync(cancellationToken);
        await staged.CommitAsync(Precondition.AsFound(found), cancellationToken);
    }
}
