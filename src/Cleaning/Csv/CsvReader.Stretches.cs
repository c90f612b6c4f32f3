using System.Buffers;

namespace OrleansClean.Cleaning.Csv;

/// <content>Stretches of memory that hold whole records, read without a copy; and how reading goes on elsewhere.</content>
internal sealed partial class CsvReader
{
    private readonly bool _stopsAtTrouble;

    private CsvReader(byte delimiter, bool skipBlankLines, Limits limits, ReaderTuning tuning)
    {
        _input = Stream.Null;
        _delimiter = delimiter;
        _skipBlankLines = skipBlankLines;
        _limits = limits;
        _tuning = tuning;
        _scanner = tuning.CreateScanner();
        _buffer = [];
        _isAtEnd = true;
        _stopsAtTrouble = true;
    }

    /// <summary>
    /// True if the reader of a stretch has stopped before its end, at a record that it cannot read by the parity of quotes alone:
    /// what lies behind may be other records than they seem.
    /// </summary>
    public bool IsStopped { get; private set; }

    /// <summary>Where the next record begins.</summary>
    public RecordPlace NextPlace => new(_line, _number, BytesRead);

    /// <summary>Records with broken quotes so far.</summary>
    public int Broken => _broken;

    /// <summary>Where the next record begins in the memory that is read.</summary>
    public int Position => _start;

    /// <summary>A reader for one stretch after the other; it reads nothing before <see cref="Begin"/>.</summary>
    public static CsvReader OfStretches(byte delimiter, bool skipBlankLines, Limits limits, ReaderTuning tuning) =>
        new(delimiter, skipBlankLines, limits, tuning);

    /// <summary>Turns to the records in <paramref name="buffer"/> from <paramref name="start"/> to <paramref name="end"/>, whose first is at <paramref name="place"/>.</summary>
    public void Begin(byte[] buffer, int start, int end, RecordPlace place)
    {
        _buffer = buffer;
        _dataEnd = end;
        _line = place.Line;
        _number = place.RecordsBefore;
        _bufferOffset = place.ByteOffset - start;
        _window = WindowBytesMax;
        BlankLines = 0;
        IsStopped = false;
        RestartAt(start);
    }

    /// <summary>
    /// Ends the reader and leaves its input open. Gives back the bytes that were read from it and belong to records that were not.
    /// </summary>
    public byte[] Leave()
    {
        var unread = _buffer.AsSpan(_start, _dataEnd - _start).ToArray();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _dataEnd, _isAtEnd) = (0, 0, true);
        return unread;
    }
}
