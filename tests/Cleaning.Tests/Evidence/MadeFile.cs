using System.Text;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>A record that was broken on purpose, and what must be found there.</summary>
internal sealed record Defect(long Record, long Line, string Code);

/// <summary>A generated file with all that is true of it.</summary>
internal sealed record MadeFile
{
    public required byte[] Bytes { get; init; }

    public required MadeDialect Dialect { get; init; }

    public required char Quote { get; init; }

    public required string[] Header { get; init; }

    /// <summary>Cells of the records without a defect, in order.</summary>
    public required List<string[]> GoodRecords { get; init; }

    /// <summary>The planted defects, in file order.</summary>
    public required List<Defect> Defects { get; init; }

    /// <summary>Lines without a character.</summary>
    public required int BlankLines { get; init; }

    public int Records => GoodRecords.Count + Defects.Count;

    /// <summary>The plan's <c>read:</c> that pins what this file is.</summary>
    public string PinnedRead =>
        $$"""read: {delimiter: "{{(Dialect.Delimiter is "\t" ? "\\t" : Dialect.Delimiter)}}", quote: {{(Quote is '"' ? "'\"'" : "\"'\"")}}, encoding: {{Dialect.EncodingName}}, header: 1}""";
}

/// <summary>How a generated file is written.</summary>
internal sealed record MadeDialect(string Delimiter, string[] Newlines, Encoding Encoding, string EncodingName, bool HasBom, int QuotedPercent)
{
    /// <summary>True if the encoding has all of <paramref name="piece"/>'s characters.</summary>
    public bool CanHold(string piece) =>
        EncodingName is not "windows-1252" || piece.All(c => c < 128 || "éßñúü€\u00A0".Contains(c, StringComparison.Ordinal));

    public override string ToString() =>
        $"{EncodingName}{(HasBom ? " with BOM" : "")}, delimiter {(Delimiter is "\t" ? "tab" : Delimiter)}, newlines "
        + $"{string.Join(' ', Newlines.Select(n => n.Replace("\r", "CR", StringComparison.Ordinal).Replace("\n", "LF", StringComparison.Ordinal)))}, {QuotedPercent} % quoted";
}
