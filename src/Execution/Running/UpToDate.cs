using System.Security.Cryptography;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Decides whether a file needs no work: done by this batch before it was interrupted, or unchanged.</summary>
internal sealed class UpToDate(PreparedBatch batch)
{
    /// <summary>The record of what was last written for an output, or null.</summary>
    public OutputRecord? RecordOf(ObjectName output) =>
        batch.Store.ReadJsonAsync(StateNames.OutputRecord(output.Value), ExecutionJson.Lines.OutputRecord, CancellationToken.None).Now();

    /// <summary>The summary of a file that needs no work, or null.</summary>
    public FileSummary? Find(BatchItem item, OutputRecord? record, CancellationToken cancellationToken)
    {
        if (record?.Summary is not { } summary || !IsCurrent(record, item.Name) || !ObjectsStand(record))
        {
            return null;
        }

        var isOurs = string.Equals(record.BatchId, batch.Id, StringComparison.Ordinal);
        if (batch.Request.Force && !isOurs)
        {
            return null;
        }

        if (!string.Equals(record.InputEtag, item.ETag.Value, StringComparison.Ordinal))
        {
            if (!HasSameContent(item, record, cancellationToken))
            {
                return null;
            }

            // Only the time differs: next time the tag alone tells.
            record = record with { InputEtag = item.ETag.Value };
            new Publisher(batch).Write(record);
        }

        return isOurs ? summary : summary with
        {
            Status = FileStatus.Unchanged,
            CleanedBy = record.BatchId,
            InputEtag = item.ETag.Value,
            Attempts = 0,
            Millis = 0,
            Worker = null,
        };
    }

    /// <summary>True if the file needs no work, as far as its tag tells: nothing is hashed and nothing written.</summary>
    public bool IsCurrent(BatchItem item) =>
        RecordOf(item.Output!) is { Summary: not null } record
        && IsCurrent(record, item.Name)
        && string.Equals(record.InputEtag, item.ETag.Value, StringComparison.Ordinal)
        && ObjectsStand(record)
        && (!batch.Request.Force || string.Equals(record.BatchId, batch.Id, StringComparison.Ordinal));

    /// <summary>True if plan, clock and input's name are those of the record.</summary>
    public bool IsCurrent(OutputRecord record, string input) =>
        string.Equals(record.Effective, batch.Effective, StringComparison.Ordinal)
        && string.Equals(record.Input, input, StringComparison.Ordinal)
        && (record.Day is null || string.Equals(record.Day, batch.Day, StringComparison.Ordinal));

    /// <summary>True if output and rejects stand there as they were written.</summary>
    public bool ObjectsStand(OutputRecord record) => record.Objects.All(written =>
        ObjectName.TryParse(written.Name, out var name, out _)
        && batch.Store.FindAsync(name, CancellationToken.None).Now()?.ETag.Value is { } etag
        && string.Equals(etag, written.Etag, StringComparison.Ordinal));

    private static bool HasSameContent(BatchItem item, OutputRecord record, CancellationToken cancellationToken) =>
        record.InputSha256 is { } sha256
        && record.Summary?.InputBytes == item.Bytes
        && string.Equals(sha256, InputHash.Of(item, cancellationToken), StringComparison.Ordinal);
}

/// <summary>The hash of an input, read once from beginning to end.</summary>
internal static class InputHash
{
    private const int BlockBytes = 1 << 20;

    /// <summary>SHA-256 in lower-case hex. Throws as reading does.</summary>
    public static string Of(BatchItem item, CancellationToken cancellationToken)
    {
        using var content = item.Source!.OpenReadAsync(item.Key!, item.ETag, cancellationToken).Now();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = System.Buffers.ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (var read = content.Read(block); read > 0; read = content.Read(block))
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(block, 0, read);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(block);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
