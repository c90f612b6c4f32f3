using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansClean.Batches;
using OrleansClean.Batches.Tests.Worlds;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>
/// What a coordinator wants done, with the real publication and the real journal and as little else as goes: an item is a few bytes, the
/// limit is that nothing failed, manifest and report are the items' outcomes in a line.
/// </summary>
internal sealed class SteppedEffects(IObjectStore store, SteppedPlan plan, TimeProvider time, Action<Happening> happen) : IEffectExecutor
{
    private readonly Publication _publication = new(store, _ => Task.CompletedTask);

    public async Task<BatchInput> CarryOutAsync(BatchEffect effect, CancellationToken cancellationToken)
    {
        try
        {
            return effect switch
            {
                BatchEffect.ListInputs => await ListAsync(cancellationToken),
                BatchEffect.Commit commit => await CommitAsync(commit, cancellationToken),
                BatchEffect.EvaluateGate => new BatchInput.GateDecided((await ReadAsync(cancellationToken)).Count(ItemStatus.Failed) == 0, "closed") { At = default },
                BatchEffect.Sweep => await SweepAsync(cancellationToken),
                BatchEffect.WriteManifest => await WriteAsync(Kind.Manifest, effect.Round, new BatchInput.ManifestWritten { At = default }, cancellationToken),
                _ => await WriteAsync(Kind.Paper, effect.Round, new BatchInput.ReportWritten { At = default }, cancellationToken),
            };
        }
        catch (StorageException e) when (effect is BatchEffect.EvaluateGate)
        {
            // The gate is asked again by a restart only, so it is tried until the store answers.
            _ = e;
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            return await CarryOutAsync(effect, cancellationToken);
        }
        catch (StorageException e)
        {
            var failure = new Failure("storage-error", e.Message, e.IsTransient);
            return effect is BatchEffect.ListInputs
                ? new BatchInput.ListingFailed(failure) { At = default }
                : new BatchInput.FinishFailed(failure) { At = default };
        }
    }

    private async Task<BatchInput> CommitAsync(BatchEffect.Commit commit, CancellationToken cancellationToken)
    {
        var outcome = await _publication.PublishAsync(CommitIntent.Parse(commit.Staged), cancellationToken);
        return new BatchInput.CommitResolved(commit.Attempt, outcome) { At = default };
    }

    private async Task<BatchInput> ListAsync(CancellationToken cancellationToken)
    {
        var tags = ImmutableArray.CreateBuilder<ImmutableArray<int?>>();
        for (var item = 0; item < plan.Items; item++)
        {
            var objects = ImmutableArray.CreateBuilder<int?>();
            for (var index = 0; index < plan.Objects; index++)
            {
                objects.Add(RecordingStore.TagOf((await store.FindAsync(RecordingStore.Output(item, index), cancellationToken))?.ETag));
            }

            tags.Add(objects.DrainToImmutable());
        }

        var content = Encoding.UTF8.GetBytes(string.Join('\n', tags.Select(objects => string.Join(' ', objects))) + "\n");
        var name = "listing-" + Convert.ToHexStringLower(SHA256.HashData(content));
        await Documents.WriteAsync(store, ObjectName.Parse(name), content, time, cancellationToken);
        happen(new Happening.ListingWritten(name, tags.DrainToImmutable()));
        return new BatchInput.ListingDone(name, plan.Items) { At = default };
    }

    private async Task<BatchInput> SweepAsync(CancellationToken cancellationToken)
    {
        await store.SweepStagedAsync(_ => true, cancellationToken);
        return new BatchInput.Swept { At = default };
    }

    /// <summary>Looks what stands there, reads the journal, writes over what it saw.</summary>
    private async Task<BatchInput> WriteAsync(Kind kind, int round, BatchInput done, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync(RecordingStore.Paper(kind), cancellationToken);
        var state = await ReadAsync(cancellationToken);
        var outcomes = string.Join(' ', Enumerable.Range(0, state.ItemCount).Select(item => state.Item(item).Status));
        return state.Round == round
            && await store.WriteDocumentAsync(RecordingStore.Paper(kind), Encoding.UTF8.GetBytes(outcomes + " "), Precondition.AsFound(found), cancellationToken) is WriteResult.Written
            ? done
            : new BatchInput.FinishFailed(new Failure("storage-error", "", IsTransient: true)) { At = default };
    }

    private async Task<BatchState> ReadAsync(CancellationToken cancellationToken)
    {
        var state = new BatchState();
        var names = new JournalNames(RecordingStore.Journal);
        var last = await JournalReader.LastSegmentAsync(store, names, cancellationToken);
        for (var segment = 1; segment <= last; segment++)
        {
            await foreach (var line in JournalReader.ReadAsync(store, names.Segment(segment), cancellationToken))
            {
                if (line.Event is { } happened and not BatchEvent.SnapshotTaken)
                {
                    state.Apply(happened);
                }
            }
        }

        return state;
    }
}

/// <summary>The size of a stepped batch.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Objects">Objects that each publishes.</param>
/// <param name="HasGate">Nothing is published before all are ready.</param>
internal sealed record SteppedPlan(int Items, int Objects, bool HasGate)
{
    /// <summary>The batch.</summary>
    public BatchSpec Spec => WorldPlan.SpecOf(HasGate);
}
