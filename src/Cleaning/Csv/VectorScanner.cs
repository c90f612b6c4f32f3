using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// Scans 64 bytes at a time: one bit per byte for quotes, delimiters and line ends, and the prefix xor of the quote bits
/// to know which bytes are inside quotes (the method of Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).
/// </summary>
/// <remarks>
/// The parity of quotes is right only while every quote stands where RFC 4180 allows one. Two masks check that: an
/// opening quote must follow a separator or a closing quote, and behind a closing quote a separator or a quote must stand.
/// </remarks>
internal sealed class VectorScanner : IScanner
{
    private const int BlockBytes = 64;

    public void Scan(ReadOnlySpan<byte> data, int position, byte delimiter, SeparatorIndex index)
    {
        var offset = 0;
        for (; offset + BlockBytes <= data.Length; offset += BlockBytes)
        {
            var masks = Masks.Of(ref Unsafe.Add(ref MemoryMarshal.GetReference(data), offset), delimiter);
            if (!Add(masks, ulong.MaxValue, BlockBytes, position + offset, index))
            {
                return;
            }
        }

        var rest = data.Length - offset;
        if (rest == 0)
        {
            return;
        }

        // A space is neither separator, quote, NUL nor line end.
        Span<byte> tail = stackalloc byte[BlockBytes];
        tail.Fill((byte)' ');
        data[offset..].CopyTo(tail);
        Add(Masks.Of(ref MemoryMarshal.GetReference(tail), delimiter), (1UL << rest) - 1, rest, position + offset, index);
    }

    /// <summary>Adds one block's separators to the index; false if a quote is out of place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Add(in Masks masks, ulong valid, int length, int position, SeparatorIndex index)
    {
        var delimiters = masks.Delimiters & valid;
        var inside = index.InsideQuotes;
        var closing = 0UL;
        var lineEnds = masks.LineFeeds | masks.Returns;
        if (masks.Quotes != 0 || (index.InsideQuotes | index.JustClosed) != 0)
        {
            inside = PrefixXor(masks.Quotes) ^ index.InsideQuotes;
            closing = masks.Quotes & ~inside;
            var separators = (delimiters | lineEnds) & ~inside;
            var mayOpen = ((separators | closing) << 1) | index.MayOpen;
            var mustEnd = (closing << 1) | index.JustClosed;
            var broken = ((masks.Quotes & inside & ~mayOpen) | (mustEnd & ~(delimiters | lineEnds | masks.Quotes))) & valid;
            if (broken != 0)
            {
                var at = BitOperations.TrailingZeroCount(broken);
                index.BrokenAt = position + at;
                valid &= (1UL << at) - 1;
                length = at;
            }
        }

        var fields = delimiters & ~inside & valid;
        var returns = masks.Returns & ~inside & valid;
        var feeds = masks.LineFeeds & ~inside & valid;
        var first = masks.Returns | (masks.LineFeeds & ~((masks.Returns << 1) | index.AfterCr));
        var rows = first & ~inside & valid;
        var all = fields | returns | feeds;
        index.Flags |= masks.Flags;
        AppendQuoted(first & inside & valid, position, index);
        index.Reserve(BlockBytes);
        AppendRows(rows, all, index);
        AppendBounds(all, position, index);
        if (index.BrokenAt >= 0)
        {
            return false;
        }

        var last = length - 1;
        index.InsideQuotes = (ulong)-(long)((inside >> last) & 1);
        index.MayOpen = ((all | closing) >> last) & 1;
        index.JustClosed = (closing >> last) & 1;
        index.AfterCr = (masks.Returns >> last) & 1;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AppendRows(ulong rows, ulong all, SeparatorIndex index)
    {
        var count = index.RowEndCount;
        ref var target = ref MemoryMarshal.GetArrayDataReference(index.RowEnds);
        while (rows != 0)
        {
            var before = (rows & (0 - rows)) - 1;
            Unsafe.Add(ref target, count++) = index.BoundCount + BitOperations.PopCount(all & before);
            rows &= rows - 1;
        }

        index.RowEndCount = count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AppendBounds(ulong all, int position, SeparatorIndex index)
    {
        // Eight at a time, there or not: what is written behind the last one is written over. (A branch for each would be guessed
        // wrong once a block.)
        var count = BitOperations.PopCount(all);
        ref var target = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(index.Bounds), index.BoundCount);
        index.BoundCount += count;
        do
        {
            Unsafe.Add(ref target, 0) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            Unsafe.Add(ref target, 1) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            Unsafe.Add(ref target, 2) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            Unsafe.Add(ref target, 3) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            Unsafe.Add(ref target, 4) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            Unsafe.Add(ref target, 5) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            Unsafe.Add(ref target, 6) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            Unsafe.Add(ref target, 7) = position + BitOperations.TrailingZeroCount(all);
            all &= all - 1;
            target = ref Unsafe.Add(ref target, 8);
        }
        while (all != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AppendQuoted(ulong lineEnds, int position, SeparatorIndex index)
    {
        while (lineEnds != 0)
        {
            index.AddQuotedLineEnd(position + BitOperations.TrailingZeroCount(lineEnds));
            lineEnds &= lineEnds - 1;
        }
    }

    /// <summary>Bit i of the result is the xor of bits 0 to i: set from an opening quote up to before its closing one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong PrefixXor(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    /// <summary>One bit per byte of a block, for each kind of byte that matters.</summary>
    private readonly struct Masks(ulong quotes, ulong delimiters, ulong lineFeeds, ulong returns, ScanFlags flags)
    {
        public readonly ulong Quotes = quotes;
        public readonly ulong Delimiters = delimiters;
        public readonly ulong LineFeeds = lineFeeds;
        public readonly ulong Returns = returns;
        public readonly ScanFlags Flags = flags;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Masks Of(ref byte block, byte delimiter)
        {
            if (Vector256.IsHardwareAccelerated)
            {
                var a = Vector256.LoadUnsafe(ref block);
                var b = Vector256.LoadUnsafe(ref block, 32);
                var flags = (a | b).ExtractMostSignificantBits() == 0 ? ScanFlags.None : ScanFlags.NonAscii;
                if (Vector256.EqualsAny(Vector256.Min(a, b), Vector256<byte>.Zero))
                {
                    flags |= ScanFlags.Nul;
                }

                return new Masks(Bits(a, b, (byte)'"'), Bits(a, b, delimiter), Bits(a, b, (byte)'\n'), Bits(a, b, (byte)'\r'), flags);
            }

            return OfNarrow(ref block, delimiter);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Bits(Vector256<byte> a, Vector256<byte> b, byte wanted)
        {
            var pattern = Vector256.Create(wanted);
            return Vector256.Equals(a, pattern).ExtractMostSignificantBits()
                | ((ulong)Vector256.Equals(b, pattern).ExtractMostSignificantBits() << 32);
        }

        private static Masks OfNarrow(ref byte block, byte delimiter)
        {
            ulong quotes = 0, delimiters = 0, feeds = 0, returns = 0;
            var flags = ScanFlags.None;
            for (var i = 0; i < BlockBytes; i += 16)
            {
                var v = Vector128.LoadUnsafe(ref block, (nuint)i);
                quotes |= (ulong)Vector128.Equals(v, Vector128.Create((byte)'"')).ExtractMostSignificantBits() << i;
                delimiters |= (ulong)Vector128.Equals(v, Vector128.Create(delimiter)).ExtractMostSignificantBits() << i;
                feeds |= (ulong)Vector128.Equals(v, Vector128.Create((byte)'\n')).ExtractMostSignificantBits() << i;
                returns |= (ulong)Vector128.Equals(v, Vector128.Create((byte)'\r')).ExtractMostSignificantBits() << i;
                flags |= v.ExtractMostSignificantBits() == 0 ? ScanFlags.None : ScanFlags.NonAscii;
                flags |= Vector128.EqualsAny(v, Vector128<byte>.Zero) ? ScanFlags.Nul : ScanFlags.None;
            }

            return new Masks(quotes, delimiters, feeds, returns, flags);
        }
    }
}
