using System.Collections.Immutable;

namespace OrleansClean.Batches;

public sealed partial class BatchState
{
    /// <summary>The whole state, as the head of a new segment.</summary>
    public BatchSnapshot Snapshot() => new()
    {
        Incarnation = Incarnation,
        Spec = Spec,
        SubmittedAt = SubmittedAt,
        Phase = Phase,
        Round = Round,
        Listing = Listing,
        Stop = Stop,
        Message = Message,
        IsGateOpen = IsGateOpen,
        JoinResult = JoinResult,
        IsSwept = IsSwept,
        HasManifest = HasManifest,
        Items = Runs(),
        Pieces = Pieces.IsEmpty ? null : Pieces,
        Running = [.. _running.Values.OrderBy(item => item.Item)],
        Staged = [.. _staged.Select(pair => new StagedItem(pair.Key, pair.Value))],
    };

    private ImmutableArray<ItemRun> Runs()
    {
        var runs = ImmutableArray.CreateBuilder<ItemRun>();
        for (var start = 0; start < _items.Length;)
        {
            var item = _items[start];
            var end = start + 1;
            while (end < _items.Length && _items[end] == item)
            {
                end++;
            }

            runs.Add(new ItemRun(end - start, item.Status, item.Attempt, item.Failures, item.Losses));
            start = end;
        }

        return runs.DrainToImmutable();
    }

    private void Restore(BatchSnapshot snapshot)
    {
        Incarnation = snapshot.Incarnation;
        Spec = snapshot.Spec;
        SubmittedAt = snapshot.SubmittedAt;
        Phase = snapshot.Phase;
        Round = snapshot.Round;
        Listing = snapshot.Listing;
        Stop = snapshot.Stop;
        Message = snapshot.Message;
        IsGateOpen = snapshot.IsGateOpen;
        JoinResult = snapshot.JoinResult;
        IsSwept = snapshot.IsSwept;
        HasManifest = snapshot.HasManifest;
        _items = new ItemState[snapshot.Items.Sum(run => run.Count)];
        Array.Clear(_counts);
        SetPieces(snapshot.Pieces ?? []);
        _again.Clear();
        _againAt.Clear();
        RestoreItems(snapshot.Items);
        _running.Clear();
        foreach (var running in snapshot.Running)
        {
            _running[running.Item] = running;
            if (!_workers.TryGetValue(running.Worker.Name, out var worker) || worker.Generation < running.Worker.Generation)
            {
                _workers[running.Worker.Name] = new WorkerState(running.Worker.Generation, 0, running.Since + Spec!.Lease);
            }
        }

        _staged.Clear();
        foreach (var staged in snapshot.Staged)
        {
            _staged[staged.Item] = staged.Staged;
        }
    }

    private void RestoreItems(ImmutableArray<ItemRun> runs)
    {
        var index = 0;
        foreach (var run in runs)
        {
            _counts[(int)run.Status] += run.Count;
            _items.AsSpan(index, run.Count).Fill(new ItemState(run.Status, run.Attempt, run.Failures, run.Losses));
            index += run.Count;
        }

        _nextFresh = FreshCount;
        while (_nextFresh > 0 && _items[FreshAt(_nextFresh - 1)] is { Attempt: 0, Status: ItemStatus.Waiting })
        {
            _nextFresh--;
        }

        // Whatever waits before the last item that was dispatched or settled has had its turn as fresh.
        for (var turn = 0; turn < _nextFresh; turn++)
        {
            if (_items[FreshAt(turn)].Status == ItemStatus.Waiting)
            {
                Give(FreshAt(turn), default);
            }
        }

        CountPieces();
    }
}
