using System.Diagnostics;

namespace OrleansClean.Batches;

public sealed partial class BatchState
{
    /// <summary>Makes <paramref name="happened"/> true: the same code live and on load.</summary>
    public void Apply(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.Opened opened:
                Incarnation = opened.Incarnation;
                TakeOver(opened.At);
                break;
            case BatchEvent.Submitted submitted:
                Spec = submitted.Spec;
                SubmittedAt = submitted.At;
                Phase = BatchPhase.Listing;
                break;
            case BatchEvent.Listed listed:
                Listing = listed.Document;
                FinishAgainAt = null;
                _items = new ItemState[listed.Items];
                _counts[(int)ItemStatus.Waiting] = listed.Items;
                SetPieces(listed.Pieces ?? []);
                CountPieces();
                Phase = listed.Items == 0 ? BatchPhase.Finishing : BatchPhase.Running;
                break;
            case BatchEvent.ListingGivenUp failed:
                Message = failed.Failure.Message;
                FinishAgainAt = null;
                Phase = BatchPhase.Finishing;
                break;
            case BatchEvent.StopRequested stop:
                ApplyStop(stop.Reason);
                break;
            case BatchEvent.GateOpened:
                OpenGate();
                break;
            case BatchEvent.GateClosed closed:
                Message = closed.Message;
                CloseAll(ItemStatus.Staged, ItemStatus.Cancelled);
                break;
            case BatchEvent.Reopened reopened:
                Reopen(reopened.At);
                break;
            case BatchEvent.Continued continued:
                Spec = continued.Spec;
                SubmittedAt = continued.At;
                break;
            case BatchEvent.SnapshotTaken taken:
                Restore(taken.Snapshot);
                break;
            default:
                ApplyToItem(happened);
                break;
        }

        if (Phase == BatchPhase.Running && OpenCount == 0 && Count(ItemStatus.Staged) == 0)
        {
            Phase = BatchPhase.Finishing;
        }
    }

    private void ApplyToItem(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.Dispatched dispatched:
                Dispatch(dispatched);
                break;
            case BatchEvent.AttemptLost lost:
                _items[lost.Attempt.Item] = Item(lost.Attempt.Item) with { Losses = Item(lost.Attempt.Item).Losses + 1 };
                _barred[lost.Attempt.Item] = (lost.Worker, lost.NotThereBefore);
                WaitAgain(lost.Attempt.Item, default);
                break;
            case BatchEvent.AttemptReleased released:
                WaitAgain(released.Attempt.Item, default);
                break;
            case BatchEvent.AttemptFailed failed:
                _items[failed.Attempt.Item] = Item(failed.Attempt.Item) with { Failures = Item(failed.Attempt.Item).Failures + 1 };
                WaitAgain(failed.Attempt.Item, failed.RetryAt);
                break;
            case BatchEvent.ItemStaged staged:
                _running.Remove(staged.Attempt.Item);
                _staged[staged.Attempt.Item] = staged.Staged;
                Move(staged.Attempt.Item, ItemStatus.Staged);
                break;
            case BatchEvent.IntentRecorded intent:
                _running.Remove(intent.Attempt.Item);
                _staged[intent.Attempt.Item] = intent.Staged;
                Move(intent.Attempt.Item, ItemStatus.Intent);
                break;
            case BatchEvent.ItemCommitted committed:
                Close(committed.Attempt.Item, ItemStatus.Committed);
                break;
            case BatchEvent.ItemUnchanged unchanged:
                Close(unchanged.Attempt.Item, ItemStatus.Unchanged);
                break;
            case BatchEvent.ItemFailed failed:
                Close(failed.Attempt.Item, ItemStatus.Failed);
                break;
            default:
                ApplyToEnd(happened);
                break;
        }
    }

    private void ApplyToEnd(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.JoinDone joined:
                JoinResult = joined.Result;
                FinishAgainAt = null;
                break;
            case BatchEvent.SweepDone:
                IsSwept = true;
                FinishAgainAt = null;
                break;
            case BatchEvent.ManifestDone:
                HasManifest = true;
                FinishAgainAt = null;
                break;
            case BatchEvent.Finished:
                Phase = BatchPhase.Done;
                FinishAgainAt = null;
                break;
            case BatchEvent.WorkerSeen seen:
                _workers[seen.Worker.Name] = new WorkerState(seen.Worker.Generation, seen.Sequence, seen.LeaseUntil);
                break;
            case BatchEvent.CommitPostponed postponed:
                _commitAgainAt[postponed.Attempt.Item] = postponed.Until;
                _mayLand.Add(postponed.Attempt.Item);
                break;
            case BatchEvent.FinishPostponed postponed:
                FinishAgainAt = postponed.Until;
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Dispatch(BatchEvent.Dispatched dispatched)
    {
        var index = dispatched.Attempt.Item;
        if (_againAt.Remove(index, out var notBefore))
        {
            _again.Remove((notBefore, index));
        }
        else
        {
            PassTurns(index);
        }

        _items[index] = Item(index) with { Attempt = dispatched.Attempt.Number };
        Move(index, ItemStatus.Running);
        _running[index] = new RunningItem(index, dispatched.Worker, dispatched.At);
        if (!_workers.TryGetValue(dispatched.Worker.Name, out var worker) || worker.Generation != dispatched.Worker.Generation)
        {
            _workers[dispatched.Worker.Name] = new WorkerState(dispatched.Worker.Generation, 0, dispatched.At + Spec!.Lease);
        }
    }

    /// <summary>
    /// Another coordinator has another clock: what the one before measured by its own says nothing to it. Leases and the time of attempts
    /// begin anew, waits are over. What the one before sent may still land.
    /// </summary>
    private void TakeOver(Moment at)
    {
        foreach (var (name, worker) in _workers.ToArray())
        {
            _workers[name] = worker with { Sequence = 0, LeaseUntil = at + (Spec?.Lease ?? TimeSpan.Zero) };
        }

        foreach (var running in _running.Values.ToArray())
        {
            _running[running.Item] = running with { Since = at };
        }

        _barred.Clear();
        _again.Clear();
        foreach (var item in _againAt.Keys.ToArray())
        {
            _againAt[item] = 0;
            _again.Add((0, item));
        }

        _commitAgainAt.Clear();
        FinishAgainAt = null;
        _mayLand.Clear();
        _mayLand.UnionWith(_staged.Keys.Where(item => Item(item).Status == ItemStatus.Intent));
    }

    private void ApplyStop(StopReason reason)
    {
        Stop = reason;
        if (Phase == BatchPhase.Listing)
        {
            Phase = BatchPhase.Finishing;
        }

        CloseAll(ItemStatus.Waiting, ItemStatus.Cancelled);
        CloseAll(ItemStatus.Running, ItemStatus.Cancelled);
        CloseAll(ItemStatus.Staged, ItemStatus.Cancelled);
        _again.Clear();
        _againAt.Clear();
        _nextFresh = FreshCount;
    }

    private void OpenGate()
    {
        IsGateOpen = true;
        foreach (var index in _staged.Keys.ToArray())
        {
            if (Item(index).Status == ItemStatus.Staged)
            {
                Move(index, ItemStatus.Intent);
            }
        }
    }

    private void ReopenItem(int index)
    {
        _items[index] = Item(index) with { Failures = 0, Losses = 0 };
        if (index >= Pieces.Length)
        {
            WaitAgain(index, default);
            return;
        }

        // What its pieces staged may be gone by now.
        var first = WholeCount + Pieces.Take(index).Sum();
        for (var piece = first; piece < first + Pieces[index]; piece++)
        {
            _items[piece] = Item(piece) with { Failures = 0, Losses = 0 };
            WaitAgain(piece, default);
        }

        _openPieces[index] = Pieces[index];
        Move(index, ItemStatus.Waiting);
    }

    private void CloseAll(ItemStatus from, ItemStatus to)
    {
        for (var index = 0; index < _items.Length && Count(from) > 0; index++)
        {
            if (Item(index).Status == from)
            {
                Close(index, to);
            }
        }
    }

    private void Reopen(Moment at)
    {
        for (var index = 0; index < WholeCount; index++)
        {
            // Parts are gone once they are one: to make it again takes all of them.
            if (Item(index).Status is ItemStatus.Failed or ItemStatus.Cancelled || Spec!.HasJoin)
            {
                ReopenItem(index);
            }
        }

        Round++;
        SubmittedAt = at;
        Stop = null;
        Message = null;
        IsGateOpen = false;
        JoinResult = null;
        IsSwept = false;
        HasManifest = false;
        Phase = Listing is null ? BatchPhase.Listing : BatchPhase.Running;
    }
}
