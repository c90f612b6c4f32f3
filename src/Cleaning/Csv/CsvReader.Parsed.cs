namespace OrleansClean.Cleaning.Csv;

/// <content>The slow way: records whose quotes are broken or out of place, and lines longer than a record may be.</content>
internal sealed partial class CsvReader
{
    /// <summary>Reads the record at the current position byte by byte, and indexes anew behind it.</summary>
    private ReadResult TakeParsed(Record record)
    {
        if (_stopsAtTrouble)
        {
            IsStopped = true;
            return ReadResult.End;
        }

        _window = WindowBytesMin;
        RestartAt(_start);
        var available = Math.Max(_dataEnd - _start, WindowBytesMin);
        while (true)
        {
            RestartAt(_start);
            var parsed = RecordParser.Parse(_buffer.AsSpan(0, _dataEnd), _start, _delimiter, _isAtEnd, _limits, _index);
            if (parsed.Kind == ParsedKind.NeedsMore)
            {
                // Twice as much before the next try: a record costs at most twice its length, whatever the reads give.
                available *= 2;
                while (_dataEnd - _start < available && Fill())
                {
                }

                continue;
            }

            if (parsed.Kind == ParsedKind.TooLong)
            {
                return SkipLongLine(record);
            }

            return Finish(record, parsed);
        }
    }

    private ReadResult Finish(Record record, ParsedRecord parsed)
    {
        var raw = _buffer.AsSpan(_start, parsed.Length);
        var lines = parsed.Kind == ParsedKind.Record ? PhysicalLines.Count(raw) : 0;
        Place(record, parsed.Length, lines, parsed.LineEndLength);
        record.Buffer = _buffer;
        record.Bounds = _index.Bounds;
        record.First = 0;
        record.FieldCount = parsed.Kind == ParsedKind.Record ? _index.BoundCount - 1 : 0;
        record.HasStrayQuote = parsed.HasStrayQuote;
        _line += parsed.LineEndLength == 0 ? lines : lines + 1;

        // The record keeps the bounds until the next call; the index goes on with the other array.
        (_index.Bounds, _spareBounds) = (_spareBounds, _index.Bounds);
        RestartAt(_start + parsed.Length + parsed.LineEndLength);
        if (parsed.Kind == ParsedKind.Record)
        {
            Problem = RecordProblems.OfBytes(record.Raw);
            return Problem is null ? ReadResult.Record : ReadResult.Broken;
        }

        Problem = RecordProblems.OfQuotes(parsed.Kind);
        CountBroken(record.Line, Problem.Code);
        return ReadResult.Broken;
    }

    private void CountBroken(long line, string code)
    {
        if (++_broken > _limits.BrokenRecordsMax)
        {
            throw RecordProblems.Malformed(code, line, _limits.BrokenRecordsMax);
        }
    }

    /// <summary>Passes over a physical line longer than a record may be, in the memory of one buffer.</summary>
    private ReadResult SkipLongLine(Record record)
    {
        Place(record, Math.Min(_limits.RecordBytesMax, _dataEnd - _start), 0, 0);
        var head = _buffer.AsSpan(_start, record.RawLength).ToArray();
        var fields = new FieldLengths(_delimiter);
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _dataEnd - _start);
            var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
            fields.Add(end < 0 ? rest : rest[..end]);
            RestartAt(end < 0 ? _dataEnd : _start + end);
            if (end >= 0 || !Fill())
            {
                break;
            }
        }

        // A CR at the end of the buffer may have its LF behind it.
        while (_dataEnd - _start < 2 && Fill())
        {
        }

        record.ByteLength = _bufferOffset + _start - record.ByteOffset;
        var endLength = PhysicalLines.EndLength(_buffer.AsSpan(_start, _dataEnd - _start));
        RestartAt(_start + endLength);
        _line += endLength == 0 ? 0 : 1;
        record.RawBuffer = head;
        record.RawStart = 0;
        record.IsTruncated = true;
        record.FieldCount = 0;
        record.LineEndLength = endLength;
        Problem = RecordProblems.OfLength(fields.Longest, _limits);
        return ReadResult.Broken;
    }
}
