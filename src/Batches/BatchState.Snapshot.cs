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
        _nextFresh = 0;
        foreach (var run in runs)
        {
            _counts[(int)run.Status] += run.Count;
            for (var i = 0; i < run.Count; i++, index++)
            {
                _items[index] = new ItemState(run.Status, run.Attempt, run.Failures, run.Losses);
                if (run.Attempt > 0 || run.Status != ItemStatus.Waiting)
                {
                    // Whatever waits before the last item that was dispatched or settled has had its turn as fresh.
                    _nextFresh = index + 1;
                }
            }
        }

        for (index = 0; index < _nextFresh; index++)
        {
            if (_items[index].Status == ItemStatus.Waiting)
            {
                _again.Add((0, index));
                _againAt[index] = 0;
            }
        }
    }
}
