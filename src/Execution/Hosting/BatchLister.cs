using System.Globalization;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// Freezes what a batch works on: its inputs, the names of what is made of them, and what stands under these names now. All of it
/// is looked up here once, so that an attempt at a small file has nothing to look up. Writes nothing.
/// </summary>
internal sealed class BatchLister(CleaningBatch batch)
{
    private readonly Dictionary<string, (OutputRecord Record, RecordPlace Place)> _records = new(StringComparer.Ordinal);
    private IReadOnlyDictionary<string, string> _standing = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Lists what the submission names. Throws <see cref="UsageException"/> for what cannot be done, and <see cref="PlanException"/> if the plan is wrong for the
    /// columns of all inputs.
    /// </summary>
    public async Task<InputListing> ListAsync(CancellationToken cancellationToken)
    {
        var inputs = await new StoreInputs(batch).FindAsync(cancellationToken);
        await Task.Run(() => PlanFit.Check(batch, inputs, cancellationToken), cancellationToken);
        return await ListAsync(new ListingSource(batch.Id, batch.Submission.PlanPath, inputs), cancellationToken);
    }

    /// <summary>Lists what the caller found. Throws <see cref="UsageException"/> for what cannot be done.</summary>
    public async Task<InputListing> ListAsync(ListingSource source, CancellationToken cancellationToken)
    {
        var inputs = source.Inputs;
        var names = OutputNames.For(inputs, batch.Template, batch.Plan.Write.Combine);
        var known = names.OfType<(ObjectName Output, ObjectName Rejects)>().ToList();
        _standing = await StandingOutputs.FindAsync(batch.Output, known.SelectMany(n => new[] { n.Output, n.Rejects }), cancellationToken);
        var (index, _) = await OutputIndex.FindAsync(batch.Output, cancellationToken);
        if (index is not null)
        {
            await LookAtIndexAsync(index, known.Select(n => n.Output.Value).ToHashSet(StringComparer.Ordinal), cancellationToken);
        }

        if (batch.Submission.NoClobber)
        {
            RefuseStrangers(known.Select(n => n.Output.Value).Distinct(StringComparer.Ordinal));
        }

        string[] roots = [.. inputs.Where(input => input.Key is not null).Select(input => input.Root).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var header = Header(source, roots, index);
        var listing = new InputListing(header, [.. inputs.Select((input, i) => Item(input, Array.IndexOf(roots, input.Root), names[i]))]);
        return batch.Plan.Write.Combine && !batch.Submission.Force
            ? await CombinedParts.WithFormerAsync(batch, listing, known.Select(n => _records.GetValueOrDefault(n.Output.Value).Record).FirstOrDefault(), _standing, cancellationToken)
            : listing;
    }

    /// <summary>True if a listed input has the tag that it had when its output was written.</summary>
    public bool HasRecordedTag(ListedInput item) => _records.TryGetValue(item.Output, out var known) && known.Record.InputEtag == item.Etag;

    /// <summary>Throws <see cref="UsageException"/> if something stands under one of these names that no batch of this root wrote.</summary>
    public async Task RefuseStrangersAsync(IReadOnlyCollection<ObjectName> outputs, CancellationToken cancellationToken)
    {
        _standing = await StandingOutputs.FindAsync(batch.Output, outputs, cancellationToken);
        if (await OutputIndex.FindAsync(batch.Output, cancellationToken) is ({ } index, _))
        {
            await LookAtIndexAsync(index, outputs.Select(name => name.Value).ToHashSet(StringComparer.Ordinal), cancellationToken);
        }

        RefuseStrangers(outputs.Select(name => name.Value).Distinct(StringComparer.Ordinal));
    }

    private async Task LookAtIndexAsync(OutputIndexName index, HashSet<string> outputs, CancellationToken cancellationToken)
    {
        await foreach (var (record, place) in OutputIndex.ReadAsync(batch.Output, index, cancellationToken))
        {
            if (outputs.Contains(record.Output))
            {
                _records[record.Output] = (await StoredContent.RecogniseAsync(batch.Output, record with { Summary = null }, _standing, cancellationToken), place);
            }
        }
    }

    private ListedInput Item(FoundInput input, int root, (ObjectName Output, ObjectName Rejects)? names)
    {
        if (names is not { } named)
        {
            return new ListedInput(input.Name, -1, null, input.Bytes, "", "", "", input.Refusal);
        }

        var (output, rejects) = (named.Output.Value, named.Rejects.Value);
        var hasRecord = _records.TryGetValue(output, out var known);
        var rejectsFound = _standing.GetValueOrDefault(rejects);
        return new ListedInput(input.Name, root, input.Key!.Value, input.Bytes, input.ETag.Value, output, rejects, null)
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

    private void RefuseStrangers(IEnumerable<string> outputs)
    {
        var strangers = outputs.Where(IsStranger).ToList();
        if (strangers.Count > 0)
        {
            var more = strangers.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {strangers.Count - 1} more");
            throw new UsageException(
                $"{batch.Template.PathOf(strangers[0])}{more} would be replaced and was not written by this plan, or was changed since. Nothing was written. Move it away, or leave out --no-clobber.");
        }
    }

    private bool IsStranger(string output) =>
        _standing.TryGetValue(output, out var etag) && !(_records.TryGetValue(output, out var known) && known.Record.Wrote(output, etag));

    private BatchHeader Header(ListingSource source, string[] roots, OutputIndexName? index) => new()
    {
        BatchId = batch.Id,
        Key = source.Key,
        StartedAt = batch.Submission.FrozenAt,
        PlanName = batch.Plan.Name,
        PlanPath = source.PlanPath,
        Parameters = batch.Submission.Parameters,
        OutputFolder = batch.Template.Folder,
        IsCombined = batch.Plan.Write.Combine,
        HasFileColumn = batch.Plan.Write.FileColumn,
        InputRoots = [.. roots],
        Index = index,
    };
}
