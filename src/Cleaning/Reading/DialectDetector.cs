using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Reading;

/// <summary>
/// Settles the dialect from a sample: reads it in each candidate dialect and takes the one under which it looks most like
/// a table. That is judged by how many records have the same width and by how much the pieces look like cells: the idea
/// of van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019).
/// The same sample always gives the same answer.
/// </summary>
internal static class DialectDetector
{
    /// <summary>Delimiters that are tried; of two that fit equally well the earlier one is taken. A space or a colon must be pinned.</summary>
    private static readonly string[] Delimiters = [",", "\t", ";", "|", "^", "~"];

    private const string DoubleQuote = "\"";

    /// <summary>Reads <paramref name="sample"/> (UTF-8, beginning with a line that is not blank) in all ways that <paramref name="options"/> leave open.</summary>
    public static SampleDialect Detect(byte[] sample, bool isWhole, ReadOptions options, Limits limits)
    {
        var quote = QuoteBesides(options.Delimiter, options.Quote);
        var first = Best(sample, isWhole, quote, options.Escape, options, limits);
        var best = first;
        if (options.Quote is null && options.Escape is null && sample.AsSpan().IndexOf("\\\""u8) >= 0 && first.Table.Broken > 0)
            best = Better(best, Best(sample, isWhole, quote, "\\", options, limits));
        if (options.Quote is null && options.Escape is null && sample.AsSpan().Contains((byte)'\''))
            best = BetterSingle(best, Best(sample, isWhole, "'", escape: null, options, limits));
        return best;
    }

    /// <summary>Delimiters that occur, and one that does not: all of those see the same table of one column.</summary>
    private static IEnumerable<string> Present(byte[] sample)
    {
        var absent = Array.Find(Delimiters, delimiter => !sample.AsSpan().Contains((byte)delimiter[0]));
        return Delimiters.Where(delimiter => delimiter == absent || sample.AsSpan().Contains((byte)delimiter[0]));
    }

    /// <summary>A delimiter that holds the quote leaves no quote.</summary>
    private static string QuoteBesides(string? delimiter, string? pinned) =>
        pinned ?? (delimiter?.Contains(DoubleQuote, StringComparison.Ordinal) == true ? "" : DoubleQuote);

    /// <summary>Another quote or escape must mend what the usual one breaks, or quote most of the text.</summary>
    private static SampleDialect Better(SampleDialect usual, SampleDialect other)
    {
        var table = other.Table;
        var isSound = table.Broken == 0 && table.QuotedCells >= 2 && other.Score > usual.Score;
        return isSound && (usual.Table.Broken > 0 || table.QuotedCells >= table.PlainTexts) ? other : usual;
    }

    /// <summary>
    /// One cell that begins with <c>"</c> speaks for the usual quote: then <c>'</c> is an apostrophe, even if two of them happen to
    /// stand where quotes might. That every cell which begins with <c>'</c> also ends with one is what makes a table sound.
    /// </summary>
    private static SampleDialect BetterSingle(SampleDialect usual, SampleDialect single) =>
        single.Table.DoubleQuoted == 0 ? Better(usual, single) : usual;

    private static SampleDialect Best(
        byte[] sample, bool isWhole, string quote, string? escape, ReadOptions options, Limits limits)
    {
        SampleDialect? best = null;
        SampleDialect? broken = null;
        var second = 0.0;
        foreach (var delimiter in options.Delimiter is { } pinned ? [pinned] : Present(sample))
        {
            var rules = new DialectRules(delimiter, quote, escape, options.Comment);
            var table = new SampleTable(sample, isWhole, rules, limits);
            var found = Judge(table, delimiter, quote, escape, sample.Length, options.HeaderLine);
            if (best is null || found.Score > best.Score)
                (best, second) = (found, best?.Score ?? 0);
            else if (best.Width > 1 || found.Width > 1)
                second = Math.Max(second, found.Score);
            if (Lenient(found, sample.Length, options.HeaderLine) is { } lenient && (broken is null || lenient.Score > broken.Score))
                broken = lenient;
        }

        if (options.Delimiter is not null)
            return best! with { Confidence = 1 };

        // Broken quotes cost records; taken for text they would cost the columns of every record. Against another quote, the score stays the one to beat.
        var score = best!.Score;
        if (best.Width == 1 && broken is not null && broken.Score > score)
            (best, second) = (broken, score);

        // One column is what is left when no delimiter makes sense: its cells must look like cells.
        var plain = best.Width == 1 ? best.Table.Shape : 1;
        return best with { Confidence = Math.Round(plain * best.Agreement * best.Score / (best.Score + second), 2), Score = score };
    }

    /// <summary>
    /// What was found, judged as if its broken records were as wide as their delimiters say; null if nothing is broken, or no record is sound: then nothing
    /// speaks for this delimiter.
    /// </summary>
    private static SampleDialect? Lenient(SampleDialect found, int sampleBytes, int? headerLine)
    {
        if (found.Table.Broken == 0)
            return null;
        var lenient = Judge(found.Table.Lenient(), found.Delimiter, found.Quote, found.Escape, sampleBytes, headerLine) with { Table = found.Table };
        return lenient.Width > 1 && found.Table.Records.Exists(record => !record.IsBroken && record.Fields == lenient.Width) ? lenient : null;
    }

    private static SampleDialect Judge(
        SampleTable table, string delimiter, string quote, string? escape, int sampleBytes, int? headerLine)
    {
        var header = headerLine is { } line ? Math.Max(0, table.Records.FindIndex(r => r.Line >= line)) : HeaderFinder.Find(table);
        var width = HeaderFinder.ModalWidth(table, header);
        var records = table.Records.Count - header;
        var agreeing = table.Records.Skip(header).Count(r => r.Fields == width && !r.IsBroken);
        var agreement = records == 0 ? 1 : (double)agreeing / records;
        var sound = records == 0 ? 1 : 1 - ((double)table.Broken / table.Records.Count);
        var covered = (double)table.BytesRead / Math.Max(1, sampleBytes);

        // A table of one column explains nothing: it must be what is left when every delimiter makes less sense.
        var gain = width == 1 ? 0.15 : (width - 1.0) / width;
        var headerFits = records == 0 || headerLine is not null || table.Records[header].Fields >= width ? 1 : 0.25;
        var hasTitle = header > 0 && headerLine is null && table.Bytes(0)[0] != '#';
        var nothingAbove = !hasTitle ? 1 : HeaderFinder.IsAboveNumbers(table, header) ? 0.8 : 0.4;
        // Squared, because a wrong delimiter often agrees with itself by half; but a few ragged rows are still rows.
        var uniformity = Math.Max(agreement * agreement, agreement / 2);
        var score = uniformity * gain * table.Shape * headerFits * nothingAbove * sound * sound * covered;
        return new SampleDialect(table, delimiter, quote, escape, header, width, agreement, score, Confidence: 0);
    }
}

/// <summary>A sample read in one dialect.</summary>
/// <param name="Table">Its records.</param>
/// <param name="Delimiter">The delimiter.</param>
/// <param name="Quote">The quote, or empty.</param>
/// <param name="Escape">The escape, or null.</param>
/// <param name="Header">The index of the header among the records.</param>
/// <param name="Width">How many fields most records have.</param>
/// <param name="Agreement">The share of records that have as many.</param>
/// <param name="Score">How much it looks like a table, against other dialects of the same sample.</param>
/// <param name="Confidence">How sure the choice is, 0 to 1.</param>
internal sealed record SampleDialect(
    SampleTable Table,
    string Delimiter,
    string Quote,
    string? Escape,
    int Header,
    int Width,
    double Agreement,
    double Score,
    double Confidence);
