using System.Collections.Immutable;
using System.Diagnostics;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>The part that follows the journal: what an event may follow on.</summary>
internal sealed partial class HistoryChecker
{
    /// <summary>The same, to be led on by another history.</summary>
    public HistoryChecker Clone()
    {
        var clone = (HistoryChecker)MemberwiseClone();
        clone._items = [.. _items];
        clone._standing = [.. _standing];
        return clone;
    }

    /// <summary>Adds what matters for the future to a hash.</summary>
    public void AddTo(ref WorldHash hash)
    {
        hash.Add((int)Phase, Round, _isStopped ? 1 : 0, _isGateOpen ? 1 : 0, _isSwept ? 1 : 0, _hasManifest ? 1 : 0, _manifestRound - Round, _reportRound - Round);
        foreach (var item in _items)
        {
            hash.Add((int)item.Status, item.Attempt, (int)item.Intents, item.Tries, item.Losses);
        }

        foreach (var standing in _standing)
        {
            hash.Add(standing.Landed, standing.IsOurs ? 1 : 0);
        }
    }

    private void Add(long incarnation, BatchEvent happened)
    {
        if (happened is BatchEvent.Opened opened)
        {
            Hold(opened.Incarnation > _incarnation && incarnation == opened.Incarnation, $"I9: incarnation {opened.Incarnation} after {_incarnation}");
            _incarnation = opened.Incarnation;
            return;
        }

        Hold(incarnation == _incarnation, $"I11: incarnation {incarnation} wrote '{Shown.Of(happened)}' after {_incarnation} had taken over");
        switch (happened)
        {
            case BatchEvent.Submitted submitted:
                Hold(_spec is null, $"I8: submitted twice");
                (_spec, Phase) = (submitted.Spec, BatchPhase.Listing);
                break;
            case BatchEvent.Listed listed:
                Hold(Phase == BatchPhase.Listing, $"I9: listed while {Phase}");
                _listing = listed.Document;
                _items = new Item[listed.Items];
                _pieces = listed.Pieces ?? [];
                _standing = new Standing[listed.Items * objects];
                Phase = listed.Items == 0 ? BatchPhase.Finishing : BatchPhase.Running;
                break;
            case BatchEvent.ListingGivenUp:
                Hold(Phase == BatchPhase.Listing, $"I9: the listing was given up while {Phase}");
                Phase = BatchPhase.Finishing;
                break;
            case BatchEvent.StopRequested:
                Hold(!_isStopped && Phase is BatchPhase.Listing or BatchPhase.Running, $"I9: stopped while {Phase}");
                _isStopped = true;
                _stops++;
                Turn(ItemStatus.Cancelled, ItemStatus.Waiting, ItemStatus.Running, ItemStatus.Staged);
                Phase = Phase == BatchPhase.Listing ? BatchPhase.Finishing : Phase;
                break;
            case BatchEvent.GateOpened:
                Hold(_spec!.HasGate && !_isStopped && Failed == 0, $"I12: the gate was opened with {Failed} failed items");
                Hold(_items.All(item => item.Status is not (ItemStatus.Waiting or ItemStatus.Running)), $"I12: the gate was opened before all items were ready");
                for (var index = 0; index < _items.Length; index++)
                {
                    _items[index].Intents |= _items[index].Status == ItemStatus.Staged ? 1L << _items[index].Attempt : 0;
                }

                _isGateOpen = true;
                Turn(ItemStatus.Intent, ItemStatus.Staged);
                break;
            case BatchEvent.GateClosed:
                Hold(_spec!.HasGate && Failed > 0, $"I12: the gate was closed and nothing failed");
                Turn(ItemStatus.Cancelled, ItemStatus.Staged);
                break;
            default:
                AddToItem(happened);
                break;
        }

        Phase = Phase == BatchPhase.Running && _items.All(item => item.Status > ItemStatus.Intent) ? BatchPhase.Finishing : Phase;
    }

    private void AddToItem(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.Dispatched { Attempt: var attempt }:
                ref var item = ref _items[attempt.Item];
                Hold(PiecesOf(attempt.Item).All(piece => _items[piece].Status > ItemStatus.Intent), $"I9: {attempt} was given out before its pieces were settled");
                Hold(item.Status == ItemStatus.Waiting && attempt.Number == item.Attempt + 1 && !_isStopped, $"I11: {attempt} was given out while the item is {item.Status} with attempt {item.Attempt}");
                (item.Status, item.Attempt, item.Tries) = (ItemStatus.Running, attempt.Number, item.Tries + 1);
                Hold(item.Tries <= _spec!.RetriesMax + _spec.LossesMax + 1, $"I14: {attempt} is the {item.Tries}th try");
                break;
            case BatchEvent.AttemptLost lost:
                Turn(lost.Attempt, ItemStatus.Waiting, ItemStatus.Running);
                _items[lost.Attempt.Item].Losses++;
                break;
            case BatchEvent.AttemptReleased released:
                Turn(released.Attempt, ItemStatus.Waiting, ItemStatus.Running);
                _items[released.Attempt.Item].Tries--;
                break;
            case BatchEvent.AttemptFailed failed:
                Hold(!IsOutput(failed.Attempt), $"I12: {failed.Attempt} failed and is published");
                Turn(failed.Attempt, ItemStatus.Waiting, ItemStatus.Running, ItemStatus.Intent);
                break;
            case BatchEvent.ItemStaged or BatchEvent.IntentRecorded when PieceOf(happened) is { } piece:
                Hold(false, $"I12: {piece} is a piece and has nothing to publish");
                break;
            case BatchEvent.ItemStaged staged:
                Hold(_spec!.HasGate && !_isGateOpen, $"I12: {staged.Attempt} waits for a gate that is open");
                Turn(staged.Attempt, ItemStatus.Staged, ItemStatus.Running);
                break;
            case BatchEvent.IntentRecorded intent:
                Hold(!_spec!.HasGate || _isGateOpen, $"I12: {intent.Attempt} passes a gate that is closed");
                Turn(intent.Attempt, ItemStatus.Intent, ItemStatus.Running);
                _items[intent.Attempt.Item].Intents |= 1L << intent.Attempt.Number;
                break;
            case BatchEvent.ItemCommitted committed:
                Hold(_standing[(committed.Attempt.Item * objects) + objects - 1].Landed != 0, $"I12: {committed.Attempt} is committed and not published");
                Turn(committed.Attempt, ItemStatus.Committed, ItemStatus.Intent);
                break;
            case BatchEvent.ItemUnchanged unchanged:
                Turn(unchanged.Attempt, ItemStatus.Unchanged, ItemStatus.Running);
                break;
            case BatchEvent.ItemFailed failed:
                Hold(!IsOutput(failed.Attempt), $"I12: {failed.Attempt} failed for good and is published");
                Turn(failed.Attempt, ItemStatus.Failed, ItemStatus.Running, ItemStatus.Intent);
                break;
            default:
                AddToEnd(happened);
                break;
        }
    }

    private void AddToEnd(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.SweepDone:
                Hold(Phase == BatchPhase.Finishing && !_isSwept, $"I9: swept while {Phase}");
                _isSwept = true;
                break;
            case BatchEvent.ManifestDone:
                Hold(_manifestRound == Round && _isSwept, $"I4: the manifest is done and was not written");
                _hasManifest = true;
                break;
            case BatchEvent.Finished:
                Hold(_reportRound == Round && _hasManifest, $"I4: the batch is done and its report was not written");
                Phase = BatchPhase.Done;
                break;
            case BatchEvent.Reopened:
                Hold(Phase == BatchPhase.Done, $"I9: reopened while {Phase}");
                Reopen();
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Reopen()
    {
        for (var index = 0; index < _items.Length; index++)
        {
            _items[index].Tries = 0;
        }

        for (var index = 0; index < Wholes; index++)
        {
            if (_items[index].Status is ItemStatus.Failed or ItemStatus.Cancelled)
            {
                _items[index].Status = ItemStatus.Waiting;
                foreach (var piece in PiecesOf(index))
                {
                    _items[piece].Status = ItemStatus.Waiting;
                }
            }
        }

        Round++;
        (_isStopped, _isGateOpen, _isSwept, _hasManifest) = (false, false, false, false);
        Phase = _listing is null ? BatchPhase.Listing : BatchPhase.Running;
    }

    private IEnumerable<int> PiecesOf(int index) =>
        index < _pieces.Length ? Enumerable.Range(Wholes + _pieces.Take(index).Sum(), _pieces[index]) : [];

    private AttemptId? PieceOf(BatchEvent happened) => happened switch
    {
        BatchEvent.ItemStaged staged when staged.Attempt.Item >= Wholes => staged.Attempt,
        BatchEvent.IntentRecorded intent when intent.Attempt.Item >= Wholes => intent.Attempt,
        _ => null,
    };

    private bool IsOutput(AttemptId attempt)
    {
        var output = _standing[(attempt.Item * objects) + objects - 1];
        return output.IsOurs && output.Landed == attempt.Number;
    }

    private void Turn(AttemptId attempt, ItemStatus to, params ReadOnlySpan<ItemStatus> from)
    {
        ref var item = ref _items[attempt.Item];
        Hold(item.Attempt == attempt.Number && from.Contains(item.Status), $"I9: {attempt} becomes {to} and the item is {item.Status} with attempt {item.Attempt}");
        item.Status = to;
    }

    private void Turn(ItemStatus to, params ReadOnlySpan<ItemStatus> from)
    {
        for (var index = 0; index < _items.Length; index++)
        {
            if (from.Contains(_items[index].Status))
            {
                _items[index].Status = to;
            }
        }
    }
}
