using System.Globalization;
using OrleansClean.Cleaning;

namespace OrleansClean.Cli.Demo;

/// <summary>One shop's file: good orders, orders that a rule drops, and planted defects, each known to the truth.</summary>
internal sealed class DemoShop
{
    private static readonly string[] Names =
        ["Ada Byron", "Zoë Müller", "José Ñandú", "Søren Ærø", "Chloé Dupré", "Grace Hopper", "Jürgen Groß", "Noor El Amin"];

    private static readonly string[] Notes = ["", "gift", "call first", "fragile", "00501", "NA", "leave at door"];

    // One of each kind that a row can have. A file gets some of them, never two in one row.
    private static readonly string[] RowKinds =
    [
        ProblemCodes.TypeError, ProblemCodes.ExtraCell, ProblemCodes.MissingCell, ProblemCodes.TextAfterQuote,
        ProblemCodes.NulByte, ProblemCodes.EncodingError, ProblemCodes.ConstraintError, ProblemCodes.UnterminatedQuote,
    ];

    private readonly string _name;
    private readonly int _index;
    private readonly int _rows;
    private readonly DemoFlavour _flavour;
    private readonly DemoRandom _random;
    private readonly DemoFileWriter _writer;
    private readonly List<string> _ordersOut = [];

    public DemoShop(string name, int index, int rows, DemoFlavour flavour, DemoRandom random)
    {
        (_name, _index, _rows, _flavour, _random) = (name, index, rows, flavour, random);
        _writer = new DemoFileWriter(flavour);
    }

    /// <summary>The defects that were planted, in file order.</summary>
    public List<DemoDefect> Defects { get; } = [];

    /// <summary>Records written, the header not counted.</summary>
    public long RowsIn { get; private set; }

    /// <summary>Rows that the plan drops.</summary>
    public long RowsDropped { get; private set; }

    /// <summary>Orders that must come out.</summary>
    public IReadOnlyList<string> OrdersOut => _ordersOut;

    /// <summary>Writes the whole file and gives its bytes.</summary>
    public byte[] Write(bool isCutShort)
    {
        _writer.Record([.. _flavour.Header.Select(_writer.Cell)]);
        var planted = PlantingPlan();
        for (var row = 0; row < _rows; row++)
        {
            if (_flavour.HasBlankLines && row > 3 && _random.OneIn(40))
            {
                _writer.BlankLine();
            }

            if (planted.TryGetValue(row, out var code))
            {
                WriteDefect(row, code);
            }
            else
            {
                WriteGood(row);
            }
        }

        return _writer.ToBytes(isCutShort);
    }

    // Rows 0 to 9 stay clean: nobody can detect a dialect from broken lines alone.
    private Dictionary<int, string> PlantingPlan()
    {
        var planted = new Dictionary<int, string>();
        if (_flavour.Dates is "unproven")
        {
            return planted;
        }

        var count = _index % 5 == 3 ? 0 : _random.Between(1, 3);
        for (var i = 0; i < count; i++)
        {
            var code = RowKinds[(_index + (i * 3)) % RowKinds.Length];
            if (Fits(code, planted))
            {
                planted[_random.Between(10, _rows - 2)] = code;
            }
        }

        return planted;
    }

    // An unclosed quote swallows nothing here only because no other quote follows that could close it.
    private bool Fits(string code, Dictionary<int, string> planted) => code switch
    {
        ProblemCodes.UnterminatedQuote => !_flavour.HasQuotes && !planted.ContainsValue(ProblemCodes.TextAfterQuote),
        ProblemCodes.TextAfterQuote => !planted.ContainsValue(ProblemCodes.UnterminatedQuote),
        ProblemCodes.EncodingError => _flavour.Encoding is "utf-8-bom" or "utf-8",
        _ => true,
    };

    private void WriteGood(int row)
    {
        RowsIn++;
        var line = _writer.Line;
        if (row > 5 && _random.OneIn(50))
        {
            RowsDropped++;
            WriteDropped(row);
            return;
        }

        _writer.Record([.. Order(row).Select(_writer.Cell)]);
        if (_flavour.Dates is "unproven")
        {
            Defects.Add(new DemoDefect(_name, line, ProblemCodes.AmbiguousDate));
        }
        else
        {
            _ordersOut.Add(Id(row));
        }
    }

    private void WriteDropped(int row)
    {
        var order = Order(row);
        switch (_random.Next(_ordersOut.Count > 0 ? 3 : 2))
        {
            case 0:
                _writer.Record("", " ", "", "", "", "");
                return;
            case 1:
                order[3] = "-" + order[3];
                break;
            default:
                order[0] = _ordersOut[_random.Next(_ordersOut.Count)];
                break;
        }

        _writer.Record([.. order.Select(_writer.Cell)]);
    }

    private void WriteDefect(int row, string code)
    {
        RowsIn++;
        Defects.Add(new DemoDefect(_name, _writer.Line, code));
        var cells = Order(row).Select(_writer.Cell).ToArray();
        cells[5] = "plain";
        switch (code)
        {
            case ProblemCodes.TypeError: cells[3] = _random.Pick<string>(["12,9O", "1.2.3", "twelve", "12.90 EUR"]); cells[3] = _writer.Cell(cells[3]); break;
            case ProblemCodes.ExtraCell: cells = [.. cells, "one more"]; break;
            case ProblemCodes.MissingCell: cells = cells[..4]; break;
            case ProblemCodes.TextAfterQuote: cells[5] = "\"gift\" wrapped"; break;
            case ProblemCodes.NulByte: cells[1] = "Ada\0Byron"; break;
            case ProblemCodes.EncodingError: cells[1] = $"Zo{DemoFileWriter.InvalidByte} M"; break;
            case ProblemCodes.ConstraintError: cells[4] = _random.Pick<string>(["0", "10000", "-3"]); break;
            default: cells[5] = "\"never closed"; break;
        }

        _writer.Record(cells);
    }

    private string Id(int row) => string.Create(CultureInfo.InvariantCulture, $"{_index:0000}-{row:00000}");

    private string[] Order(int row)
    {
        var date = new DateOnly(2026, 1, 1).AddDays(_random.Next(240));
        var amount = string.Create(CultureInfo.InvariantCulture, $"{_random.Next(500)}.{_random.Next(100):00}");
        var customer = row < 4 ? Names[1 + (row % 3)] : _random.Pick<string>(Names);
        var padded = _random.OneIn(20) ? $"  {customer} " : customer;
        return
        [
            Id(row), padded, Date(row, date), amount, _random.Between(1, 60).ToString(CultureInfo.InvariantCulture), Note(row),
        ];
    }

    private string Date(int row, DateOnly date)
    {
        // Days above 12 prove the order of a column; one in the first rows is enough for all of them.
        var day = row == 0 ? 25 : date.Day;
        return _flavour.Dates switch
        {
            "dmy" => string.Create(CultureInfo.InvariantCulture, $"{day}/{date.Month}/{date.Year}"),
            "mdy" => string.Create(CultureInfo.InvariantCulture, $"{date.Month}/{day}/{date.Year}"),
            "unproven" => string.Create(CultureInfo.InvariantCulture, $"{1 + (row % 5)}/{7 + (row % 4)}/{date.Year}"),
            _ => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    private string Note(int row)
    {
        if (!_flavour.HasQuotes || !(row == 1 || _random.OneIn(6)))
        {
            return _random.Pick<string>(Notes);
        }

        return _random.Pick<string>(["ring twice,\nthen wait", "the \"blue\" one", $"left{_flavour.Delimiter} then right", "tall; dark, and | handsome"]);
    }
}
