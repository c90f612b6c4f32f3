using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// An input whose encoding, compression and dialect are known: opened as often as there are passes, each time as the
/// same stream of UTF-8 bytes without byte order mark.
/// </summary>
internal sealed class InputFile
{
    private readonly InputLayers _layers;
    private readonly Limits _limits;
    private readonly Head _head;

    private InputFile(InputLayers layers, Limits limits, Head head)
    {
        _layers = layers;
        _limits = limits;
        _head = head;
    }

    /// <summary>How the file is read.</summary>
    public DetectedDialect Dialect { get; private init; } = null!;

    /// <summary>
    /// The header's cells, quotes taken off; <c>column_1</c>… if the plan says that the file has none; the names that the
    /// plan gives, if it gives some. Empty for a file without any text: it has no columns and no records.
    /// </summary>
    public IReadOnlyList<string> Header { get; private init; } = [];

    /// <summary>
    /// All bytes before the first record, decoded: preamble, blank lines and header with its line end. The rejected rows
    /// are written under them, so that the same plan reads them again.
    /// </summary>
    public ReadOnlyMemory<byte> Head => _head.Bytes;

    /// <summary>Lines without a character before the first record; they are no preamble.</summary>
    public long BlankLines => _head.BlankLines;

    /// <summary>
    /// Looks at the beginning of the input and settles how it is read; what <paramref name="options"/> pins is not
    /// detected. Throws <see cref="FileFailedException"/>.
    /// </summary>
    public static InputFile Open(Func<Stream> open, ReadOptions options, Limits limits)
    {
        var layers = InputLayers.Settle(open, options.Encoding, limits, out var decoded);
        using (decoded)
        {
            using var reader = new HeadReader(decoded, options, limits);
            var head = reader.Read(out var found, out var sample);
            return new InputFile(layers, limits, head)
            {
                Header = HeaderNames.Settle(head.Cells, found?.Width ?? 0, options),
                Dialect = new DetectedDialect
                {
                    Encoding = layers.Encoding.Name,
                    HasBom = layers.Encoding.BomBytes > 0,
                    Compression = layers.IsGzip ? "gzip" : null,
                    Delimiter = found?.Delimiter ?? options.Delimiter ?? ",",
                    Quote = found?.Quote ?? options.Quote ?? "\"",
                    Escape = found is null ? options.Escape : found.Escape,
                    Comment = options.Comment,
                    Newline = Newlines.MostSeen(sample),
                    PreambleLines = head.PreambleLines,
                    HeaderLine = head.HeaderLine,
                    Confidence = Math.Round((found?.Confidence ?? 1) * layers.Encoding.Confidence, 2),
                },
            };
        }
    }

    /// <summary>Opens the input as UTF-8 without byte order mark, uncompressed, from its beginning.</summary>
    public Stream OpenDecoded() => _layers.Open();

    /// <summary>Lines without a character are no records: in a file of one column they are.</summary>
    public bool SkipsBlankLines => Header.Count != 1;

    /// <summary>Where the first record begins.</summary>
    public RecordPlace FirstRecord => new(
        _head.FirstLine,
        RecordsBefore: 0,

        // A mark of UTF-8 is part of the file that an editor or a tool counts bytes in; the other encodings' offsets are
        // those of the decoded text.
        _head.Bytes.Length + (_layers.Encoding.Name == "utf-8" ? _layers.Encoding.BomBytes : 0));

    /// <summary>Opens the input behind its header.</summary>
    public Stream OpenRecords()
    {
        var stream = OpenDecoded();
        try
        {
            Discard(stream, _head.Bytes.Length);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a reader that stands before the first record. <paramref name="tuning"/> null: as the environment says.
    /// <paramref name="beforeRead"/> is called before each read of the input.
    /// </summary>
    public IRecordReader OpenReader(ReaderTuning? tuning = null, Action? beforeRead = null)
    {
        var stream = OpenRecords();
        stream = beforeRead is null ? stream : new AnnouncedStream(stream, beforeRead);
        var first = FirstRecord;
        return Dialect.IsSimple
            ? new CsvReader(stream, (byte)Dialect.Delimiter[0], SkipsBlankLines, _limits, first, broken: 0, tuning)
            : new CsvHelperReader(stream, Dialect, SkipsBlankLines, _limits, first.Line, first.ByteOffset, tuning);
    }

    /// <summary>
    /// A stream of UTF-8 that arrives at <paramref name="destination"/> in the input's own encoding, with its byte order
    /// mark if it has one and <paramref name="hasBegun"/> is false: for the rejected rows. <paramref name="destination"/> stays open.
    /// </summary>
    public Stream EncodeLikeInput(Stream destination, bool hasBegun = false) =>
        new EncodingStream(destination, Dialect.Encoding, Dialect.HasBom && !hasBegun);

    private static void Discard(Stream stream, int count)
    {
        Span<byte> scratch = stackalloc byte[1 << 10];
        while (count > 0)
        {
            var got = stream.Read(scratch[..Math.Min(count, scratch.Length)]);
            if (got == 0)
                throw new FileFailedException(ProblemCodes.InputChanged, "the file became shorter while it was read; run again");
            count -= got;
        }
    }
}
