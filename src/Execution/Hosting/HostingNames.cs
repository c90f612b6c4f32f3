using System.Security.Cryptography;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.State;
using OrleansClean.Execution.Streams;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Where the documents of a batch lie in the store of its outputs.</summary>
public static class HostingNames
{
    /// <summary>The folder of a batch's journal.</summary>
    public static string Journal(string batchId) => $"{StateNames.Batches}/{batchId}/journal";

    /// <summary>The folder of the records of rejected rows.</summary>
    internal static string RejectRecords(string batchId) => $"{StateNames.Batches}/{batchId}/rejects/";

    /// <summary>The records of an input's rejected rows.</summary>
    internal static ObjectName RejectRecords(string batchId, string input) => ObjectName.Parse($"{RejectRecords(batchId)}{input}.jsonl");

    /// <summary>The records of an input's rejected rows; <paramref name="aside"/> says where, if they are among those of other files.</summary>
    internal static ObjectName RejectRecords(string batchId, string input, AsidePlace? aside) =>
        aside is null ? RejectRecords(batchId, input) : new JournalNames(Journal(batchId)).Aside(aside.Log);

    /// <summary>The document that points to the index of outputs.</summary>
    internal static ObjectName IndexPointer { get; } = ObjectName.Parse(StateNames.Root + "/outputs/index.json");

    /// <summary>
    /// The index of outputs that a batch makes of the one that counts. Made again it has the same name, so a batch that was killed in between leaves
    /// no second one behind.
    /// </summary>
    internal static ObjectName NewIndex(string batchId, ETag? pointer)
    {
        var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{batchId} {pointer?.Value}"));
        return ObjectName.Parse($"{StateNames.Root}/outputs/index-{Convert.ToHexStringLower(hash)[..32]}.jsonl");
    }

    /// <summary>A document of a batch that is named by its content.</summary>
    internal static ObjectName Document(string batchId, string prefix, ReadOnlySpan<byte> content, string extension) =>
        StateNames.Of(batchId, $"{prefix}{Convert.ToHexStringLower(SHA256.HashData(content))}.{extension}");

    /// <summary>Writes a document whose name is its hash, until it stands.</summary>
    internal static ValueTask WriteImmutableAsync(this IObjectStore store, ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        new(Documents.WriteAsync(store, name, content, TimeProvider.System, cancellationToken));

    /// <summary>Writes a small document over what stands there.</summary>
    internal static async ValueTask WriteOverAsync(this IObjectStore store, ObjectName name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(name, cancellationToken);
        if (await store.WriteDocumentAsync(name, content, Precondition.AsFound(found), cancellationToken) is not WriteResult.Written)
        {
            throw new StorageException(StorageFault.Busy, $"{store.Locate(name)} is being written by someone else.");
        }
    }

    /// <summary>
    /// Writes over what <paramref name="found"/> says stands there, all at once. With <paramref name="isFirm"/> what can be seen under the name is whole even
    /// after a loss of power.
    /// </summary>
    internal static async ValueTask ReplaceAsync(
        this IObjectStore store, ObjectName name, StoredObject? found, Func<Stream, Task> write, CancellationToken cancellationToken, bool isFirm = false)
    {
        await using var staged = await store.StageAsync(name, cancellationToken);
        await using (var buffered = new BufferedStream(new Unclosed(staged.Content), 1 << 16))
        {
            await write(buffered);
        }

        await staged.SealAsync(cancellationToken);
        if (isFirm)
        {
            await store.FlushAsync(cancellationToken);
        }

        await staged.CommitAsync(Precondition.AsFound(found), cancellationToken);
    }

    /// <summary>Passes everything on but its end, which belongs to the store.</summary>
    private sealed class Unclosed(Stream inner) : WriteOnlyStream
    {
        public override void Flush() => inner.Flush();

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    }
}
