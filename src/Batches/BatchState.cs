using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OrleansClean.Batches;

/// <summary>
/// What is known of a batch: the sum of its events. Only <see cref="Apply"/> changes it, and it never refuses: what may
/// happen was decided before.
/// </summary>
public sealed partial class BatchState
{
    private readonly SortedSet<(long NotBefore, int Item)> _again = [];
    private readonly Dictionary<int, long> _againAt = [];
    private readonly Dictionary<int, RunningItem> _running = [];
    private readonly SortedDictionary<int, string> _staged = [];
    private readonly Dictionary<string, WorkerState> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (string Worker, Moment Until)> _barred = [];
    private readonly Dictionary<int, Moment> _commitAgainAt = [];
    private readonly HashSet<int> _mayLand = [];
    private readonly int[] _counts = new int[8];
    private ItemState[] _items = [];
    private int[] _openPieces = [];
    private int _pieceCount;
    private int _nextFresh;

    /// <summary>The incarnation of the coordinator that may write; zero before the first.</summary>
    public long Incarnation { get; private set; }

    /// <summary>What the batch is; null before its submit.</summary>
    public BatchSpec? Spec { get; private set; }

    /// <summary>When it was submitted.</summary>
    public Moment SubmittedAt { get; private set; }

    /// <summary>How far it is.</summary>
    public BatchPhase Phase { get; private set; }

    /// <summary>How often it was reopened.</summary>
    public int Round { get; private set; }

    /// <summary>The document with the frozen inputs, or null.</summary>
    public string? Listing { get; private set; }

    /// <summary>Why it stops early, or null.</summary>
    public StopReason? Stop { get; private set; }

    /// <summary>Why the gate stayed closed, or why the inputs could not be listed; null if neither is so.</summary>
    public string? Message { get; private set; }

    /// <summary>True once the gate was opened.</summary>
    public bool IsGateOpen { get; private set; }

    /// <summary>What became of the join; null before it.</summary>
    public string? JoinResult { get; private set; }

    /// <summary>True once nothing temporary is left.</summary>
    public bool IsSwept { get; private set; }

    /// <summary>True once the manifest stands.</summary>
    public bool HasManifest { get; private set; }

    /// <summary>Finishing is tried again then, or null. Forgotten by a restart.</summary>
    public Moment? FinishAgainAt { get; private set; }

    /// <summary>How many items there are, pieces among them; zero before the listing.</summary>
    public int ItemCount => _items.Length;

    /// <summary>Items that have an output: all but pieces.</summary>
    public int WholeCount => _items.Length - _pieceCount;

    /// <summary>How many pieces the first items have.</summary>
    public ImmutableArray<int> Pieces { get; private set; } = [];

    /// <summary>Items that may still become something else without a gate's word: waiting, running or about to be published.</summary>
    public int OpenCount => Count(ItemStatus.Waiting) + Count(ItemStatus.Running) + Count(ItemStatus.Intent);

    /// <summary>Attempts under way.</summary>
    internal IReadOnlyDictionary<int, RunningItem> Running => _running;

    /// <summary>What is staged, by item, in item order.</summary>
    internal IReadOnlyDictionary<int, string> StagedItems => _staged;

    /// <summary>Workers heard of, by name.</summary>
    internal IReadOnlyDictionary<string, WorkerState> Workers => _workers;

    /// <summary>The last generation of every worker that was heard of, by its name.</summary>
    public IReadOnlyDictionary<string, long> Generations => _workers.ToDictionary(worker => worker.Key, worker => worker.Value.Generation, StringComparer.Ordinal);

    /// <summary>Commits of unknown outcome, and when they are sent again.</summary>
    internal IReadOnlyDictionary<int, Moment> CommitAgainAt => _commitAgainAt;

    /// <summary>Items that wait again, and from when on they may be given out.</summary>
    internal IReadOnlyDictionary<int, long> AgainAt => _againAt;

    /// <summary>Items that do not go back to a worker before a moment.</summary>
    internal IReadOnlyDictionary<int, (string Worker, Moment Until)> Barred => _barred;

    /// <summary>
    /// True if a commit of the item's intent may have been sent before and not been heard of: it may land at any time, whatever a later
    /// sending of it is told.
    /// </summary>
    internal bool MayLand(int item) => _mayLand.Contains(item);

    /// <summary>How many items are in <paramref name="status"/>.</summary>
    public int Count(ItemStatus status) => _counts[(int)status];

    /// <summary>How many pieces are in <paramref name="status"/>.</summary>
    public int CountPieces(ItemStatus status)
    {
        var count = 0;
        for (var index = WholeCount; index < _items.Length; index++)
        {
            count += _items[index].Status == status ? 1 : 0;
        }

        return count;
    }

    /// <summary>An item.</summary>
    public ItemState Item(int index) => _items[index];

    /// <summary>True if <paramref name="attempt"/> is the current one of an item in <paramref name="status"/>.</summary>
    public bool IsCurrent(AttemptId attempt, ItemStatus status) =>
        attempt.Item >= 0 && attempt.Item < _items.Length
        && _items[attempt.Item].Status == status && _items[attempt.Item].Attempt == attempt.Number;

    /// <summary>Waiting items that <paramref name="worker"/> may have at <paramref name="now"/>, those that waited before first.</summary>
    internal IEnumerable<int> Available(string worker, Moment now)
    {
        foreach (var (notBefore, item) in _again)
        {
            if (notBefore > now.Milliseconds)
            {
                break;
            }

            if (!(_barred.TryGetValue(item, out var bar) && bar.Worker == worker && bar.Until > now))
            {
                yield return item;
            }
        }

        for (var turn = _nextFresh; turn < FreshCount; turn++)
        {
            yield return FreshAt(turn);
        }
    }

    /// <summary>Items that are given out in their turn: all but those that wait for their pieces.</summary>
    private int FreshCount => _items.Length - Pieces.Length;

    /// <summary>Pieces come first: what is put together of them comes after them, and they are of the largest items.</summary>
    private int FreshAt(int turn) => turn < _pieceCount ? WholeCount + turn : Pieces.Length + turn - _pieceCount;

    /// <summary>
    /// A fresh item was given out. To a state that was restored, what had waited again before is fresh, and may have been given out in another order: whoever was
    /// passed over waits again.
    /// </summary>
    private void PassTurns(int index)
    {
        var turn = index >= WholeCount ? index - WholeCount : index - Pieces.Length + _pieceCount;
        for (; _nextFresh < turn; _nextFresh++)
        {
            Give(FreshAt(_nextFresh), default);
        }

        _nextFresh = Math.Max(_nextFresh, turn + 1);
    }

    private void SetPieces(ImmutableArray<int> pieces)
    {
        Pieces = pieces;
        _pieceCount = pieces.Sum();
        _openPieces = new int[pieces.Length];
    }

    /// <summary>Counts what is open of each item that has pieces, and lets those go that wait for none.</summary>
    private void CountPieces()
    {
        for (var index = WholeCount; index < _items.Length; index++)
        {
            _openPieces[OwnerOf(index)] += IsOpen(index) ? 1 : 0;
        }

        for (var owner = 0; owner < Pieces.Length; owner++)
        {
            LetGo(owner);
        }
    }

    private bool IsOpen(int index) => _items[index].Status is ItemStatus.Waiting or ItemStatus.Running;

    /// <summary>The item that a piece belongs to.</summary>
    private int OwnerOf(int piece)
    {
        var first = WholeCount;
        for (var owner = 0; ; owner++)
        {
            first += Pieces[owner];
            if (piece < first)
            {
                return owner;
            }
        }
    }

    /// <summary>Lets an item be given out that waited for its pieces, if the last of them is settled.</summary>
    private void LetGo(int owner)
    {
        if (_openPieces[owner] == 0 && Item(owner).Status == ItemStatus.Waiting)
        {
            Give(owner, default);
        }
    }

    /// <summary>A waiting item may be given out from a moment on.</summary>
    private void Give(int index, Moment notBefore)
    {
        _again.Add((notBefore.Milliseconds, index));
        _againAt[index] = notBefore.Milliseconds;
    }

    private void Move(int index, ItemStatus status)
    {
        ref var item = ref _items[index];
        _counts[(int)item.Status]--;
        _counts[(int)status]++;
        item = item with { Status = status };
    }

    private void WaitAgain(int index, Moment notBefore)
    {
        _running.Remove(index);
        _staged.Remove(index);
        _commitAgainAt.Remove(index);
        _mayLand.Remove(index);
        Move(index, ItemStatus.Waiting);
        Give(index, notBefore);
    }

    private void Close(int index, ItemStatus status)
    {
        _running.Remove(index);
        _staged.Remove(index);
        _commitAgainAt.Remove(index);
        _mayLand.Remove(index);
        _barred.Remove(index);
        Move(index, status);
        if (index >= WholeCount)
        {
            var owner = OwnerOf(index);
            _openPieces[owner]--;
            LetGo(owner);
        }
    }
}

/// <summary>One item.</summary>
/// <param name="Status">How far it is.</param>
/// <param name="Attempt">The current attempt's number; zero before the first.</param>
/// <param name="Failures">Attempts that failed.</param>
/// <param name="Losses">Attempts that were lost with their worker.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ItemState(ItemStatus Status, int Attempt, int Failures, int Losses);

/// <summary>A worker, as far as it was heard of.</summary>
internal sealed record WorkerState(long Generation, long Sequence, Moment LeaseUntil);
