using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using CsvHelper.Configuration;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>
/// The second reader of <c>report verify</c>: counts what the engine wrote and read, with CsvHelper, System.Text.Json and
/// the runtime's own gzip, encodings and SHA-256. It shares no code with the engine, so that a mistake of the one does not
/// excuse the other. It never throws for what a file holds: a fault is part of the answer. Streams stay open.
/// </summary>
public static class Recounter
{
    /// <summary>Characters of a field beyond which a file is taken for broken; the engine's own rows are far smaller.</summary>
    internal const int FieldCharactersMax = 64 << 20;

    /// <summary>
    /// Counts the rows of an output: UTF-8, comma, a header unless the file is empty, every row as wide as the header.
    /// </summary>
    /// <param name="csv">The output.</param>
    /// <param name="digest">The digest that it should have, whose form decides how it is hashed; null for plain SHA-256.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public static OutputRecount Output(Stream csv, string? digest, CancellationToken cancellationToken)
    {
        using var hashed = new HashedStream(csv, digest);
        var columns = 0;
        var rows = -1L;
        string? fault = null;
        try
        {
            // Blank lines are rows: in a file of one column an empty cell may be one, elsewhere they are too narrow.
            using var parser = Parser(hashed, Strict, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                IgnoreBlankLines = false,
                BadDataFound = bad => throw new BadCellException(),
                MaxFieldSize = FieldCharactersMax,
            });
            while (fault is null && parser.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows++;
                columns = rows == 0 ? parser.Count : columns;
                if (parser.Count != columns)
                    fault = $"row {rows}, line {parser.RawRow}, has {parser.Count} cells, the header has {columns} columns";
                for (var i = 0; i < parser.Count; i++)
                    _ = parser[i];
            }
        }
        catch (Exception e) when (e is BadCellException or DecoderFallbackException or MaxFieldSizeException)
        {
            fault = $"row {Math.Max(0, rows)} is no sound CSV: {Reason(e)}";
        }

        var sha256 = hashed.Finish();
        return new OutputRecount(Math.Max(0, rows), columns, hashed.Count, sha256, fault);
    }

    /// <summary>Counts reject records, one JSON object per line, by code and by step; hashed as <see cref="Output"/> is.</summary>
    public static RejectRecount Rejects(Stream jsonl, string? digest, CancellationToken cancellationToken)
    {
        using var hashed = new HashedStream(jsonl, digest);
        var codes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var steps = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var rows = 0L;
        string? fault = null;
        try
        {
            var last = 0L;
            foreach (var line in RejectLine.Read(hashed))
            {
                cancellationToken.ThrowIfCancellationRequested();
                rows++;
                codes[line.Code] = codes.GetValueOrDefault(line.Code) + 1;
                steps[line.Step] = steps.GetValueOrDefault(line.Step) + 1;
                if (line.Record <= last)
                    fault ??= $"line {rows} speaks of record {line.Record} behind record {last}: they must come in file order, each once";
                last = line.Record;
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or DecoderFallbackException)
        {
            fault = $"line {rows + 1} is no reject record: {e.Message}";
        }

        var sha256 = hashed.Finish();
        return new RejectRecount(rows, Sorted(codes), hashed.Count, sha256, fault) { Steps = Sorted(steps) };
    }

    /// <summary>
    /// Holds a file of rejected rows against its reject records: under a head, each row's bytes in order, and nothing else.
    /// Rows that came in too long to repeat (<c>line-too-long</c>, <c>field-too-long</c>) are not in it. <paramref name="dialect"/> is the input's; hashed as
    /// <see cref="Output"/> is.
    /// </summary>
    public static RejectRowsRecount RejectRows(Stream rows, Stream jsonl, DetectedDialect dialect, string? digest, CancellationToken cancellationToken) =>
        RejectRowsWalk.Run(rows, jsonl, dialect, digest, cancellationToken);

    /// <summary>
    /// Counts the records of an input that has <paramref name="columns"/> columns, read as <paramref name="dialect"/>
    /// says. Not every input can be counted by a reader that knows no rule for broken quotes; then the answer says why.
    /// </summary>
    public static InputRecount Input(Stream stored, DetectedDialect dialect, int columns, CancellationToken cancellationToken) =>
        InputCount.Run(stored, dialect, columns, cancellationToken);

    /// <summary>UTF-8 that throws for what is none.</summary>
    internal static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static CsvParser Parser(Stream stream, Encoding encoding, CsvConfiguration configuration) =>
        new(new StreamReader(stream, encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 << 10, leaveOpen: true), configuration);

    internal static string Reason(Exception e) => e switch
    {
        DecoderFallbackException => "it holds bytes that its encoding does not know",
        MaxFieldSizeException => $"a field is longer than {FieldCharactersMax} characters",
        _ => "its quotes are broken",
    };

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, long> Sorted(SortedDictionary<string, long> counts) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, counts);
}

/// <summary>CsvHelper found a cell whose quotes are broken.</summary>
internal sealed class BadCellException : Exception;
