using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace OrleansClean.Cleaning.Csv;

/// <summary>
/// The fast reader: one-byte ASCII delimiter, double quotes, doubled to escape. Separators are indexed a window at a time;
/// a record whose quotes stand where they may is handed out as it lies in the buffer, without a copy. Every other record
/// is read again by <see cref="RecordParser"/>, byte by byte, which knows the rule for broken quotes.
/// </summary>
internal sealed partial class CsvReader : IRecordReader
{
    private const int WindowBytesMin = 1 << 10;
    private const int WindowBytesMax = 32 << 10;

    private readonly Stream _input;
    private readonly byte _delimiter;
    private readonly bool _skipBlankLines;
    private readonly Limits _limits;
    private readonly ReaderTuning _tuning;
    private readonly IScanner _scanner;
    private readonly SeparatorIndex _index = new();

    private int[] _spareBounds = new int[64];
    private byte[] _buffer;
    private long _bufferOffset;
    private int _dataEnd;
    private int _scanned;
    private int _start;
    private int _firstBound;
    private int _nextRow;
    private int _nextLineEnd;
    private int _cleanUntil;

    // What the scanner saw at and behind _cleanUntil, or more.
    private ScanFlags _flagsBehind;

    private int _window = WindowBytesMax;
    private bool _isAtEnd;
    private long _line;
    private long _number;
    private int _broken;

    /// <summary>
    /// Reads UTF-8 bytes without byte order mark from <paramref name="input"/>, whose first byte begins a record on
    /// physical line <paramref name="firstLine"/> at <paramref name="byteOffset"/> of the decoded file. The stream is
    /// disposed with the reader.
    /// </summary>
    public CsvReader(
        Stream input,
        byte delimiter,
        bool skipBlankLines,
        Limits limits,
        long firstLine = 1,
        long byteOffset = 0,
        ReaderTuning? tuning = null)
        : this(input, delimiter, skipBlankLines, limits, new RecordPlace(firstLine, 0, byteOffset), broken: 0, tuning)
    {
    }

    /// <summary>Reads on at <paramref name="place"/> of a file that <paramref name="broken"/> records with broken quotes lie before.</summary>
    public CsvReader(
        Stream input,
        byte delimiter,
        bool skipBlankLines,
        Limits limits,
        RecordPlace place,
        int broken,
        ReaderTuning? tuning)
    {
        _input = input;
        _delimiter = delimiter;
        _skipBlankLines = skipBlankLines;
        _limits = limits;
        (_line, _number, _bufferOffset) = place;
        _broken = broken;
        _tuning = tuning ?? ReaderTuning.Current;
        _scanner = _tuning.CreateScanner();
        _buffer = ArrayPool<byte>.Shared.Rent(_tuning.BufferBytes);
        _index.Restart(0);
    }

    public Problem? Problem { get; private set; }

    public long BlankLines { get; private set; }

    public long BytesRead => _bufferOffset + _start;

    public void Dispose()
    {
        _input.Dispose();
        if (_buffer.Length > 0 && !_stopsAtTrouble)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    public ReadResult Read(Record record)
    {
        while (true)
        {
            if (_nextRow < _index.RowEndCount)
            {
                var result = TakeIndexed(record);
                if (result is { } found)
                {
                    return found;
                }
            }
            else if (_index.BrokenAt >= 0 || _scanned - _start > _limits.RecordBytesMax)
            {
                return TakeParsed(record);
            }
            else if (!Advance())
            {
                if (_start == _dataEnd)
                {
                    return ReadResult.End;
                }

                if (_index.InsideQuotes != 0)
                {
                    return TakeParsed(record);
                }

                // The last record has no line end: the end of the data stands for one.
                _index.Reserve(1);
                _index.RowEnds[_index.RowEndCount++] = _index.BoundCount;
                _index.Bounds[_index.BoundCount++] = _dataEnd;
            }
        }
    }

    /// <summary>Hands out the next indexed record; null if it was a blank line, or if more must be read first.</summary>
    private ReadResult? TakeIndexed(Record record)
    {
        var rowEnd = _index.RowEnds[_nextRow];
        var end = _index.Bounds[rowEnd];
        var next = rowEnd;
        if (end < _dataEnd && _buffer[end] == '\r')
        {
            if (end + 1 >= _scanned && !(_isAtEnd && _scanned == _dataEnd))
            {
                // The byte behind a CR is needed to know the line end. Reading moves positions: take the record anew.
                Advance();
                return null;
            }

            if (end + 1 < _dataEnd && _buffer[end + 1] == '\n')
            {
                next = rowEnd + 1;
            }
        }

        var behind = Math.Min(_index.Bounds[next] + 1, _dataEnd);
        if (end == _start && _skipBlankLines)
        {
            BlankLines++;
            _line++;
            Step(behind, next);
            return null;
        }

        var length = end - _start;
        var lines = CountQuotedLineEnds(end);
        if (length > _limits.RecordBytesMax || lines >= _limits.RecordLinesMax)
        {
            return TakeParsed(record);
        }

        Place(record, length, lines, behind - end);
        record.Buffer = _buffer;
        record.Bounds = _index.Bounds;
        record.First = _firstBound;
        record.FieldCount = rowEnd - _firstBound;
        record.HasStrayQuote = false;
        Step(behind, next);
        _line += end == behind ? lines : lines + 1;
        return Checked(record);
    }

    /// <summary>Line ends inside the quotes of the record that ends at <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CountQuotedLineEnds(int end)
    {
        var first = _nextLineEnd;
        while (_nextLineEnd < _index.QuotedLineEndCount && _index.QuotedLineEnds[_nextLineEnd] < end)
        {
            _nextLineEnd++;
        }

        return _nextLineEnd - first;
    }

    /// <summary>Moves behind the record just taken.</summary>
    private void Step(int behind, int bound)
    {
        _start = behind;
        _firstBound = bound;
        _nextRow++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Place(Record record, int length, int lineEndsInside, int lineEndLength)
    {
        record.Number = ++_number;
        record.Line = _line;
        record.LineEnd = _line + lineEndsInside;
        record.ByteOffset = _bufferOffset + _start;
        record.RawBuffer = _buffer;
        record.RawStart = _start;
        record.RawLength = length;
        record.ByteLength = length;
        record.LineEndLength = lineEndLength;
        record.IsDecoded = false;
        record.IsTruncated = false;
    }

    /// <summary>Rejects a record for its bytes: NUL, or what is not UTF-8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadResult Checked(Record record) =>
        record.RawStart + record.RawLength <= _cleanUntil ? ReadResult.Record : CheckBytes(record);

    private ReadResult CheckBytes(Record record)
    {
        Problem = RecordProblems.OfBytes(record.Raw);
        return Problem is null ? ReadResult.Record : ReadResult.Broken;
    }

    private void RestartAt(int start)
    {
        _start = start;
        _scanned = start;
        _cleanUntil = start;
        _flagsBehind = ScanFlags.None;
        _firstBound = 0;
        _nextRow = 0;
        _nextLineEnd = 0;
        _index.Restart(start);
    }

    /// <summary>Scans the next window, reading more if all is scanned; false at the end of the input.</summary>
    private bool Advance()
    {
        if (_scanned == _dataEnd && !Fill())
        {
            return false;
        }

        var length = Math.Min(_window, _dataEnd - _scanned);
        _window = Math.Min(_window * 2, WindowBytesMax);
        if (_firstBound > 0)
        {
            DropTaken(0);
        }

        _index.Flags = ScanFlags.None;
        _scanner.Scan(_buffer.AsSpan(_scanned, length), _scanned, _delimiter, _index);
        if (_index.Flags == ScanFlags.None && _cleanUntil == _scanned)
        {
            _cleanUntil += length;
            _flagsBehind = ScanFlags.None;
        }
        else
        {
            CheckRows();
        }

        _scanned += length;
        return true;
    }

    /// <summary>Checks the bytes of all records indexed at once: one look at a window is cheaper than one at each record.</summary>
    private void CheckRows()
    {
        if (_index.RowEndCount > 0)
        {
            var end = _index.Bounds[_index.RowEnds[_index.RowEndCount - 1]];
            var rows = _buffer.AsSpan(_start, end - _start);
            var mayHoldNul = ((_flagsBehind | _index.Flags) & ScanFlags.Nul) != ScanFlags.None;
            if (Utf8.IsValid(rows) && !(mayHoldNul && rows.Contains((byte)0)))
            {
                _cleanUntil = end;
                _flagsBehind = ScanFlags.None;
            }
        }

        _flagsBehind |= _index.Flags;
    }

    /// <summary>Forgets the bounds of records already taken and moves positions down by <paramref name="shift"/>.</summary>
    private void DropTaken(int shift)
    {
        // A row that is indexed and not taken can only be one whose CR ends the scanned bytes.
        var pending = _index.RowEndCount - _nextRow;
        Span<int> rows = stackalloc int[1];
        _index.RowEnds.AsSpan(_nextRow, pending).CopyTo(rows);
        _index.Rebase(_firstBound, _nextLineEnd, shift);
        _cleanUntil -= shift;
        if (pending == 1)
        {
            _index.RowEnds[0] = rows[0] - _firstBound;
            _index.RowEndCount = 1;
        }

        _firstBound = 0;
        _nextRow = 0;
        _nextLineEnd = 0;
    }

    /// <summary>Reads more bytes behind the ones that are there, making room first; false at the end of the input.</summary>
    private bool Fill()
    {
        if (_isAtEnd)
        {
            return false;
        }

        if (_start > 0)
        {
            Compact();
        }

        if (_dataEnd == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Buffer.BlockCopy(_buffer, 0, larger, 0, _dataEnd);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var room = Math.Min(_buffer.Length - _dataEnd, _tuning.BufferBytes);
        var read = _input.Read(_buffer, _dataEnd, room);
        _dataEnd += read;
        _isAtEnd = read == 0;
        return read > 0;
    }

    private void Compact()
    {
        var shift = _start;
        Buffer.BlockCopy(_buffer, shift, _buffer, 0, _dataEnd - shift);
        DropTaken(shift);
        _bufferOffset += shift;
        _dataEnd -= shift;
        _scanned -= shift;
        _start = 0;
    }
}
