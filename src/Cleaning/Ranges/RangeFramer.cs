using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Ranges;

/// <summary>
/// Counts lines and records of a block for both states that it may begin in, 64 bytes at a time. What lies inside quotes for one state
/// lies outside for the other, so both cost hardly more than one.
/// </summary>
internal ref struct RangeFramer
{
    private const int BlockBytes = 64;

    private ulong _inside;
    private ulong _afterCr;
    private ulong _afterLineEnd;
    private int _lineEnds;
    private int _ends;
    private int _blanks;
    private int _blanksOutside;
    private int _lastOutside;
    private int _lastInside;

    /// <summary>Frames <paramref name="block"/>; <paramref name="isAfterLineEnd"/>: the byte before it ends a line, or there is none.</summary>
    public static RangeFrame Of(ReadOnlySpan<byte> block, bool isAfterLineEnd)
    {
        var framer = new RangeFramer { _afterLineEnd = isAfterLineEnd ? 1UL : 0, _lastOutside = -1, _lastInside = -1 };
        ref var start = ref MemoryMarshal.GetReference(block);
        var offset = 0;
        for (; offset + BlockBytes <= block.Length; offset += BlockBytes)
        {
            framer.Add(ref Unsafe.Add(ref start, offset), offset);
        }

        if (offset < block.Length)
        {
            // A space is neither quote nor line end.
            Span<byte> tail = stackalloc byte[BlockBytes];
            tail.Fill((byte)' ');
            block[offset..].CopyTo(tail);
            framer.Add(ref MemoryMarshal.GetReference(tail), offset);
        }

        return new RangeFrame
        {
            LineEnds = framer._lineEnds,
            IsOdd = framer._inside != 0,
            Outside = new RecordCount(framer._ends, framer._blanksOutside, Behind(block, framer._lastOutside)),
            Inside = new RecordCount(framer._lineEnds - framer._ends, framer._blanks - framer._blanksOutside, Behind(block, framer._lastInside)),
        };
    }

    private static int Behind(ReadOnlySpan<byte> block, int lineEnd) => lineEnd < 0 ? 0 : lineEnd + PhysicalLines.EndLength(block[lineEnd..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(ref byte block, int offset)
    {
        var a = Vector256.LoadUnsafe(ref block);
        var b = Vector256.LoadUnsafe(ref block, 32);
        var quotes = Bits(a, b, (byte)'"');
        var returns = Bits(a, b, (byte)'\r');
        var lineEnds = returns | Bits(a, b, (byte)'\n');
        var first = lineEnds & (returns | ~((returns << 1) | _afterCr));
        var inside = quotes == 0 ? _inside : VectorScanner.PrefixXor(quotes) ^ _inside;
        var outside = first & ~inside;
        var within = first & inside;
        _lineEnds += BitOperations.PopCount(first);
        _ends += BitOperations.PopCount(outside);
        var blanks = first & ((lineEnds << 1) | _afterLineEnd);
        if (blanks != 0)
        {
            _blanks += BitOperations.PopCount(blanks);
            _blanksOutside += BitOperations.PopCount(blanks & ~inside);
        }

        _lastOutside = outside == 0 ? _lastOutside : offset + BlockBytes - 1 - BitOperations.LeadingZeroCount(outside);
        _lastInside = within == 0 ? _lastInside : offset + BlockBytes - 1 - BitOperations.LeadingZeroCount(within);
        _inside = (ulong)((long)inside >> 63);
        _afterCr = returns >> 63;
        _afterLineEnd = lineEnds >> 63;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> a, Vector256<byte> b, byte wanted)
    {
        var pattern = Vector256.Create(wanted);
        return Vector256.Equals(a, pattern).ExtractMostSignificantBits()
            | ((ulong)Vector256.Equals(b, pattern).ExtractMostSignificantBits() << 32);
    }
}
