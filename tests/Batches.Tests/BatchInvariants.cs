using OrleansClean.Batches.Tests.Worlds;

namespace OrleansClean.Batches.Tests;

/// <summary>What must hold after every decision (I2, I3, I9, I11 of the reliability contract, as far as a state shows them).</summary>
internal static class BatchInvariants
{
    /// <summary>What is compared before and after.</summary>
    public readonly record struct Seen(BatchPhase Phase, long Incarnation, int Round, ItemState[] Items)
    {
        public bool IsSame(Seen other) =>
            Phase == other.Phase && Incarnation == other.Incarnation && Round == other.Round && Items.AsSpan().SequenceEqual(other.Items);
    }

    public static Seen Look(BatchState state)
    {
        var items = new ItemState[state.ItemCount];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = state.Item(index);
        }

        return new Seen(state.Phase, state.Incarnation, state.Round, items);
    }

    public static void Check(BatchState state, Seen before, IReadOnlyList<BatchEvent> events)
    {
        Span<int> counts = stackalloc int[8];
        for (var index = 0; index < state.ItemCount; index++)
        {
            var status = state.Item(index).Status;
            counts[(int)status]++;
            Hold(status == ItemStatus.Running == state.Running.ContainsKey(index), index, "what runs is known by its worker");
            Hold(status is ItemStatus.Staged or ItemStatus.Intent == state.StagedItems.ContainsKey(index), index, "what is staged is known by its reference");
            Hold(!state.AgainAt.ContainsKey(index) || status == ItemStatus.Waiting, index, "only what waits can be given out again");
        }

        for (var status = 0; status < counts.Length; status++)
        {
            Hold(counts[status] == state.Count((ItemStatus)status), status, "items are counted right");
        }

        Hold(counts[(int)ItemStatus.Running] == state.Running.Count, 0, "nothing runs that is no item");
        Hold(state.CommitAgainAt.Count <= counts[(int)ItemStatus.Intent], 0, "only intents are sent again");
        Hold(state.Incarnation >= before.Incarnation, 0, "the incarnation never goes back");
        Hold(state.Phase is not (BatchPhase.Finishing or BatchPhase.Done) || state.OpenCount + counts[(int)ItemStatus.Staged] == 0, 0, "a batch ends when its items have");
        CheckPieces(state);
        CheckItems(state, before, events);
    }

    private static void CheckPieces(BatchState state)
    {
        var piece = state.WholeCount;
        for (var index = 0; index < state.Pieces.Length; index++)
        {
            var open = 0;
            for (var end = piece + state.Pieces[index]; piece < end; piece++)
            {
                open += state.Item(piece).Status is ItemStatus.Waiting or ItemStatus.Running ? 1 : 0;
                Hold(state.Item(piece).Status is not (ItemStatus.Staged or ItemStatus.Intent or ItemStatus.Committed), piece, "a piece is never published");
            }

            Hold(open == 0 || !state.AgainAt.ContainsKey(index), index, "an item waits for its pieces");
            Hold(open > 0 || state.Item(index).Status != ItemStatus.Waiting || state.AgainAt.ContainsKey(index), index, "an item whose pieces are settled can be given out");
        }
    }

    private static void CheckItems(BatchState state, Seen before, IReadOnlyList<BatchEvent> events)
    {
        var isReopened = false;
        foreach (var happened in events)
        {
            isReopened |= happened is BatchEvent.Reopened or BatchEvent.SnapshotTaken;
            if (happened is BatchEvent.Dispatched { Attempt: var attempt })
            {
                Hold(before.Items[attempt.Item].Status == ItemStatus.Waiting, attempt.Item, "only waiting items are given out, each once");
                Hold(before.Items[attempt.Item].Attempt + 1 == attempt.Number, attempt.Item, "no number of an attempt is given twice");
            }
        }

        Hold(isReopened || state.Phase >= before.Phase, 0, "a batch does not go back");
        for (var index = 0; index < before.Items.Length; index++)
        {
            var (old, now) = (before.Items[index], state.Item(index));
            Hold(now.Attempt >= old.Attempt, index, "attempts only grow");
            var isFinal = (old.Status is ItemStatus.Committed or ItemStatus.Unchanged && !(isReopened && state.Spec!.HasJoin))
                || (!isReopened && old.Status is ItemStatus.Failed or ItemStatus.Cancelled);
            isFinal &= !(isReopened && index >= state.WholeCount);
            Hold(!isFinal || now.Status == old.Status, index, "what has ended stays so");
            Hold(old.Status != ItemStatus.Intent || now.Status != ItemStatus.Cancelled, index, "what is about to be published is not cancelled");
        }
    }

    private static void Hold(bool isSo, int item, string rule)
    {
        if (!isSo)
        {
            throw new BrokenPromiseException($"item {item}: {rule}");
        }
    }
}
