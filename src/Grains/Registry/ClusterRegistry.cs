using System.Security.Cryptography;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Grains.Wire;
using OrleansClean.Storage;

namespace OrleansClean.Grains.Registry;

/// <summary>
/// A cluster's batches as small documents in its store: one for each batch, kept, and one more for each that is open. The open ones are
/// the list that a restarted silo reads, and the claim on an output root.
/// </summary>
/// <param name="store">The cluster's store.</param>
/// <param name="cluster">The cluster's name.</param>
public sealed class ClusterRegistry(IObjectStore store, string cluster)
{
    private const int TriesMax = 50;
    private const string Extension = ".json";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _batches = $"clusters/{cluster}/batches";
    private readonly string _open = $"clusters/{cluster}/open";
    private readonly string _submissions = $"clusters/{cluster}/submissions";

    /// <summary>
    /// Enters a batch. Answers <see cref="HostOutcome.Accepted"/>, <see cref="HostOutcome.Known"/> if it was entered before,
    /// and what is in its way otherwise.
    /// </summary>
    public async Task<HostReply> EnterAsync(ClusterBatch batch, CancellationToken cancellationToken)
    {
        var known = await FindAsync(batch.Id, cancellationToken);
        if (known is null)
        {
            await WriteAsync(Name(_batches, batch.Id), batch.Encode(), Precondition.Absent, cancellationToken);
            known = await FindAsync(batch.Id, cancellationToken);
        }

        if (known is not null && (known.BodyHash != batch.BodyHash || known.OutputRoot != batch.OutputRoot))
        {
            return new HostReply(HostOutcome.Conflict, $"Batch {batch.Id} exists with another body. Choose another id.");
        }

        var isOurs = known is null || (batch.Call is null ? known.SubmittedAt == batch.SubmittedAt : known.Call == batch.Call);
        return isOurs ? HostReply.Accepted : HostReply.Known;
    }

    /// <summary>
    /// Opens a batch: silos ask it for work from now on. Null if it worked, else why not: its output root lies in that of another open batch,
    /// or the other way round, and neither would know what the other one's files are. One root may have many batches.
    /// </summary>
    public async Task<string?> OpenAsync(ClusterBatch batch, CancellationToken cancellationToken)
    {
        var name = Name(_open, batch.Id);
        if (await store.FindAsync(name, cancellationToken) is null)
        {
            await WriteAsync(name, batch.Encode(), Precondition.Absent, cancellationToken);
        }

        // The claim stands before it is compared: of two that come at once at least one sees the other.
        foreach (var other in await ReadAllAsync(_open, cancellationToken))
        {
            if (other.Id != batch.Id && IsNested(other.OutputRoot, batch.OutputRoot))
            {
                await CloseAsync(batch.Id, cancellationToken);
                return $"Batch {other.Id} writes to {ObjectName.Show(other.OutputRoot)}, and of two folders that lie in one another only one can be written to. Wait until it is done, or cancel it, or write elsewhere.";
            }
        }

        return null;
    }

    /// <summary>Leaves a submission in the store: one that is too long for a message. The same one has one place.</summary>
    public Task<SubmissionPlace> LeaveAsync(BatchSubmission submission, CancellationToken cancellationToken) =>
        LeaveAsync(WorkKind.CleanFiles, submission.ToBytes(), cancellationToken);

    /// <summary>The same of work of another kind.</summary>
    public Task<SubmissionPlace> LeaveAsync(WorkSubmission submission, CancellationToken cancellationToken) =>
        LeaveAsync(submission.Kind, submission.ToBytes(), cancellationToken);

    /// <summary>Reads a submission that was left and does something about it; null if there is none at this place.</summary>
    public async Task<TResult?> ReadAsync<TResult>(SubmissionPlace place, Func<ReadOnlyMemory<byte>, TResult> read, CancellationToken cancellationToken)
        where TResult : class
    {
        // What came over the wire chooses among submissions and reaches nothing else.
        if (place.Document is not { Length: 64 } hash || !hash.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        var name = Name(_submissions, hash);
        try
        {
            return await store.ReadDocumentAsync(name, cancellationToken) is { } document ? read(document.Content) : null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{store.Locate(name)} is no submission: {e.Message}", e);
        }
    }

    /// <summary>Closes a batch: nobody asks it for work any more.</summary>
    public async Task CloseAsync(string id, CancellationToken cancellationToken)
    {
        var name = Name(_open, id);
        if (await store.FindAsync(name, cancellationToken) is { } found)
        {
            await store.DeleteAsync(name, found.ETag, cancellationToken);
        }
    }

    /// <summary>Finds a batch; null if the cluster never heard of it.</summary>
    public async Task<ClusterBatch?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!ObjectName.TryParse($"{_batches}/{id}{Extension}", out var name, out _))
        {
            return null;
        }

        return await store.ReadDocumentAsync(name, cancellationToken) is { } document
            ? ClusterBatch.Decode(document.Content.Span, store.Locate(name))
            : null;
    }

    /// <summary>The ids of the open batches.</summary>
    public async Task<IReadOnlyList<string>> ListOpenAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync(_open, cancellationToken)).Select(IdOf)];

    /// <summary>Every batch that the cluster knows, newest first.</summary>
    public async Task<IReadOnlyList<ClusterBatch>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await ReadAllAsync(_batches, cancellationToken)).OrderByDescending(batch => batch.SubmittedAt).ThenBy(batch => batch.Id, StringComparer.Ordinal)];

    /// <summary>True if one root lies in the other.</summary>
    internal static bool IsNested(string a, string b)
    {
        var (one, other) = (a.TrimEnd('/') + "/", b.TrimEnd('/') + "/");
        return one != other && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal));
    }

    private async Task<SubmissionPlace> LeaveAsync(WorkKind kind, byte[] bytes, CancellationToken cancellationToken)
    {
        var place = new SubmissionPlace(Convert.ToHexStringLower(SHA256.HashData(bytes))) { Kind = kind };
        await WriteAsync(Name(_submissions, place.Document), bytes, Precondition.Absent, cancellationToken);
        return place;
    }

    private async Task<List<ClusterBatch>> ReadAllAsync(string folder, CancellationToken cancellationToken)
    {
        var batches = new List<ClusterBatch>();
        foreach (var name in await ListAsync(folder, cancellationToken))
        {
            if (await store.ReadDocumentAsync(name, cancellationToken) is { } document)
            {
                batches.Add(ClusterBatch.Decode(document.Content.Span, store.Locate(name)));
            }
        }

        return batches;
    }

    private async Task<IEnumerable<ObjectName>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var scope = new ListScope(folder, DepthMax: 1, Accept: name => name.EndsWith(Extension, StringComparison.Ordinal));
        return (await store.ListAsync(scope, cancellationToken)).Objects.Select(found => found.Name);
    }

    private async Task WriteAsync(ObjectName name, byte[] content, Precondition precondition, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            switch (await store.WriteDocumentAsync(name, content, precondition, cancellationToken))
            {
                case WriteResult.Unknown unknown when attempt >= TriesMax:
                    throw new StorageException(StorageFault.Other, $"{store.Locate(name)} could not be written: {unknown.Reason}");
                case WriteResult.Unknown:
                    await Task.Delay(Pause, cancellationToken);
                    break;
                default:
                    return;
            }
        }
    }

    private static ObjectName Name(string folder, string id) => ObjectName.Parse($"{folder}/{id}{Extension}");

    private static string IdOf(ObjectName name) => name.Value[(name.Value.LastIndexOf('/') + 1)..^Extension.Length];
}
