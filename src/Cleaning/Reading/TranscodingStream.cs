namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// Gives another encoding's text as UTF-8, a block at a time and in bounded memory. Bytes are never replaced: what the
/// encoding does not know fails the file with <c>encoding-error</c> and its place.
/// </summary>
internal abstract class TranscodingStream(Stream source, long position) : ForwardStream(source)
{
    private const int BlockBytes = 16 * 1024;

    /// <summary>No byte of Windows-1252 or pair of UTF-16 becomes more than three bytes.</summary>
    private const int GrowthMax = 3;

    private readonly byte[] _input = new byte[BlockBytes];
    private readonly byte[] _output = new byte[BlockBytes * GrowthMax];
    private int _inputEnd;
    private int _outputStart;
    private int _outputEnd;
    private bool _atEnd;
    private long _position = position;

    /// <summary>The encoding's name, as messages show it.</summary>
    protected abstract string EncodingName { get; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        while (_outputStart == _outputEnd && !_atEnd)
            Convert();
        var count = Math.Min(_outputEnd - _outputStart, buffer.Length);
        _output.AsSpan(_outputStart, count).CopyTo(buffer);
        _outputStart += count;
        return count;
    }

    /// <summary>
    /// Converts as much of <paramref name="input"/> as is whole, says how much that was, and calls
    /// <see cref="Undecodable"/> for what cannot be. With <paramref name="isLast"/> all of it must be whole.
    /// </summary>
    protected abstract void Convert(ReadOnlySpan<byte> input, Span<byte> output, bool isLast, out int used, out int written);

    /// <summary>The failure of a file at a byte counted from the current block's beginning.</summary>
    protected FileFailedException Undecodable(int index, string found) =>
        new(ProblemCodes.EncodingError,
            $"byte {Digits.Grouped(_position + index)} is not {EncodingName}: {found}; pin the file's true encoding with read: {{encoding: …}}");

    private void Convert()
    {
        var got = Source.Read(_input.AsSpan(_inputEnd));
        _inputEnd += got;
        _atEnd = got == 0;
        Convert(_input.AsSpan(0, _inputEnd), _output, _atEnd, out var used, out _outputEnd);
        _outputStart = 0;
        _input.AsSpan(used, _inputEnd - used).CopyTo(_input);
        _inputEnd -= used;
        _position += used;
    }
}
