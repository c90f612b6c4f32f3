using System.Globalization;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>Cells for generated files.</summary>
internal static class MadeCells
{
    private static readonly string[] Pieces =
    [
        "a", "word", "Two Words", "00501", "NA", "NULL", "1e5", "265.4160", "-7", " ", "  ", "\t", ",", ";", "|", "\"", "\"\"", "'", "\\",
        "\n", "\r\n", "\r", "é", "ß", "ñandú", "€", "日本語", "😀", "\u00A0", "=1+1", "#", "x,y", "long " + "text that runs over sixty-four bytes, with a comma and a \"quote\" in it",
    ];

    private static readonly string[] Words =
        ["alpha", "beta gamma", "Zürich", "N/A", "O'Neill", "shipped", "see note", "Smith & Co.", "5 pcs", "left", "right", "café"];

    /// <summary>Whatever a cell may hold.</summary>
    public static string Wild(Random random, MadeDialect dialect) =>
        string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Pieces[random.Next(Pieces.Length)]).Where(dialect.CanHold));

    /// <summary>What a cell of column <paramref name="column"/> holds in a table that a person keeps.</summary>
    public static string Regular(Random random, int column, MadeDialect dialect) => (column % 4) switch
    {
        0 => random.Next(1, 100_000).ToString(CultureInfo.InvariantCulture),
        2 => $"{random.Next(2000, 2027)}-{random.Next(1, 13):00}-{random.Next(1, 29):00}",
        3 => (random.Next(10) == 0 ? $"one{dialect.Delimiter}two" : "") + Words[random.Next(Words.Length)],
        _ => Words[random.Next(Words.Length)],
    };

    /// <summary>An integer in its plain form, sometimes nothing.</summary>
    public static string Amount(Random random) =>
        random.Next(8) == 0 ? "" : random.Next(-1000, 1000).ToString(CultureInfo.InvariantCulture);
}
