namespace OrleansClean.Batches.Tests;

/// <summary>What must hold after every decision (I2, I3, I9, I11 of the reliability contract, as far as a state shows them).</summary>
internal static class BatchInvariants
{
    /// <summary>What is compared before and after.</summary>
    public sealed record Seen(BatchPhase Phase, long Incarnation, string Items);

    public static Seen Look(BatchState state) => new(
        state.Phase,
        state.Incarnation,
        string.Join(' ', Enumerable.Range(0, state.ItemCount).Select(index => $"{state.Item(index).Status}:{state.Item(index).Attempt}")));

    public static void Check(BatchState state, Seen before, IReadOnlyList<BatchEvent> events)
    {
        foreach (var status in Enum.GetValues<ItemStatus>())
        {
            Assert.Equal(
                Enumerable.Range(0, state.ItemCount).Count(index => state.Item(index).Status == status),
                state.Count(status));
        }

        Assert.True(state.Incarnation >= before.Incarnation, "the incarnation never goes back");
        Assert.All(state.Running.Keys, item => Assert.Equal(ItemStatus.Running, state.Item(item).Status));
        Assert.Equal(state.Count(ItemStatus.Running), state.Running.Count);
        Assert.All(
            state.StagedItems.Keys,
            item => Assert.True(state.Item(item).Status is ItemStatus.Staged or ItemStatus.Intent));
        Assert.Equal(state.Count(ItemStatus.Staged) + state.Count(ItemStatus.Intent), state.StagedItems.Count);
        CheckItems(state, before, events);
        if (state.Phase is BatchPhase.Finishing or BatchPhase.Done)
        {
            Assert.Equal(0, state.OpenCount + state.Count(ItemStatus.Staged));
        }
    }

    private static void CheckItems(BatchState state, Seen before, IReadOnlyList<BatchEvent> events)
    {
        var isReopened = events.Any(happened => happened is BatchEvent.Reopened or BatchEvent.SnapshotTaken);
        var old = before.Items.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var dispatched = events.OfType<BatchEvent.Dispatched>().Select(happened => happened.Attempt.Item).ToList();
        Assert.Equal(dispatched.Distinct(), dispatched);
        Assert.All(dispatched, item => Assert.StartsWith("Waiting:", old[item], StringComparison.Ordinal));
        for (var index = 0; index < old.Length; index++)
        {
            var parts = old[index].Split(':');
            var status = Enum.Parse<ItemStatus>(parts[0]);
            Assert.True(state.Item(index).Attempt >= int.Parse(parts[1], null), "attempts only grow");
            if ((status is ItemStatus.Committed or ItemStatus.Unchanged && !(isReopened && state.Spec!.HasJoin))
                || (!isReopened && status is ItemStatus.Failed or ItemStatus.Cancelled))
            {
                Assert.Equal(status, state.Item(index).Status);
            }
        }
    }
}
