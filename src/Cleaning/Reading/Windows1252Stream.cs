namespace OrleansClean.Cleaning.Reading;

/// <summary>Windows-1252 as UTF-8.</summary>
internal sealed class Windows1252Stream(Stream source) : TranscodingStream(source, position: 0)
{
    /// <inheritdoc/>
    protected override string EncodingName => Windows1252.Name;

    /// <inheritdoc/>
    protected override void Convert(ReadOnlySpan<byte> input, Span<byte> output, bool isLast, out int used, out int written)
    {
        written = 0;
        used = 0;
        while (used < input.Length)
        {
            var ascii = input[used..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0)
                ascii = input.Length - used;
            input.Slice(used, ascii).CopyTo(output[written..]);
            used += ascii;
            written += ascii;
            if (used == input.Length)
                return;
            var character = Windows1252.ToUtf8(input[used]);
            if (character.IsEmpty)
                throw Undecodable(used, $"{input[used]:X2} has no character there");
            character.CopyTo(output[written..]);
            written += character.Length;
            used++;
        }
    }
}
