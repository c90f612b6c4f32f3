using System.Text.Json;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// What was last written to each output of a root, a line each in one object, so that a batch of many small files reads and writes it
/// once. A batch adds its outputs at its end; a pointer says which content counts, and of two batches that end at once the
/// later one merges again.
/// </summary>
internal static class OutputIndex
{
    private const int TriesMax = 20;
    private const int SendingsMax = 3;

    /// <summary>Which content counts; null if there is none.</summary>
    public static async Task<(OutputIndexName? Index, ETag? Pointer)> FindAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        if (await store.ReadDocumentAsync(HostingNames.IndexPointer, cancellationToken) is not { } pointer)
        {
            return (null, null);
        }

        // An index that was tampered with, or whose pointer is, tells nothing: every output then counts as unknown.
        if (TryParse(pointer.Content.Span) is not { } index || await store.FindAsync(ObjectName.Parse(index.Name), cancellationToken) is not { } found)
        {
            return (null, pointer.ETag);
        }

        var isIt = found.ETag.Value == index.Etag
            || (index.Sha256 is { } sha256 && await StoredContent.IsAsync(store, found, index.Bytes, sha256, cancellationToken));
        return (isIt ? index with { Etag = found.ETag.Value } : null, pointer.ETag);
    }

    /// <summary>All records with their places, in the order of outputs.</summary>
    public static async IAsyncEnumerable<(OutputRecord Record, RecordPlace Place)> ReadAsync(
        IObjectStore store,
        OutputIndexName index,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (line, place) in StoredLines.ReadAsync(store, ObjectName.Parse(index.Name), new ETag(index.Etag), cancellationToken))
        {
            yield return (StoredLines.Parse(line, ExecutionJson.Lines.OutputRecord), place);
        }
    }

    /// <summary>Those of <paramref name="names"/> that are outputs of this root.</summary>
    public static async Task<IReadOnlySet<string>> NamesAsync(IObjectStore store, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        var known = new HashSet<string>(StringComparer.Ordinal);
        if (wanted.Count > 0 && await FindAsync(store, cancellationToken) is ({ } index, _))
        {
            await foreach (var (record, _) in ReadAsync(store, index, cancellationToken))
            {
                if (wanted.Contains(record.Output))
                {
                    known.Add(record.Output);
                }
            }
        }

        return known;
    }

    /// <summary>One record.</summary>
    public static async Task<OutputRecord?> ReadOneAsync(IObjectStore store, OutputIndexName index, RecordPlace place, CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(
            ObjectName.Parse(index.Name), new ETag(index.Etag), new ByteRange(place.Start, place.Length), cancellationToken);
        return await JsonSerializer.DeserializeAsync(content, ExecutionJson.Lines.OutputRecord, cancellationToken);
    }

    /// <summary>
    /// Puts a batch's records, in the order of outputs, in the place of those of the same outputs. Done again it changes nothing that matters.
    /// </summary>
    /// <param name="store">The root's store.</param>
    /// <param name="batchId">The batch.</param>
    /// <param name="records">Its records, each time anew.</param>
    /// <param name="proveAsync">Throws if they are out of date.</param>
    /// <param name="cancellationToken">Ends the merging.</param>
    public static async Task MergeAsync(
        IObjectStore store, string batchId, Func<IAsyncEnumerable<OutputRecord>> records, Func<CancellationToken, Task> proveAsync, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (old, pointer) = await FindAsync(store, cancellationToken);
            await proveAsync(cancellationToken);
            await RemoveAsync(store, old?.Replaced, cancellationToken);
            var name = HostingNames.NewIndex(batchId, pointer);
            string? sha256 = null;
            if (await store.FindAsync(name, cancellationToken) is null)
            {
                await store.ReplaceAsync(
                    name,
                    found: null,
                    async stream =>
                    {
                        await using var hashed = new HashingStream(stream);
                        await WriteAsync(store, old, records(), hashed, cancellationToken);
                        sha256 = hashed.Finish();
                    },
                    cancellationToken,
                    isFirm: true);
            }

            var written = await store.FindAsync(name, cancellationToken)
                ?? throw new StorageException(StorageFault.Other, $"{store.Locate(name)} vanished while the batch ended.");
            var index = new OutputIndexName(name.Value, written.ETag.Value)
            {
                Replaced = old is null ? null : old with { Replaced = null },
                Bytes = written.Bytes,
                Sha256 = sha256 ?? await StoredContent.HashAsync(store, written, cancellationToken),
            };
            if (await PointAsync(store, index, pointer, cancellationToken))
            {
                // Only when the pointer is there to stay: a pointer to what was removed would make every output unknown.
                await store.FlushAsync(cancellationToken);
                await RemoveAsync(store, old, cancellationToken);
                return;
            }

            // A coordinator that was taken for dead may come this late: then its successor made this very index the one that counts.
            if (await FindAsync(store, cancellationToken) is ({ } current, _) && string.Equals(current.Name, name.Value, StringComparison.Ordinal))
            {
                return;
            }

            await store.DeleteAsync(name, written.ETag, cancellationToken);
            if (attempt == TriesMax)
            {
                throw new StorageException(StorageFault.Busy, $"{store.Locate(HostingNames.IndexPointer)} is written by others all the time.");
            }
        }
    }

    /// <summary>Removes contents that no pointer names any more. Only for the holder of the root's lock.</summary>
    public static async Task RemoveOrphansAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var scope = new ListScope(HostingNames.IndexPointer.Folder, DepthMax: 1, IncludeHidden: true, name => name.EndsWith(".jsonl", StringComparison.Ordinal));
        var contents = (await store.ListAsync(scope, cancellationToken)).Objects;
        if (contents.Count > 0)
        {
            var (index, _) = await FindAsync(store, cancellationToken);
            foreach (var orphan in contents.Where(content => content.Name.Value != index?.Name))
            {
                await store.DeleteAsync(orphan.Name, orphan.ETag, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Makes an index the one that counts; false if another batch was faster. What is not known is asked again, because the index may count already,
    /// and is never given up: then the batch ends a little later.
    /// </summary>
    private static async Task<bool> PointAsync(IObjectStore store, OutputIndexName index, ETag? pointer, CancellationToken cancellationToken)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(index, ExecutionJson.Lines.OutputIndexName);
        var expected = pointer is { } tag ? Precondition.Matches(tag) : Precondition.Absent;
        for (var sending = 1; ; sending++)
        {
            switch (await store.WriteDocumentAsync(HostingNames.IndexPointer, content, expected, cancellationToken))
            {
                case WriteResult.Written:
                    return true;
                case WriteResult.Conflict:
                    return false;
                case WriteResult.Unknown unknown when sending == SendingsMax:
                    throw new StorageException(StorageFault.Other, $"{store.Locate(HostingNames.IndexPointer)} may not have been written: {unknown.Reason}");
            }
        }
    }

    private static async Task RemoveAsync(IObjectStore store, OutputIndexName? index, CancellationToken cancellationToken)
    {
        if (index is not null)
        {
            await store.DeleteAsync(ObjectName.Parse(index.Name), new ETag(index.Etag), cancellationToken);
        }
    }

    private static OutputIndexName? TryParse(ReadOnlySpan<byte> pointer)
    {
        try
        {
            return JsonSerializer.Deserialize(pointer, ExecutionJson.Lines.OutputIndexName);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(
        IObjectStore store, OutputIndexName? old, IAsyncEnumerable<OutputRecord> records, Stream stream, CancellationToken cancellationToken)
    {
        await using var before = (old is null ? Empty() : ReadAsync(store, old, cancellationToken)).GetAsyncEnumerator(cancellationToken);
        var hasBefore = await before.MoveNextAsync();
        await foreach (var next in records.WithCancellation(cancellationToken))
        {
            var record = next;
            while (hasBefore && string.CompareOrdinal(before.Current.Record.Output, record.Output) is var order and <= 0)
            {
                if (order < 0)
                {
                    Write(stream, before.Current.Record);
                }
                else if (record.IsUncertain)
                {
                    record = record with { Objects = [.. record.Objects.Concat(before.Current.Record.Objects).Distinct()] };
                }

                hasBefore = await before.MoveNextAsync();
            }

            Write(stream, record);
        }

        for (; hasBefore; hasBefore = await before.MoveNextAsync())
        {
            Write(stream, before.Current.Record);
        }
    }

    private static void Write(Stream stream, OutputRecord record)
    {
        JsonSerializer.Serialize(stream, record, ExecutionJson.Lines.OutputRecord);
        stream.WriteByte((byte)'\n');
    }

    private static async IAsyncEnumerable<(OutputRecord Record, RecordPlace Place)> Empty()
    {
        await Task.CompletedTask;
        yield break;
    }
}
