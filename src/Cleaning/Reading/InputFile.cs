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
    /// Looks at the beginning of the input and settles how it is read; what <paramref name="options"/> pins is not
    /// detected. Throws <see cref="FileFailedException"/>.
    /// </summary>
    public static InputFile Open(Func<Stream> open, ReadOptions options, Limits limits) =>
        throw new InvalidOperationException("Not built yet.");
}
