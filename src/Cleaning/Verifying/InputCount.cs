using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>Counts an input's records with CsvHelper, where it can be trusted with them.</summary>
internal static class InputCount
{
    public static InputRecount Run(Stream stored, DetectedDialect dialect, int columns, CancellationToken cancellationToken)
    {
        if (columns == 0)
            return new InputRecount(0, null);
        if (dialect.Escape is not null)
            return new InputRecount(null, $"the second reader does not read the escape {dialect.Escape}");
        if (dialect.Quote.Length > 1 || dialect.Comment?.Length > 1)
            return new InputRecount(null, "the second reader knows quotes and comments of one character only");
        try
        {
            using var plain = dialect.Compression is null ? null : new GZipStream(stored, CompressionMode.Decompress, leaveOpen: true);
            using var text = new StreamReader(
                (Stream?)plain ?? stored, OtherEncodings.Get(dialect.Encoding), detectEncodingFromByteOrderMarks: dialect.HasBom, 64 << 10, leaveOpen: true);
            for (var line = 1; line < dialect.HeaderLine; line++)
                text.ReadLine();
            return Count(text, dialect, columns, cancellationToken);
        }
        catch (Exception e) when (e is BadCellException or DecoderFallbackException or MaxFieldSizeException)
        {
            return new InputRecount(null, $"the second reader cannot read all of it: {Recounter.Reason(e)}");
        }
        catch (InvalidDataException)
        {
            return new InputRecount(null, "the second reader cannot unpack it");
        }
        catch (ArgumentOutOfRangeException)
        {
            // CsvHelper 33 computes a negative length for a field at the end that is cut off within a delimiter of several characters.
            return new InputRecount(null, "the second reader cannot read all of it: it ends within a delimiter");
        }
    }

    private static InputRecount Count(StreamReader text, DetectedDialect dialect, int columns, CancellationToken cancellationToken)
    {
        var configuration = Configuration(dialect, skipsBlankLines: columns != 1);

        // A quote inside a field that does not begin with one is text, for the engine as for this count.
        configuration.BadDataFound = bad =>
        {
            if (dialect.Quote.Length != 0 && bad.Field.StartsWith(dialect.Quote, StringComparison.Ordinal))
                throw new BadCellException();
        };
        using var parser = new CsvParser(text, configuration, leaveOpen: true);
        if (dialect.HeaderLine > 0)
            parser.Read();
        var records = 0L;
        while (parser.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            records++;
            for (var i = 0; i < parser.Count; i++)
                _ = parser[i];
        }

        return new InputRecount(records, null);
    }

    /// <summary>CsvHelper's words for a dialect; broken quotes are passed over.</summary>
    public static CsvConfiguration Configuration(DetectedDialect dialect, bool skipsBlankLines) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = dialect.Delimiter,
        Mode = dialect.Quote.Length == 0 ? CsvMode.NoEscape : CsvMode.RFC4180,
        Quote = dialect.Quote.Length == 0 ? '"' : dialect.Quote[0],
        Escape = dialect.Quote.Length == 0 ? '"' : dialect.Quote[0],
        AllowComments = dialect.Comment is not null,
        Comment = dialect.Comment is { } comment ? comment[0] : '#',
        IgnoreBlankLines = skipsBlankLines,
        MaxFieldSize = Recounter.FieldCharactersMax,
        BadDataFound = null,
    };
}
