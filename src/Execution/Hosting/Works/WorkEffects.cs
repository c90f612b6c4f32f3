using System.Diagnostics;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>
/// Carries out what the coordinator of work other than cleaning wants: cuts the input into items, publishes what they became as parts, makes one result
/// of the parts when all are there, and writes the report. Everything may be asked for again after a restart.
/// </summary>
public abstract class WorkEffects : IEffectExecutor
{
    private readonly FlushGroup _flush;

    private protected WorkEffects(IStoreDirectory stores, WorkKind kind, string outputRoot, string id)
    {
        Stores = stores;
        Kind = kind;
        Id = id;
        Output = stores.Open(outputRoot);
        _flush = new FlushGroup(Output);
        Publication = new Publication(Output, _flush.FlushAsync);
    }

    private protected IStoreDirectory Stores { get; }

    private protected WorkKind Kind { get; }

    private protected string Id { get; }

    private protected IObjectStore Output { get; }

    private protected Publication Publication { get; }

    private protected string Journal => WorkNames.Journal(Kind, Id);

    /// <summary>The effects of work of a kind, whose submission has a hash. <paramref name="workers"/> threads measure what must be known before anything is cut.</summary>
    public static WorkEffects Of(WorkKind kind, IStoreDirectory stores, string outputRoot, string id, string bodyHash, int workers)
    {
        ArgumentNullException.ThrowIfNull(stores);
        return KindOfWork.All[kind].Effects(stores, outputRoot, id, bodyHash, workers);
    }

    /// <inheritdoc />
    public Task<BatchInput> CarryOutAsync(BatchEffect effect, CancellationToken cancellationToken) => effect switch
    {
        BatchEffect.Commit commit => CommitAsync(commit, cancellationToken),
        BatchEffect.ListInputs => ListAsync(cancellationToken),
        BatchEffect.Sweep => FinishAsync(SweepAsync, new BatchInput.Swept { At = default }, cancellationToken),
        BatchEffect.WriteManifest => FinishAsync(JoinAsync, new BatchInput.ManifestWritten { At = default }, cancellationToken),
        BatchEffect.WriteReport => FinishAsync(ReportAsync, new BatchInput.ReportWritten { At = default }, cancellationToken),
        _ => throw new UnreachableException(),
    };

    /// <inheritdoc />
    public Task<BatchInput> SecureAsync(BatchInput input, CancellationToken cancellationToken) => _flush.SecureAsync(input, cancellationToken);

    /// <summary>Reads what an item became.</summary>
    private protected abstract StagedPart Part(string staged);

    /// <summary>Cuts the input into items: the listing's document, how its name ends, and how many items there are.</summary>
    private protected abstract Task<(byte[] Document, string Extension, int Items)> CutAsync(CancellationToken cancellationToken);

    /// <summary>What it means that the input cannot be cut; null if it is no such failure.</summary>
    private protected abstract Failure? Explain(Exception e);

    /// <summary>Makes the result of the parts, all at once; not if a part is missing.</summary>
    private protected abstract Task JoinAsync(CancellationToken cancellationToken);

    /// <summary>Writes the report. The parts may be gone then.</summary>
    private protected abstract Task ReportAsync(CancellationToken cancellationToken);

    /// <summary>Opens what an item became.</summary>
    private protected async Task<Stream> OpenPartAsync(int item, CancellationToken cancellationToken)
    {
        var name = WorkNames.Part(Kind, Id, item);
        var found = await Output.FindAsync(name, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"{Output.Locate(name)} is missing: somebody removed it while the work was under way.");
        return await Output.OpenReadAsync(name, found.ETag, cancellationToken);
    }

    /// <summary>Removes what was joined: the journal knows all that is left to know.</summary>
    private protected async Task RemovePartsAsync(CancellationToken cancellationToken)
    {
        var parts = await Output.ListAsync(new ListScope(WorkNames.Parts(Kind, Id), IncludeHidden: true), cancellationToken);
        foreach (var part in parts.Objects)
        {
            await Output.DeleteAsync(part.Name, part.ETag, cancellationToken);
        }
    }

    private async Task<BatchInput> CommitAsync(BatchEffect.Commit commit, CancellationToken cancellationToken)
    {
        var part = Part(commit.Staged);
        var intent = new CommitIntent { Commit = part.Commit, Objects = [new IntendedObject(part.Staged, part.Expected, part.Sha256)] };
        return new BatchInput.CommitResolved(commit.Attempt, await Publication.PublishAsync(intent, cancellationToken)) { At = default };
    }

    private async Task<BatchInput> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (document, extension, items) = await CutAsync(cancellationToken);
            var name = WorkNames.Listing(Kind, Id, document, extension);
            await Output.WriteImmutableAsync(name, document, cancellationToken);
            return new BatchInput.ListingDone(name.Value, items) { At = default };
        }
        catch (Exception e) when (Explain(e) is { } failure)
        {
            return new BatchInput.ListingFailed(failure) { At = default };
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var batch = StageId.HashOf(Id);
        await Output.SweepStagedAsync(stage => stage.Batch == batch, cancellationToken);
    }

    private Task<BatchInput> FinishAsync(Func<CancellationToken, Task> write, BatchInput done, CancellationToken cancellationToken) =>
        FinishStep.TakeAsync(Output, write, done, failed: null, cancellationToken);
}
