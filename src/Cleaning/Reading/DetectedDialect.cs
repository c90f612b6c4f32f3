namespace OrleansClean.Cleaning.Reading;

/// <summary>How one file is to be read: detected, or pinned by the plan.</summary>
public sealed record DetectedDialect
{
    /// <summary><c>utf-8 utf-16le utf-16be windows-1252</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>True if the file begins with a byte order mark.</summary>
    public bool HasBom { get; init; }

    /// <summary><c>gzip</c>, or null.</summary>
    public string? Compression { get; init; }

    /// <summary>The delimiter, as text.</summary>
    public required string Delimiter { get; init; }

    /// <summary>The quote; empty for none.</summary>
    public string Quote { get; init; } = "\"";

    /// <summary>The escape inside quotes; null for the doubled quote.</summary>
    public string? Escape { get; init; }

    /// <summary>The character that begins a comment line, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>The line end seen most: <c>\n</c>, <c>\r\n</c>, <c>\r</c>; empty if there is none.</summary>
    public required string Newline { get; init; }

    /// <summary>Physical lines with a character above the header: titles, comments. Blank lines are counted apart.</summary>
    public int PreambleLines { get; init; }

    /// <summary>The physical line of the header from one; 0 if the file has none.</summary>
    public int HeaderLine { get; init; }

    /// <summary>How sure the detection is, 0 to 1; 1 for what the plan pins.</summary>
    public double Confidence { get; init; }

    /// <summary>True if <c>CsvReader</c> can read it: one ASCII delimiter byte, doubled quotes, no comments.</summary>
    public bool IsSimple => Delimiter.Length == 1 && Delimiter[0] < 128 && Quote is "\"" && Escape is null && Comment is null;
}
