using System.Diagnostics;
using System.Globalization;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// The points of a job between which a crash makes a difference. Tests stop a job at each of them: in this process by a seam, and by the death of a
/// real one, which <c>ORLEANSCLEAN_ARRAY_CRASH=POINT:N</c> brings about at the N-th passing, in the build that ships.
/// </summary>
internal abstract class ArrayPoints
{
    public const string PartialCreated = "partial-created";
    public const string RangeWritten = "range-written";
    public const string PartialFlushed = "partial-flushed";
    public const string RecordWritten = "record-written";
    public const string Renamed = "renamed";
    public const string UndoCreated = "undo-created";
    public const string JournalWritten = "journal-written";
    public const string UndoWritten = "undo-written";
    public const string UndoFlushed = "undo-flushed";
    public const string BlockWritten = "block-written";
    public const string RangeFlushed = "range-flushed";
    public const string LaneDone = "lane-done";
    public const string ArrayFlushed = "array-flushed";
    public const string DoneRecorded = "done-recorded";

    /// <summary>Points of a job in place, in order.</summary>
    public static readonly string[] OfInPlace =
        [UndoCreated, JournalWritten, UndoWritten, UndoFlushed, BlockWritten, RangeFlushed, LaneDone, ArrayFlushed, DoneRecorded];

    /// <summary>A job is at <paramref name="point"/>.</summary>
    public abstract void Pass(string point);

    /// <summary>Nothing happens at any point, or the process dies at the one that the environment names.</summary>
    public static ArrayPoints OfEnvironment() =>
        Environment.GetEnvironmentVariable("ORLEANSCLEAN_ARRAY_CRASH")?.Split(':') is [var point, var times]
        && int.TryParse(times, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? new Deadly(point, at)
            : new Harmless();

    private sealed class Harmless : ArrayPoints
    {
        public override void Pass(string point)
        {
            // What ships passes on.
        }
    }

    private sealed class Deadly(string deadly, int times) : ArrayPoints
    {
        private int _passed;

        public override void Pass(string point)
        {
            if (point == deadly && Interlocked.Increment(ref _passed) == times)
            {
                // As if someone had sent SIGKILL: no handler, no clean-up, nothing is flushed.
                using var self = Process.GetCurrentProcess();
                self.Kill();
                Thread.Sleep(Timeout.Infinite);
            }
        }
    }
}
