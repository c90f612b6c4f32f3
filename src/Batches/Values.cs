using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace OrleansClean.Batches;

/// <summary>A moment as milliseconds since 1970-01-01 UTC. It comes from outside: the coordinator has no clock.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Moment(long Milliseconds) : IComparable<Moment>
{
    /// <summary>The moment <paramref name="span"/> later.</summary>
    public static Moment operator +(Moment moment, TimeSpan span) => new(moment.Milliseconds + (long)span.TotalMilliseconds);

    /// <summary>Earlier.</summary>
    public static bool operator <(Moment a, Moment b) => a.Milliseconds < b.Milliseconds;

    /// <summary>Later.</summary>
    public static bool operator >(Moment a, Moment b) => a.Milliseconds > b.Milliseconds;

    /// <summary>Earlier or the same.</summary>
    public static bool operator <=(Moment a, Moment b) => a.Milliseconds <= b.Milliseconds;

    /// <summary>Later or the same.</summary>
    public static bool operator >=(Moment a, Moment b) => a.Milliseconds >= b.Milliseconds;

    /// <inheritdoc />
    public int CompareTo(Moment other) => Milliseconds.CompareTo(other.Milliseconds);
}

/// <summary>
/// One incarnation of a worker: a process that takes items. <see cref="Generation"/> grows with every start under the same
/// name, so a newer one proves that the older is gone.
/// </summary>
public sealed record WorkerId(string Name, long Generation);

/// <summary>An attempt at an item: the token that fences every message and every staged block.</summary>
/// <param name="Item">The item's place in the listing, from zero.</param>
/// <param name="Number">Counts the dispatches of this item from one; a lower one than the current is a zombie's.</param>
public sealed record AttemptId(int Item, int Number);

/// <summary>Where lines are that are kept beside a journal.</summary>
/// <param name="Log">The number of the log, from one.</param>
/// <param name="Start">Their first byte.</param>
/// <param name="Length">Their bytes.</param>
public sealed record AsidePlace(int Log, long Start, int Length);

/// <summary>Why something did not work.</summary>
/// <param name="Code">A stable name, such as <c>storage-error</c>.</param>
/// <param name="Message">One sentence for a person; no cell's text.</param>
/// <param name="IsTransient">True if trying again may help.</param>
public sealed record Failure(string Code, string Message, bool IsTransient)
{
    /// <summary>The line of the item on which it was noticed, or 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Line { get; init; }
}
