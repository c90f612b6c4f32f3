using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// An input whose encoding, compression and dialect are known: opened as often as there are passes, each time as the
/// same stream of UTF-8 bytes without byte order mark.
/// </summary>
internal sealed class InputFile
{
    private InputFile()
    {
    }

    /// <summary>How the file is read.</summary>
    public DetectedDialect Dialect { get; private init; } = null!;

    /// <summary>The header's cells, quotes taken off; <c>column_1</c>… if the file has none.</summary>
    public IReadOnlyList<string> Header { get; private init; } = [];

    /// <summary>
    /// All bytes before the first record, decoded: preamble, blank lines and header with its line end. The rejected rows
    /// are written under them, so that the same plan reads them again.
    /// </summary>
    public ReadOnlyMemory<byte> Head { get; private init; }

    /// <summary>Lines without a character before the first record; they are no preamble.</summary>
    public long BlankLines { get; private init; }

    /// <summary>Opens the input as UTF-8 without byte order mark, uncompressed, from its beginning.</summary>
    public Stream OpenDecoded() => throw new InvalidOperationException($"Not built yet: {Dialect}");

    /// <summary>Opens a reader that stands before the first record. <paramref name="tuning"/> null: as the environment says.</summary>
    public IRecordReader OpenReader(ReaderTuning? tuning = null) => throw new InvalidOperationException($"Not built yet: {Dialect}");

    /// <summary>
    /// A stream of UTF-8 that arrives at <paramref name="destination"/> in the input's own encoding, with its byte order
    /// mark if it has one: for the rejected rows. <paramref name="destination"/> stays open.
    /// </summary>
    public Stream EncodeLikeInput(Stream destination) => throw new InvalidOperationException($"Not built yet: {Dialect}");

    /// <summary>
    /// Looks at the beginning of the input and settles how it is read; what <paramref name="options"/> pins is not
    /// detected. Throws <see cref="FileFailedException"/>.
    /// </summary>
    public static InputFile Open(Func<Stream> open, ReadOptions options, Limits limits) =>
        throw new InvalidOperationException("Not built yet.");
}
