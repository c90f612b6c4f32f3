using System.Text;

namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>What a generated file may hold.</summary>
/// <param name="PlantDefects">Break about one record in five, each in a known way.</param>
/// <param name="StrayQuotes">Let quotes stand inside fields that are not quoted: text here, bad data to CsvHelper.</param>
/// <param name="Utf8Only">Plain UTF-8 without a byte order mark, where byte offsets are to be compared.</param>
/// <param name="Regular">Cells as people's tables have them, from which a reader may find out the dialect by itself.</param>
/// <param name="BreakQuotes">Let defects be broken quotes too, whose finding depends on the quotes that follow.</param>
/// <param name="OddDialect">Another quote or a delimiter of more than one byte.</param>
internal sealed record Recipe(
    bool PlantDefects, bool StrayQuotes = true, bool Utf8Only = false, bool Regular = false, bool OddDialect = false, bool BreakQuotes = true);

/// <summary>
/// Makes CSV files of which everything is known. Every record has a random source of its own, from seed and number: a file
/// with fewer records is a beginning of the longer one, so that failures shrink.
/// </summary>
internal sealed class CsvMaker
{
    /// <summary>Stands for one byte that is not valid UTF-8, until the text has become bytes.</summary>
    private const char InvalidByte = '\uE000';

    private static readonly byte[] InvalidByteAsUtf8 = [0xEE, 0x80, 0x80];

    private readonly int _seed;
    private readonly Recipe _recipe;
    private readonly MadeDialect _dialect;
    private readonly string[] _header;
    private readonly char _quote;
    private readonly StringBuilder _text = new();
    private readonly List<string[]> _good = [];
    private readonly List<Defect> _defects = [];
    private int _blankLines;
    private bool _quoteIsOpen;

    private CsvMaker(int seed, Recipe recipe)
    {
        _seed = seed;
        _recipe = recipe;
        var random = new Random(seed);
        _dialect = MakeDialect(random, recipe);
        _header = [.. Enumerable.Range(0, random.Next(2, 8)).Select(i => i == 1 ? "amount" : $"col {i}")];
        _quote = recipe.OddDialect ? Pick(random, ['\'', '"']) : '"';
    }

    public static MadeFile Make(int seed, int records, Recipe recipe) => new CsvMaker(seed, recipe).Make(records);

    private static MadeDialect MakeDialect(Random random, Recipe recipe)
    {
        var delimiter = Pick(random, [",", ",", ";", "\t", "|"]);
        var newlines = Pick(random, (string[][])[["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"], ["\n", "\r\n", "\r"]]);
        var quoted = Pick(random, [0, 30, 100]);
        var utf8Only = recipe.Utf8Only || recipe.OddDialect;
        if (recipe.OddDialect)
        {
            delimiter = Pick(random, ["||", "::", "§", ", "]);
        }

        return (utf8Only ? 0 : random.Next(6)) switch
        {
            3 => new(delimiter, newlines, new UnicodeEncoding(bigEndian: false, byteOrderMark: false), "utf-16le", true, quoted),
            4 => new(delimiter, newlines, new UnicodeEncoding(bigEndian: true, byteOrderMark: false), "utf-16be", true, quoted),
            5 => new(delimiter, newlines, CodePagesEncodingProvider.Instance.GetEncoding(1252)!, "windows-1252", false, quoted),
            var n => new(delimiter, newlines, new UTF8Encoding(false), "utf-8", HasBom: !utf8Only && n == 2, quoted),
        };
    }

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];

    private MadeFile Make(int records)
    {
        var random = new Random(_seed + 1);
        _text.Append(string.Join(_dialect.Delimiter, _header));
        EndLine(random);
        for (var number = 1; number <= records; number++)
        {
            AddRecord(new Random(unchecked((_seed * 1_000_003) ^ (number * 7_919))), number);
        }

        return new MadeFile
        {
            Bytes = ToBytes(),
            Dialect = _dialect,
            Quote = _quote,
            Header = _header,
            GoodRecords = _good,
            Defects = _defects,
            BlankLines = _blankLines,
        };
    }

    private void AddRecord(Random random, int number)
    {
        if (random.Next(20) == 0)
        {
            EndLine(random);
            _blankLines++;
        }

        var line = 1L + CountLineEnds();
        var cells = MakeCells(random);
        if (_recipe.PlantDefects && !_quoteIsOpen && random.Next(5) == 0)
        {
            _defects.Add(new Defect(number, line, AddBroken(random, cells)));
        }
        else
        {
            // The quote that an earlier record left open closes at this record's first quote: a letter must follow it,
            // or the two would be one good record.
            _text.AppendJoin(_dialect.Delimiter, cells.Select((c, i) => i == 0 && _quoteIsOpen ? Quoted(cells[0] = "Z" + c) : Written(random, c)));
            _quoteIsOpen = false;
            _good.Add(cells);
        }

        EndLine(random);
    }

    private string[] MakeCells(Random random)
    {
        var cells = new string[_header.Length];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = i == 1 ? MadeCells.Amount(random)
                : _recipe.Regular ? MadeCells.Regular(random, i, _dialect)
                : MadeCells.Wild(random, _dialect);
        }

        return cells;
    }

    /// <summary>Writes a broken record on one physical line and names its code.</summary>
    private string AddBroken(Random random, string[] cells)
    {
        // Nothing here may end the line or open another quote.
        var plain = cells.Select((c, i) => i == 1 ? c : $"p{i}").ToList();
        var code = Pick(random, [
            ProblemCodes.ExtraCell, ProblemCodes.MissingCell, ProblemCodes.TextAfterQuote, ProblemCodes.UnterminatedQuote,
            ProblemCodes.NulByte, ProblemCodes.EncodingError, ProblemCodes.TypeError]);
        if ((code is ProblemCodes.EncodingError && _dialect.EncodingName is not "utf-8")
            || (code is ProblemCodes.TextAfterQuote or ProblemCodes.UnterminatedQuote && !_recipe.BreakQuotes))
        {
            code = ProblemCodes.ExtraCell;
        }

        switch (code)
        {
            case ProblemCodes.ExtraCell: plain.Add(Pick(random, ["", "more"])); break;
            case ProblemCodes.MissingCell: plain = ["p", .. plain.Skip(2)]; break;
            case ProblemCodes.TextAfterQuote: plain[^1] = Pick(random, ["\"a\"b", "\"\"b", "\"a\" ", "\"a\"\"\"b\"c\""]); break;
            case ProblemCodes.NulByte: plain[0] = Pick(random, ["\0", "a\0b", "\"a\0\""]); break;
            case ProblemCodes.EncodingError: plain[0] = Pick(random, [$"{InvalidByte}", $"a{InvalidByte}b", $"\"{InvalidByte}\""]); break;
            case ProblemCodes.TypeError: plain[1] = Pick(random, ["x", "12,9O".Replace(",", _dialect.Delimiter is "," ? "." : ",", StringComparison.Ordinal), "1_000", "NaN"]); break;
            case ProblemCodes.UnterminatedQuote: plain[random.Next(plain.Count)] = "\"open"; _quoteIsOpen = true; break;
        }

        _text.AppendJoin(_dialect.Delimiter, plain);
        return code;
    }

    private string Written(Random random, string cell)
    {
        var mustQuote = cell.AsSpan().ContainsAny(_dialect.Delimiter)
            || cell.AsSpan().ContainsAny('\r', '\n')
            || (cell.Contains(_quote, StringComparison.Ordinal) && (cell[0] == _quote || _quoteIsOpen || !_recipe.StrayQuotes));
        return mustQuote || random.Next(100) < _dialect.QuotedPercent ? Quoted(cell) : cell;
    }

    private string Quoted(string cell) => $"{_quote}{cell.Replace($"{_quote}", $"{_quote}{_quote}", StringComparison.Ordinal)}{_quote}";

    /// <summary>Ends the line. An LF right behind a CR that ended a line would be that line's, so it becomes a CR.</summary>
    private void EndLine(Random random)
    {
        var newline = Pick(random, _dialect.Newlines);
        _text.Append(newline is "\n" && _text.Length > 0 && _text[^1] == '\r' ? "\r" : newline);
    }

    private int CountLineEnds()
    {
        var count = 0;
        for (var i = 0; i < _text.Length; i++)
        {
            count += _text[i] == '\n' || (_text[i] == '\r' && (i + 1 == _text.Length || _text[i + 1] != '\n')) ? 1 : 0;
        }

        return count;
    }

    private byte[] ToBytes()
    {
        // An open quote at the end is unterminated; one that a later quote closed has text behind it.
        for (var i = 0; i < _defects.Count; i++)
        {
            if (_defects[i].Code is ProblemCodes.UnterminatedQuote && !(i == _defects.Count - 1 && _quoteIsOpen))
            {
                _defects[i] = _defects[i] with { Code = ProblemCodes.TextAfterQuote };
            }
        }

        if (new Random(_seed + 2).Next(2) == 0 && _good.Count + _defects.Count > 0)
        {
            TrimFinalNewline();
        }

        var bytes = (IEnumerable<byte>)_dialect.Encoding.GetBytes(_text.ToString());
        if (_dialect.EncodingName is "utf-8")
        {
            bytes = ReplaceMarkers([.. bytes]);
        }

        // Encodings are made without their mark, so that it stands here and nowhere else.
        byte[] mark = !_dialect.HasBom ? [] : _dialect.EncodingName switch
        {
            "utf-16le" => [0xFF, 0xFE],
            "utf-16be" => [0xFE, 0xFF],
            _ => [0xEF, 0xBB, 0xBF],
        };
        return [.. mark, .. bytes];
    }

    private void TrimFinalNewline() => _text.Length -= _text.Length > 1 && _text[^2] == '\r' && _text[^1] == '\n' ? 2 : 1;

    private static List<byte> ReplaceMarkers(byte[] bytes)
    {
        var replaced = new List<byte>(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            var isMarker = bytes.AsSpan(i).StartsWith(InvalidByteAsUtf8);
            replaced.Add(isMarker ? (byte)0xFF : bytes[i]);
            i += isMarker ? 2 : 0;
        }

        return replaced;
    }
}
