using System.Runtime.InteropServices;

namespace OrleansClean.Cleaning.Ranges;

/// <summary>
/// The lines and records of a block of a file whose beginning may be inside quotes or not: both are counted, and which of
/// them holds is known once the blocks before it are. A block never ends between a CR and its LF.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RangeFrame
{
    /// <summary>Physical line ends, inside and outside quotes.</summary>
    public required int LineEnds { get; init; }

    /// <summary>The number of quotes is odd: the next block begins in the other state.</summary>
    public required bool IsOdd { get; init; }

    /// <summary>What holds if the block begins outside quotes.</summary>
    public required RecordCount Outside { get; init; }

    /// <summary>What holds if it begins inside them.</summary>
    public required RecordCount Inside { get; init; }
}

/// <summary>The records that end in a block.</summary>
/// <param name="Ends">Line ends outside quotes.</param>
/// <param name="Blanks">Of these, the ends of lines without a character.</param>
/// <param name="Cut">The position behind the last of them; 0 if there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RecordCount(int Ends, int Blanks, int Cut);
