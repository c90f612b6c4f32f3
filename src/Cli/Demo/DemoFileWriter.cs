using System.IO.Compression;
using System.Text;

namespace OrleansClean.Cli.Demo;

/// <summary>The text of one demo file, line by line, and its bytes at the end.</summary>
internal sealed class DemoFileWriter(DemoFlavour flavour)
{
    /// <summary>Stands for a byte that no UTF-8 text holds, until the text becomes bytes.</summary>
    public const char InvalidByte = '\uE000';

    private readonly StringBuilder _text = new();
    private int _newline;
    private int _lastNewlineLength;

    /// <summary>The physical line that is written next, from one.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Writes one record of cells that are already as they stand in the file.</summary>
    public void Record(params ReadOnlySpan<string> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            _text.Append(i == 0 ? "" : flavour.Delimiter).Append(cells[i]);

            // A line break inside quotes is a physical line, too.
            Line += cells[i].AsSpan().Count('\n');
        }

        EndLine();
    }

    /// <summary>Writes a line without a character.</summary>
    public void BlankLine() => EndLine();

    /// <summary>A cell as it must stand in the file: in quotes where its text would be read as something else.</summary>
    public string Cell(string text) =>
        text.AsSpan().IndexOfAny("\"\r\n") >= 0 || text.Contains(flavour.Delimiter, StringComparison.Ordinal)
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;

    /// <summary>The file's bytes; <paramref name="isCutShort"/> leaves out the last third of a gzip.</summary>
    public byte[] ToBytes(bool isCutShort)
    {
        if (!flavour.EndsWithNewline)
        {
            _text.Length -= _lastNewlineLength;
        }

        var bytes = Encode(_text.ToString());
        if (!flavour.IsGzip)
        {
            return bytes;
        }

        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        var all = packed.ToArray();
        return isCutShort ? all[..(all.Length * 2 / 3)] : all;
    }

    private void EndLine()
    {
        var newline = flavour.Newlines[_newline++ % flavour.Newlines.Length];
        _lastNewlineLength = newline.Length;
        _text.Append(newline);
        Line++;
    }

    private byte[] Encode(string text) => flavour.Encoding switch
    {
        "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)],
        // The two agree in every character that the demo writes.
        "windows-1252" => Encoding.Latin1.GetBytes(text),
        "utf-8-bom" => [0xEF, 0xBB, 0xBF, .. Utf8(text)],
        _ => Utf8(text),
    };

    private static byte[] Utf8(string text)
    {
        if (!text.Contains(InvalidByte, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        using var bytes = new MemoryStream();
        var isFirst = true;
        foreach (var part in text.Split(InvalidByte))
        {
            if (!isFirst)
            {
                bytes.WriteByte(0xFF);
            }

            bytes.Write(Encoding.UTF8.GetBytes(part));
            isFirst = false;
        }

        return bytes.ToArray();
    }
}
