using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Publishing;

/// <summary>A cleaned file whose outputs are sealed and not visible yet.</summary>
/// <param name="Item">The input.</param>
/// <param name="Summary">What was done.</param>
/// <param name="Outputs">The staged objects.</param>
/// <param name="Before">The record of what stands there, or null.</param>
internal sealed record ReadyFile(BatchItem Item, FileSummary Summary, StagedOutputs Outputs, OutputRecord? Before);

/// <summary>
/// Makes a file's outputs visible: first the record of what will stand there, then the rejects, the output last. A
/// process that ends in between leaves old or new objects, each whole, and the next run finds out which by their tags.
/// </summary>
internal sealed class Publisher(PreparedBatch batch)
{
    /// <summary>Publishes one file.</summary>
    public void Publish(ReadyFile ready)
    {
        var outputs = ready.Outputs;
        ImmutableArray<WrittenObject> objects = [.. RejectsOf(outputs), new(outputs.Output!.Name.Value, outputs.Output.ETag.Value)];
        var output = FindForWriting(outputs.Output.Name);
        var rows = FindRejects(ready);
        Write(new OutputRecord
        {
            Output = outputs.Output.Name.Value,
            BatchId = batch.Id,
            Input = ready.Item.Name,
            InputEtag = ready.Item.ETag.Value,
            InputSha256 = ready.Summary.InputSha256,
            Effective = batch.Effective,
            Day = ready.Summary.Detail!.ClockWasRead ? batch.Day : null,
            Objects = objects,
            Before = Standing(ready.Before),
            Summary = ready.Summary,
        });
        PublishRejects(ready, rows);
        outputs.Output.Commit(Precondition.AsFound(output));
    }

    /// <summary>Publishes a file's rejects alone; its output is part of a combined one.</summary>
    public IEnumerable<WrittenObject> PublishRejects(ReadyFile ready)
    {
        PublishRejects(ready, FindRejects(ready));
        return RejectsOf(ready.Outputs);
    }

    /// <summary>Keeps the records of rejected rows, in the state only: for a batch that may not be published.</summary>
    public void KeepRecords(ReadyFile ready)
    {
        if (ready.Outputs.Records is { } records)
        {
            records.Commit(Precondition.AsFound(Find(records.Name)));
        }
    }

    /// <summary>Writes the record of an output.</summary>
    public void Write(OutputRecord record) => batch.Store.WriteAsync(
        StateNames.OutputRecord(record.Output),
        stream => JsonSerializer.Serialize(stream, record, ExecutionJson.Lines.OutputRecord),
        CancellationToken.None).Now();

    /// <summary>What stands under a name that will be written.</summary>
    public StoredObject? FindForWriting(ObjectName name) => Find(name);

    /// <summary>The objects of a record that may stand there: its own, or those before it if a process ended in between.</summary>
    public static ImmutableArray<WrittenObject> Standing(OutputRecord? record) =>
        record is null ? [] : [.. record.Objects.Concat(record.Before).Distinct().Take(ObjectsBeforeMax)];

    private const int ObjectsBeforeMax = 16;

    private static IEnumerable<WrittenObject> RejectsOf(StagedOutputs outputs) =>
        outputs.Rows is { } rows ? [new WrittenObject(rows.Name.Value, rows.ETag.Value)] : [];

    private StoredObject? FindRejects(ReadyFile ready)
    {
        var name = ready.Item.Rejects!;
        var found = Find(name);

        // Someone may be mending the rejected rows right there: their work is not replaced.
        return found is not null && ready.Outputs.Rows is not null && IsEdited(ready, found)
            ? throw new StorageException(
                StorageFault.Conflict,
                $"{batch.Folder.PathOf(name)} was changed since it was written, and this run would replace it. Move it away, or run with --force.")
            : found;
    }

    private bool IsEdited(ReadyFile ready, StoredObject found) =>
        !batch.Request.Force && ready.Before is { } before && !before.Wrote(found.Name.Value, found.ETag.Value)
        && Standing(before).Any(o => string.Equals(o.Name, found.Name.Value, StringComparison.Ordinal));

    private void PublishRejects(ReadyFile ready, StoredObject? standing)
    {
        KeepRecords(ready);
        if (ready.Outputs.Rows is { } rows)
        {
            rows.Commit(Precondition.AsFound(standing));
        }
        else if (standing is not null && !IsEdited(ready, standing))
        {
            // Of an earlier run; all rows are good now.
            batch.Store.DeleteAsync(standing.Name, standing.ETag, CancellationToken.None).Now();
        }
    }

    private StoredObject? Find(ObjectName name) => batch.Store.FindAsync(name, CancellationToken.None).Now();
}
