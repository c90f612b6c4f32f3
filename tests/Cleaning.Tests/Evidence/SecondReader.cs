using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>Reads CSV with CsvHelper, strictly: it shares no code with the engine, and bad data is an exception.</summary>
internal static class SecondReader
{
    /// <summary>
    /// All records of <paramref name="bytes"/>, the header too. In a file of one column an empty line is a record with an
    /// empty cell, which the caller must say.
    /// </summary>
    public static List<string[]> Read(byte[] bytes, string delimiter = ",", Encoding? encoding = null, bool hasOneColumn = false, char quote = '"')
    {
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter,
            Quote = quote,
            Escape = quote,
            Mode = CsvMode.RFC4180,
            TrimOptions = TrimOptions.None,
            IgnoreBlankLines = !hasOneColumn,
            DetectColumnCountChanges = false,
            BadDataFound = found => throw new InvalidDataException($"Bad data in field {found.Field}, record {found.RawRecord}"),
        };
        using var text = new StreamReader(new MemoryStream(bytes), encoding ?? new UTF8Encoding(false, throwOnInvalidBytes: true));
        using var parser = new CsvParser(text, configuration);
        var records = new List<string[]>();
        while (parser.Read())
        {
            records.Add(parser.Record!);
        }

        return records;
    }
}
