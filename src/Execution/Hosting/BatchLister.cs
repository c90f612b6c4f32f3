using System.Globalization;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Freezes what a batch is about: its inputs, the names of what is made of them, and what stands under these names now. All of it
/// is looked up here once, so that an attempt at a small file has nothing to look up.
/// </summary>
internal sealed class BatchLister(CleaningBatch batch)
{
    private readonly Dictionary<string, string> _standing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (OutputRecord Record, RecordPlace Place)> _records = new(StringComparer.Ordinal);

    /// <summary>
    /// The listing's document, largest first for the coordinator, and the one in the order of names that people and other commands read. Throws
    /// <see cref="UsageException"/> for what cannot be done; nothing is written.
    /// </summary>
    public async Task<(byte[] Document, byte[] ByName, int Items)> ListAsync(CancellationToken cancellationToken)
    {
        var inputs = await new StoreInputs(batch).FindAsync(cancellationToken);
        var names = OutputNames.For(inputs, batch.Template, isCombined: false);
        await LookAtOutputsAsync(cancellationToken);
        var (index, _) = await OutputIndex.FindAsync(batch.Output, cancellationToken);
        if (index is not null)
        {
            await LookAtIndexAsync(index, [.. names.Where(n => n is not null).Select(n => n!.Value.Output.Value)], cancellationToken);
        }

        if (batch.Submission.NoClobber)
        {
            RefuseStrangers(names);
        }

        var header = Header(index);
        var items = inputs.Select((input, i) => Item(input, names[i])).ToList();
        var largestFirst = items.OrderByDescending(item => item.Bytes).ThenBy(item => item.Name, StringComparer.Ordinal);
        return (BatchListingDocument.Encode(header, largestFirst), BatchListingDocument.Encode(header, items), items.Count);
    }

    private async Task LookAtOutputsAsync(CancellationToken cancellationToken)
    {
        var listing = await batch.Output.ListAsync(new ListScope(), cancellationToken);
        foreach (var found in listing.Objects)
        {
            _standing[found.Name.Value] = found.ETag.Value;
        }
    }

    private async Task LookAtIndexAsync(OutputIndexName index, HashSet<string> outputs, CancellationToken cancellationToken)
    {
        await foreach (var (record, place) in OutputIndex.ReadAsync(batch.Output, index, cancellationToken))
        {
            if (outputs.Contains(record.Output))
            {
                _records[record.Output] = (record with { Summary = null }, place);
            }
        }
    }

    private ListedInput Item(FoundInput input, (ObjectName Output, ObjectName Rejects)? names)
    {
        if (names is not { } named)
        {
            return new ListedInput(input.Name, -1, null, input.Bytes, "", "", "", input.Refusal);
        }

        var (output, rejects) = (named.Output.Value, named.Rejects.Value);
        var hasRecord = _records.TryGetValue(output, out var known);
        var rejectsFound = _standing.GetValueOrDefault(rejects);
        return new ListedInput(input.Name, 0, input.Key!.Value, input.Bytes, input.ETag.Value, output, rejects, null)
        {
            OutputFound = _standing.GetValueOrDefault(output),
            RejectsFound = rejectsFound,
            IsEdited = hasRecord && rejectsFound is not null && !known.Record.Wrote(rejects, rejectsFound)
                && known.Record.Objects.Any(o => string.Equals(o.Name, rejects, StringComparison.Ordinal)),
            Record = hasRecord && !batch.Submission.Force && IsCurrent(known.Record, input) ? known.Place : null,
        };
    }

    /// <summary>True if the record is of this plan, day and input, and everything that it names stands.</summary>
    private bool IsCurrent(OutputRecord record, FoundInput input) =>
        string.Equals(record.Effective, batch.Effective, StringComparison.Ordinal)
        && string.Equals(record.Input, input.Name, StringComparison.Ordinal)
        && (record.Day is null || string.Equals(record.Day, batch.Day, StringComparison.Ordinal))
        && (record.InputSha256 is not null || string.Equals(record.InputEtag, input.ETag.Value, StringComparison.Ordinal))
        && record.Objects.All(o => string.Equals(_standing.GetValueOrDefault(o.Name), o.Etag, StringComparison.Ordinal));

    private void RefuseStrangers(IReadOnlyList<(ObjectName Output, ObjectName Rejects)?> names)
    {
        var strangers = names.OfType<(ObjectName Output, ObjectName Rejects)>().Select(n => n.Output.Value).Where(IsStranger).ToList();
        if (strangers.Count > 0)
        {
            var more = strangers.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {strangers.Count - 1} more");
            throw new UsageException(
                $"{batch.Template.PathOf(strangers[0])}{more} would be replaced and was not written by this plan, or was changed since. Nothing was written. Move it away, or leave out --no-clobber.");
        }
    }

    private bool IsStranger(string output) =>
        _standing.TryGetValue(output, out var etag) && !(_records.TryGetValue(output, out var known) && known.Record.Wrote(output, etag));

    private BatchHeader Header(OutputIndexName? index) => new()
    {
        BatchId = batch.Id,
        Key = batch.Id,
        StartedAt = batch.Submission.FrozenAt,
        PlanName = batch.Plan.Name,
        PlanPath = batch.Submission.PlanPath,
        Parameters = batch.Submission.Parameters,
        OutputFolder = batch.Template.Folder,
        HasFileColumn = batch.Plan.Write.FileColumn,
        InputRoots = [batch.Submission.InputRoot],
        Index = index,
    };
}
