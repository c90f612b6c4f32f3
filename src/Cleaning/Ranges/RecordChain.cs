using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Ranges;

/// <summary>
/// Knows where one block of a file ends and the next begins: inside quotes or not, on which line, behind how many records,
/// with which bytes of a record that has not ended. Blocks are settled in the order in which they were read.
/// </summary>
internal sealed class RecordChain(bool skipsBlankLines, int recordBytesMax)
{
    private byte[] _carry = new byte[FileRange.CarryBytes];
    private int _carryLength;
    private RecordPlace _next;
    private RecordPlace _block;
    private bool _isInside;
    private bool _isStuck;

    /// <summary>Begins where a record begins.</summary>
    public void Begin(RecordPlace place)
    {
        (_next, _block) = (place, place);
        _carryLength = 0;
        _isInside = false;
        _isStuck = false;
    }

    /// <summary>Settles which records the range holds: all that end in its block, and that have their beginning before it.</summary>
    public void Settle(FileRange range)
    {
        var block = range.Block;
        var count = _isInside ? range.Frame.Inside : range.Frame.Outside;
        var isEnd = range.IsLast && range.ReadFailure is null;
        var cut = isEnd ? block.Length : count.Cut;
        range.Place = _next;
        range.IsTooLong = false;
        if (_isStuck)
        {
            // An earlier range cannot be cleaned: this one will be read again.
            (range.Start, range.End) = (range.BlockStart, range.BlockStart);
            return;
        }

        if (count.Cut > 0)
        {
            _next = new RecordPlace(
                _block.Line + range.Frame.LineEnds - PhysicalLines.Count(block[count.Cut..]),
                _block.RecordsBefore + count.Ends - (skipsBlankLines ? count.Blanks : 0),
                _block.ByteOffset + count.Cut);
        }

        range.NextPlace = _next;
        _isStuck = cut == 0 && !isEnd && _carryLength + block.Length > recordBytesMax + range.Buffer.Length;
        range.IsTooLong = _isStuck;
        if (cut > 0 || isEnd || _isStuck)
        {
            range.Prepend(_carry.AsSpan(0, _carryLength));
            range.End = range.BlockStart + cut;
            _carryLength = 0;
        }
        else
        {
            (range.Start, range.End) = (range.BlockStart, range.BlockStart);
        }

        Carry(range.Block[cut..]);
        _block = new RecordPlace(
            _block.Line + range.Frame.LineEnds,
            _block.RecordsBefore + count.Ends - (skipsBlankLines ? count.Blanks : 0),
            _block.ByteOffset + range.Block.Length);
        _isInside ^= range.Frame.IsOdd;
    }

    private void Carry(ReadOnlySpan<byte> bytes)
    {
        if (_carryLength + bytes.Length > _carry.Length)
        {
            Array.Resize(ref _carry, Math.Max(_carry.Length * 2, _carryLength + bytes.Length));
        }

        bytes.CopyTo(_carry.AsSpan(_carryLength));
        _carryLength += bytes.Length;
    }
}
