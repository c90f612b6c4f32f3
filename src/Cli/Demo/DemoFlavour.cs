namespace OrleansClean.Cli.Demo;

/// <summary>How one shop writes CSV. Everything here is odd and nothing is wrong: no row may be lost to it.</summary>
internal sealed record DemoFlavour
{
    public required string Delimiter { get; init; }

    /// <summary><c>utf-8 utf-8-bom utf-16 windows-1252</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>Line ends, taken in turn.</summary>
    public required string[] Newlines { get; init; }

    /// <summary><c>iso dmy mdy</c>, or <c>unproven</c>: every date can be read both ways, which is a defect of each row.</summary>
    public required string Dates { get; init; }

    public required string[] Header { get; init; }

    public bool IsGzip { get; init; }

    /// <summary>Notes hold delimiters, quotes and line breaks, in quotes as they should be.</summary>
    public bool HasQuotes { get; init; }

    public bool HasBlankLines { get; init; }

    public bool EndsWithNewline { get; init; } = true;

    private static readonly string[][] Headers =
    [
        ["order_id", "customer", "ordered", "amount", "quantity", "note"],
        ["Order ID", "Customer", "Ordered", "Amount", "Quantity", "Note"],
        ["ORDER-ID", "CUSTOMER", "ORDERED", "AMOUNT", "QUANTITY", "NOTE"],
        [" Order Id ", "customer ", " Ordered", "Amount ", "Quantity", "Note"],
    ];

    /// <summary>The flavour of file <paramref name="index"/>: each kind comes up, whatever the seed.</summary>
    public static DemoFlavour Of(int index, DemoRandom random)
    {
        var encoding = (index % 16) switch { 3 => "utf-8-bom", 7 => "utf-16", 11 => "windows-1252", _ => "utf-8" };
        return new DemoFlavour
        {
            Delimiter = (index % 8) switch { 2 => ";", 5 => "\t", 6 => "|", _ => "," },
            Encoding = encoding,
            Newlines = (index % 10) switch { 1 or 4 => ["\r\n"], 8 => ["\r"], 9 => ["\n", "\r\n"], _ => ["\n"] },
            Dates = (index % 12) switch { 4 => "dmy", 9 => "mdy", _ => "iso" },
            Header = random.Pick<string[]>(Headers),
            IsGzip = index % 9 == 6,
            HasQuotes = index % 3 != 0,
            HasBlankLines = index % 7 == 1,
            EndsWithNewline = index % 5 != 4,
        };
    }

    /// <summary>What is odd about it, for a count of kinds.</summary>
    public IEnumerable<string> Oddities()
    {
        if (Delimiter is not ",")
        {
            yield return "delimiter " + (Delimiter is "\t" ? "tab" : Delimiter);
        }

        if (Encoding is not "utf-8")
        {
            yield return Encoding;
        }

        if (Newlines is not ["\n"])
        {
            yield return "line ends " + string.Join("+", Newlines.Select(Traces.DialectText.Newline));
        }

        if (Dates is "dmy" or "mdy")
        {
            yield return "dates " + Dates;
        }

        if (IsGzip)
        {
            yield return "gzip";
        }

        if (HasQuotes)
        {
            yield return "quoted line breaks";
        }

        if (HasBlankLines)
        {
            yield return "blank lines";
        }

        if (!EndsWithNewline)
        {
            yield return "no final newline";
        }
    }
}
