using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Batches;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>
/// Work of a kind other than cleaning, complete: whoever has it and the stores that it names can do a part of it. It is kept as an immutable
/// document named by its hash.
/// </summary>
public abstract record WorkSubmission
{
    private protected WorkSubmission()
    {
    }

    /// <summary>The kind of work.</summary>
    [JsonIgnore]
    public abstract WorkKind Kind { get; }

    /// <summary>What lists call it.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>The store of the results, as the host's <see cref="IStoreDirectory"/> knows it.</summary>
    public abstract string OutputRoot { get; init; }

    /// <summary>SHA-256 of all of it, in hex.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(ToBytes()));

    /// <summary>The document.</summary>
    public abstract byte[] ToBytes();

    /// <summary>Reads a document. Throws <see cref="JsonException"/> for anything else.</summary>
    public static WorkSubmission Parse(WorkKind kind, ReadOnlyMemory<byte> document) => KindOfWork.TryFind(kind, out var found)
        ? found.Parse(document)
        : throw new JsonException("The document is of a kind of work that is not known.");

    /// <summary>Looks at it: what the coordinator is told, and the document that it names. Throws <see cref="UsageException"/> for what cannot be done. Writes nothing.</summary>
    public AcceptedSubmission Accept(string id)
    {
        if (!StateNames.IsId(id))
        {
            throw new UsageException($"'{ObjectName.Show(id)}' cannot be a batch's id: letters, digits, '-', '_' and '.', at most {StateNames.IdLengthMax}.");
        }

        Check();
        var document = WorkNames.Body(Kind, id, Hash());
        var spec = new BatchSpec
        {
            Id = id,
            Kind = Kind,
            BodyHash = Hash(),
            BodyDocument = document.Value,
            RetryDelay = TimeSpan.FromMilliseconds(100),
            RetryDelayMax = TimeSpan.FromSeconds(10),
        };
        return new AcceptedSubmission(spec, document, ToBytes(), Name);
    }

    /// <summary>Throws <see cref="UsageException"/> for what no host can do.</summary>
    internal abstract void Check();

    /// <summary>The document of a batch's body. Throws <see cref="StorageException"/> if it is missing or cannot be read.</summary>
    internal static async Task<TSubmission> LoadAsync<TSubmission>(IObjectStore store, WorkKind kind, ObjectName body, CancellationToken cancellationToken)
        where TSubmission : WorkSubmission
    {
        var document = await store.ReadDocumentAsync(body, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"The batch's document {store.Locate(body)} is missing. Submit it again under another id.");
        try
        {
            return (TSubmission)Parse(kind, document.Content);
        }
        catch (JsonException e)
        {
            throw new StorageException(StorageFault.NameRefused, $"{store.Locate(body)} is damaged or of another version. Submit the batch again under another id.", e);
        }
    }
}
