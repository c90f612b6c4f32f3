using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>
/// Reads a history line by line and says which promise it breaks. It knows nothing of the coordinator's code: what an item is and may
/// become is written down here a second time.
/// </summary>
/// <param name="objects">Objects that an item publishes; the last is its output.</param>
internal sealed partial class HistoryChecker(int objects)
{
    private readonly Dictionary<string, ImmutableArray<ImmutableArray<int?>>> _listed = new(StringComparer.Ordinal);
    private Item[] _items = [];
    private ImmutableArray<int> _pieces = [];
    private Standing[] _standing = [];
    private BatchSpec? _spec;
    private long _incarnation;
    private string? _listing;
    private bool _isStopped;
    private int _stops;
    private bool _isGateOpen;
    private bool _isSwept;
    private bool _hasManifest;
    private int _manifestRound = -1;
    private int _reportRound = -1;
    private ImmutableArray<ItemStatus> _manifest = [];
    private ImmutableArray<ItemStatus> _report = [];

    /// <summary>How far the batch is.</summary>
    public BatchPhase Phase { get; private set; }

    /// <summary>How often it was reopened.</summary>
    public int Round { get; private set; }

    /// <summary>The listing that counts, or null.</summary>
    public string? Listing => _listing;

    /// <summary>How each item stands.</summary>
    public ImmutableArray<ItemStatus> Outcomes => [.. _items.Select(item => item.Status)];

    /// <summary>The tags that were listed for an item's objects.</summary>
    public ImmutableArray<int?> Tags(int item) => _listed[_listing!][item];

    /// <summary>Items that failed so far.</summary>
    public int Failed => _items.Take(Wholes).Count(item => item.Status == ItemStatus.Failed);

    /// <summary>Items that are no pieces.</summary>
    private int Wholes => _items.Length - _pieces.Sum();

    /// <summary>Takes the next line.</summary>
    public void Add(Happening happening)
    {
        switch (happening)
        {
            case Happening.Durable durable:
                foreach (var happened in durable.Events)
                {
                    Add(durable.Incarnation, happened);
                }

                break;
            case Happening.Landed landed:
                Add(landed);
                break;
            case Happening.Intruded intruded when _items.Length > 0:
                _standing[(intruded.Item * objects) + intruded.Object].IsOurs = false;
                break;
            case Happening.ListingWritten written:
                _listed[written.Document] = written.Tags;
                break;
            case Happening.PaperWritten paper:
                Add(paper);
                break;
            case Happening.Released { Effect: BatchEffect.Commit commit }:
                Hold((_items[commit.Attempt.Item].Intents & (1L << commit.Attempt.Number)) != 0, $"I12: {commit} was let go and its intent is not durable");
                break;
            case Happening.Answered answered:
                Add(answered);
                break;
        }
    }

    /// <summary>What must be so when the batch is done.</summary>
    public void CheckEnd()
    {
        Hold(Phase == BatchPhase.Done, $"L1: the batch is {Phase}");
        for (var index = 0; index < _items.Length; index++)
        {
            var status = _items[index].Status;
            var output = _standing[(index * objects) + objects - 1];
            Hold(status is ItemStatus.Committed or ItemStatus.Unchanged or ItemStatus.Failed or ItemStatus.Cancelled, $"L1: item {index} is {status}");
            Hold(status == ItemStatus.Committed || !output.IsOurs, $"I12: item {index} is {status} and its output is published");
            Hold(status != ItemStatus.Committed || output.Landed != 0, $"I12: item {index} is committed and was never published");
        }

        Hold(_reportRound == Round && _report.SequenceEqual(Outcomes), $"I4: the report tells '{string.Join(' ', _report)}' and the items are '{string.Join(' ', Outcomes)}'");
        Hold(_manifestRound == Round && _manifest.SequenceEqual(Outcomes), $"I4: the manifest tells '{string.Join(' ', _manifest)}' and the items are '{string.Join(' ', Outcomes)}'");
    }

    private void Add(Happening.Landed landed)
    {
        var (index, number) = landed.Attempt;
        Hold(IsCurrent(landed.Attempt, ItemStatus.Intent), $"I3: {landed}, although item {index} is {_items[index].Status} with attempt {_items[index].Attempt}");
        Hold(landed.Replaced == _listed[_listing!][index][landed.Object], $"I13: {landed}, and something else was listed there");
        ref var standing = ref _standing[(index * objects) + landed.Object];
        Hold(standing.Landed == 0, $"I2: {landed} after attempt {standing.Landed} landed");
        Hold(landed.Object == 0 || _standing[(index * objects) + landed.Object - 1].Landed != 0, $"I1: {landed} before the object that goes first");
        standing = new Standing { Landed = number, IsOurs = true };
    }

    private void Add(Happening.PaperWritten paper)
    {
        var isReport = paper.Kind == Kind.Paper;
        if (!(isReport ? _hasManifest : _isSwept))
        {
            // A slow hand of an earlier round writes once more what stands there already: nobody sees a difference.
            Hold(paper.Outcomes.SequenceEqual(isReport ? _report : _manifest), $"I4: {paper}, of a batch that is {Phase} again");
            return;
        }

        var (standing, round) = isReport ? (_report, _reportRound) : (_manifest, _manifestRound);
        if (round < Round && paper.Outcomes.SequenceEqual(standing) && !paper.Outcomes.SequenceEqual(Outcomes))
        {
            // The same slow hand, later still: what this round has to tell is not told yet.
            return;
        }

        Hold(paper.Outcomes.SequenceEqual(Outcomes), $"I4: {paper}, and the items are {string.Join(' ', Outcomes)}");
        if (isReport)
        {
            (_report, _reportRound) = (paper.Outcomes, Round);
        }
        else
        {
            (_manifest, _manifestRound) = (paper.Outcomes, Round);
        }
    }

    private void Add(Happening.Answered answered)
    {
        switch (answered.Input, answered.Answer)
        {
            case (BatchInput.Submit submit, BatchAnswer.Accepted):
                Hold(_spec?.BodyHash == submit.Spec.BodyHash, $"I8: a submit was acknowledged that is not durable");
                break;
            case (BatchInput.Submit submit, BatchAnswer.Refused):
                Hold(_spec is not null && _spec.BodyHash != submit.Spec.BodyHash, $"I8: a submit of the same body was refused");
                break;
            case (BatchInput.Cancel, BatchAnswer.Accepted { IsNew: true }):
                Hold(_stops > 0, $"I10: a cancel was acknowledged that is not durable");
                break;
            case (BatchInput.RetryFailed, BatchAnswer.Accepted):
                Hold(Round > 0, $"I8: a retry was acknowledged that is not durable");
                break;
            case (BatchInput.Take, BatchAnswer.Work work):
                foreach (var attempt in work.Attempts)
                {
                    Hold(_items[attempt.Item].Attempt >= attempt.Number, $"I11: {attempt} was given out and is not durable");
                }

                break;
            case (BatchInput.Report report, BatchAnswer.Reported { Counted: true }):
                Hold(!IsCurrent(report.Attempt, ItemStatus.Running), $"I11: a report of {report.Attempt} counted and is not durable");
                break;
        }
    }

    private bool IsCurrent(AttemptId attempt, ItemStatus status) =>
        attempt.Item < _items.Length && _items[attempt.Item].Attempt == attempt.Number && _items[attempt.Item].Status == status;

    private static void Hold(bool isSo, [InterpolatedStringHandlerArgument(nameof(isSo))] ref BrokenPromise what)
    {
        if (!isSo)
        {
            throw new BrokenPromiseException(what.ToString());
        }
    }

    private struct Item
    {
        public ItemStatus Status;
        public int Attempt;

        /// <summary>Which attempts had an intent, one bit for each.</summary>
        public long Intents;

        /// <summary>Attempts of this round that count against the bounds.</summary>
        public int Tries;

        /// <summary>Attempts that were lost with their workers.</summary>
        public int Losses;
    }

    private struct Standing
    {
        /// <summary>The attempt that landed, or 0.</summary>
        public int Landed;

        /// <summary>What it wrote stands there still.</summary>
        public bool IsOurs;
    }
}

/// <summary>The text of a broken promise, put together only if it is broken.</summary>
[InterpolatedStringHandler]
internal ref struct BrokenPromise
{
    private DefaultInterpolatedStringHandler _text;

    public BrokenPromise(int literalLength, int formattedCount, bool isSo, out bool mustAppend)
    {
        mustAppend = !isSo;
        _text = isSo ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public override string ToString() => _text.ToString();
}
