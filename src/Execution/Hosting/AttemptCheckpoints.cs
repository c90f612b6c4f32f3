using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>What is staged of one object at a checkpoint.</summary>
/// <param name="Name">The object's name.</param>
/// <param name="Stage">The attempt that staged it.</param>
/// <param name="Handle">What the store needs to find it.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of these bytes.</param>
internal sealed record StagedCheckpoint(string Name, string Stage, string Handle, long Bytes, string Sha256);

/// <summary>
/// A checkpoint of one file of a batch, as a document. It is good for the same batch, plan, engine and content of the input; what is staged must be there and
/// have the bytes that it says.
/// </summary>
internal sealed record CheckpointDocument
{
    public const int Current = 1;

    public required int Version { get; init; }

    public required string InputEtag { get; init; }

    public required string Effective { get; init; }

    public required ImmutableArray<StagedCheckpoint> Staged { get; init; }

    public required RangeCheckpoint File { get; init; }
}

/// <summary>
/// Keeps the checkpoints of one attempt, and finds that of the attempt before it, whose process is dead. A checkpoint only saves time: what goes wrong with one
/// is no failure.
/// </summary>
internal sealed class AttemptCheckpoints(CleaningBatch batch, ListedInput item, AttemptId attempt, HostedOutputs outputs) : ICleaningCheckpoints
{
    private readonly ObjectName _name = StateNames.Of(batch.Id, FormattableString.Invariant($"checkpoints/{attempt.Item:d7}.json"));
    private ETag? _written;

    public RangeCheckpoint? Find()
    {
        try
        {
            if (batch.Output.ReadDocumentAsync(_name, CancellationToken.None).Now() is not { } found)
            {
                return null;
            }

            _written = found.ETag;
            var document = JsonSerializer.Deserialize(found.Content.Span, ExecutionJson.Lines.CheckpointDocument);
            return document is { Version: CheckpointDocument.Current }
                && document.InputEtag == item.Etag
                && document.Effective == batch.Effective
                && outputs.TryReopen(document.Staged)
                    ? document.File
                    : null;
        }
        catch (Exception e) when (e is StorageException or JsonException or FormatException)
        {
            return null;
        }
    }

    public void Save(RangeCheckpoint checkpoint)
    {
        if (outputs.Checkpoint() is not { } staged)
        {
            return;
        }

        var document = new CheckpointDocument
        {
            Version = CheckpointDocument.Current,
            InputEtag = item.Etag,
            Effective = batch.Effective,
            Staged = staged,
            File = checkpoint,
        };
        try
        {
            var content = JsonSerializer.SerializeToUtf8Bytes(document, ExecutionJson.Lines.CheckpointDocument);
            var precondition = _written is { } etag ? Precondition.Matches(etag) : Precondition.Absent;
            _written = batch.Output.WriteDocumentAsync(_name, content, precondition, CancellationToken.None).Now() is WriteResult.Written written
                ? written.ETag
                : _written;
        }
        catch (StorageException)
        {
            // The next one may stand.
        }
    }

    /// <summary>The attempt ends without an outcome, and another one may go on from the last checkpoint: what is staged stays.</summary>
    public void Leave()
    {
        if (_written is not null)
        {
            outputs.Leave();
        }
    }

    /// <summary>The file has an outcome: nobody goes on from here.</summary>
    public void Forget()
    {
        try
        {
            if (_written is { } etag)
            {
                batch.Output.DeleteAsync(_name, etag, CancellationToken.None).Now();
            }
        }
        catch (StorageException)
        {
            // It is in the batch's own folder and good for nothing else.
        }
    }
}
