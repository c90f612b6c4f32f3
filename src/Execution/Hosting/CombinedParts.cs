using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>What became of the one output of a batch with <c>combine: true</c>: it stands, or why it does not.</summary>
/// <param name="Output">What was made; null if it failed.</param>
/// <param name="Etag">Its tag.</param>
/// <param name="Failure">Why it failed, or null.</param>
internal sealed record JoinResult(FileOutput? Output, string? Etag, Failure? Failure);

/// <summary>
/// <c>combine: true</c>: every file publishes a part in the batch's state, and the parts become one output in the order of names, under the
/// first part's header. A file whose columns differ from the first one's fails with <c>missing-label</c>. This needs the
/// output's size twice.
/// </summary>
internal static class CombinedParts
{
    /// <summary>What stands for the input's name in the record of a combined output.</summary>
    public const string AllInputs = "*";

    /// <summary>The folder of parts, below the batch's own.</summary>
    public const string Folder = "parts";

    private const int BlockBytes = 1 << 18;

    /// <summary>A part's name: the place of its file in the batch.</summary>
    public static ObjectName NameOf(string batchId, int item) =>
        StateNames.Of(batchId, string.Create(CultureInfo.InvariantCulture, $"{Folder}/{item:D7}.csv"));

    /// <summary>Why a file cannot be combined with the first one that has columns; null if it can.</summary>
    public static Failure? FindMisfit(FileSummary file, FileSummary first)
    {
        var (columns, wanted) = (file.Detail!.Columns, first.Detail!.Columns);

        // A file without a header has nothing to contribute, and nothing to disagree with.
        if (columns.IsEmpty || columns.SequenceEqual(wanted, StringComparer.Ordinal))
        {
            return null;
        }

        var missing = wanted.Except(columns, StringComparer.Ordinal).ToList();
        var extra = columns.Except(wanted, StringComparer.Ordinal).ToList();
        var difference = missing.Count + extra.Count == 0
            ? "the columns stand in another order"
            : string.Join(" and ", new[] { Tell("it lacks", missing), Tell("it has besides", extra) }.Where(t => t.Length > 0));
        return new Failure(
            ProblemCodes.MissingLabel,
            $"It cannot be combined with {first.Path}: {difference}. A select: step gives all files the same columns.",
            IsTransient: false);
    }

    /// <summary>A hash over all inputs, in the order of names.</summary>
    public static string Digest(IEnumerable<ListedInput> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in items)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Name}\0{item.Etag}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The listing with the place of each file's summary in the batch that made the combined output, if that is of this plan, day and these
    /// inputs and all of it stands; else the listing as it is.
    /// </summary>
    public static async Task<InputListing> WithFormerAsync(
        CleaningBatch batch, InputListing listing, OutputRecord? record, IReadOnlyDictionary<string, string> standing, CancellationToken cancellationToken)
    {
        var files = record is null ? null : StateNames.Of(record.BatchId, StateNames.FilesFile);
        if (files is null
            || record!.Input is not AllInputs
            || !string.Equals(record.Effective, batch.Effective, StringComparison.Ordinal)
            || (record.Day is not null && !string.Equals(record.Day, batch.Day, StringComparison.Ordinal))
            || !string.Equals(record.InputEtag, Digest(listing.Items), StringComparison.Ordinal)
            || !record.Objects.All(o => string.Equals(standing.GetValueOrDefault(o.Name), o.Etag, StringComparison.Ordinal))
            || await batch.Output.FindAsync(files, cancellationToken) is not { } found)
        {
            return listing;
        }

        var items = new List<ListedInput>(listing.Items.Count);
        await foreach (var (line, place) in StoredLines.ReadAsync(batch.Output, files, found.ETag, cancellationToken))
        {
            var file = StoredLines.Parse(line, ExecutionJson.Lines.FileSummary);
            if (items.Count == listing.Items.Count || file.Path != listing.Items[items.Count].Name || file.Status is not (FileStatus.Cleaned or FileStatus.Unchanged))
            {
                return listing;
            }

            items.Add(listing.Items[items.Count] with { Record = place });
        }

        return items.Count == listing.Items.Count
            ? new InputListing(listing.Header with { Index = new OutputIndexName(files.Value, found.ETag.Value), CombinedBy = record.BatchId }, items)
            : listing;
    }

    /// <summary>The summary of a file in the batch that made the combined output.</summary>
    public static FileSummary ReadFormer(IObjectStore store, BatchHeader header, ListedInput item, CancellationToken cancellationToken)
    {
        var (index, place) = (header.Index!, item.Record!);
        using var content = store.OpenReadAsync(ObjectName.Parse(index.Name), new ETag(index.Etag), new ByteRange(place.Start, place.Length), cancellationToken).Now();
        return JsonSerializer.Deserialize(content, ExecutionJson.Lines.FileSummary)!;
    }

    /// <summary>
    /// Copies a part. Without its header it begins behind the first line end outside of quotes: parts are our own RFC
    /// 4180, where every quote of a field that needs one is doubled.
    /// </summary>
    public static void Append(Stream part, Stream output, bool keepHeader, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var isInHeader = !keepHeader;
            var isQuoted = false;
            for (var read = part.Read(block); read > 0; read = part.Read(block))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rest = block.AsSpan(0, read);
                while (isInHeader && !rest.IsEmpty)
                {
                    var next = rest.IndexOfAny((byte)'"', (byte)'\n');
                    if (next < 0)
                    {
                        rest = [];
                        break;
                    }

                    isQuoted ^= rest[next] == (byte)'"';
                    isInHeader = rest[next] == (byte)'"' || isQuoted;
                    rest = rest[(next + 1)..];
                }

                output.Write(rest);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Removes the parts of a batch, if it has any.</summary>
    public static async Task RemoveAsync(IObjectStore store, string batchId, CancellationToken cancellationToken)
    {
        var parts = await store.ListAsync(new ListScope(StateNames.Of(batchId, Folder).Value, DepthMax: 1, IncludeHidden: true), cancellationToken);
        foreach (var part in parts.Objects)
        {
            await store.DeleteAsync(part.Name, part.ETag, cancellationToken);
        }
    }

    private static string Tell(string what, List<string> names) => names.Count == 0
        ? ""
        : $"{what} {string.Join(", ", names.Take(5).Select(n => $"'{ObjectName.Show(n)}'"))}{(names.Count > 5 ? " and more" : "")}";
}
