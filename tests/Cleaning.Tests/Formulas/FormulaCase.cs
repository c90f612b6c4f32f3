using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.Formulas;

/// <summary>
/// The vocabulary of these tests: <c>Formula("value / 2").Over("value=10").Gives("5")</c>. Rows are written
/// <c>name=text; other:integer=5</c>; a column with a type is one that a step has parsed.
/// </summary>
internal sealed class FormulaCase
{
    public static readonly DateTime Now = new(2026, 8, 15, 9, 30, 0, DateTimeKind.Utc);

    private readonly string _text;
    private readonly Dictionary<string, Literal> _parameters = new(StringComparer.Ordinal);
    private string[] _rows = [""];
    private bool _isCondition;

    private FormulaCase(string text) => _text = text;

    public static FormulaCase Formula(string text) => new(text);

    public static FormulaCase Condition(string text) => new(text) { _isCondition = true };

    public FormulaCase With(string parameter, Value value, string written = "")
    {
        _parameters[parameter] = new Literal(value, written);
        return this;
    }

    /// <summary>The rows; the formula is evaluated in the last one, aggregates are taken over all.</summary>
    public FormulaCase Over(params string[] rows)
    {
        _rows = rows;
        return this;
    }

    public void Gives(string expected)
    {
        var context = Evaluate(out var value, out _);
        Assert.True(value.Kind != ValueKind.Error, $"{_text}: {context.Problem?.Code} {context.Problem?.Message}");
        Assert.Equal(expected, TextOf(value));
    }

    public void GivesNull()
    {
        Evaluate(out var value, out _);
        Assert.Equal(ValueKind.Null, value.Kind);
    }

    public void Is(Truth expected)
    {
        var (compiled, context) = Prepare();
        Assert.Equal(expected, compiled.Root.Test(context));
        compiled.Root.Evaluate(context, out var value);
        Assert.Equal(expected, value.Kind switch
        {
            ValueKind.Null => Truth.Null,
            ValueKind.Error => Truth.Error,
            _ => value.AsBoolean ? Truth.True : Truth.False,
        });
    }

    public void HasType(ColumnType expected) => Assert.Equal(expected, Compile(Scope(), []).Root.Type);

    public Problem Fails(string code)
    {
        var context = Evaluate(out var value, out _);
        Assert.Equal(ValueKind.Error, value.Kind);
        Assert.Equal(code, context.Problem?.Code);
        return context.Problem!;
    }

    /// <summary>The plan is refused, by the parser or by the compiler, with this first problem: <c>1:5: message hint</c>.</summary>
    public void IsRefused(string expected)
    {
        var problems = new List<PlanProblem>();
        var syntax = FormulaParser.Parse(_text, new SourcePosition(1, 1), _parameters, problems);
        var compiled = syntax is null ? null : FormulaCompiler.Compile(new Formula(_text, default, syntax), Scope(), _isCondition, problems);
        Assert.Null(compiled);
        Assert.NotEmpty(problems);
        Assert.Equal(expected, problems[0].Render("")[1..]);
    }

    public void HasCanonical(string expected) => Assert.Equal(expected, Parse().ToCanonical());

    public FormulaSyntax Parse()
    {
        var problems = new List<PlanProblem>();
        var syntax = FormulaParser.Parse(_text, new SourcePosition(1, 1), _parameters, problems);
        Assert.True(syntax is not null, string.Join('\n', problems.Select(problem => problem.Render("plan"))));
        return syntax;
    }

    public CompiledFormula Compile() => Compile(Scope(), []);

    public EvaluationContext Evaluate(out Value value, out CompiledFormula compiled)
    {
        (compiled, var context) = Prepare();
        compiled.Root.Evaluate(context, out value);
        return context;
    }

    public static string TextOf(in Value value)
    {
        if (value.Kind == ValueKind.Text)
        {
            return Encoding.UTF8.GetString(value.AsText);
        }

        Span<byte> text = stackalloc byte[ValueText.LengthMax];
        return Encoding.UTF8.GetString(text[..ValueText.Format(value, text)]);
    }

    public (CompiledFormula Compiled, EvaluationContext Context) Prepare()
    {
        var problems = new List<PlanProblem>();
        var isPrepared = TryPrepare(problems, out var compiled, out var context);
        Assert.True(isPrepared, string.Join('\n', problems.Select(problem => problem.Render("plan"))));
        return (compiled!, context!);
    }

    public bool TryPrepare(
        List<PlanProblem> problems,
        [NotNullWhen(true)] out CompiledFormula? compiled,
        [NotNullWhen(true)] out EvaluationContext? context)
    {
        var scope = Scope();
        context = null;
        compiled = FormulaCompiler.Compile(new Formula(_text, default, Parse()), scope, _isCondition, problems);
        if (compiled is null)
        {
            return false;
        }

        var row = new Row(scope.Columns.Length, scope.Columns.Length, []);
        context = new EvaluationContext(row, Now) { Aggregates = new Value[scope.AggregateCount] };
        var aggregators = compiled.Aggregates.Select(Aggregator.For).ToArray();
        var needsPass = aggregators.Length > 0;
        while (needsPass)
        {
            foreach (var cells in _rows)
            {
                Load(row, scope, cells);
                for (var i = 0; i < aggregators.Length; i++)
                {
                    var value = Value.Null;
                    compiled.Aggregates[i].Argument?.Evaluate(context, out value);
                    aggregators[i].Add(value.Kind == ValueKind.Error ? Value.Null : value);
                }
            }

            needsPass = false;
            foreach (var aggregator in aggregators)
            {
                needsPass |= aggregator.EndPass();
            }
        }

        for (var i = 0; i < aggregators.Length; i++)
        {
            context.Aggregates[compiled.Aggregates[i].Index] = aggregators[i].Result;
        }

        Load(row, scope, _rows[^1]);
        context.Clear();
        return true;
    }

    private CompiledFormula Compile(TestScope scope, List<PlanProblem> problems)
    {
        var compiled = FormulaCompiler.Compile(new Formula(_text, default, Parse()), scope, _isCondition, problems);
        Assert.True(compiled is not null, string.Join('\n', problems.Select(problem => problem.Render("plan"))));
        return compiled;
    }

    private TestScope Scope() => new([.. Cells(_rows[0]).Select((cell, index) =>
        new ColumnBinding(cell.Name, index, cell.Type, index))]);

    private static IEnumerable<(string Name, ColumnType Type, string Text)> Cells(string row)
    {
        foreach (var cell in row.Split("; ", StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = cell.IndexOf('=', StringComparison.Ordinal);
            var name = cell[..equals].Split(':');
            yield return (name[0], name.Length == 1 ? ColumnType.Untyped : Enum.Parse<ColumnType>(name[1], ignoreCase: true), cell[(equals + 1)..]);
        }
    }

    private static void Load(Row row, TestScope scope, string text)
    {
        var cells = Cells(text).ToArray();
        var record = new OrleansClean.Cleaning.Csv.Record { IsDecoded = true, FieldCount = scope.Columns.Length, Bounds = new int[scope.Columns.Length + 1] };
        var buffer = new List<byte>();
        record.Bounds[0] = -1;
        for (var i = 0; i < scope.Columns.Length; i++)
        {
            buffer.AddRange(Encoding.UTF8.GetBytes(cells[i].Text));
            record.Bounds[i + 1] = buffer.Count;
            buffer.Add((byte)',');
        }

        record.Buffer = [.. buffer];
        row.Load(record);
        for (var i = 0; i < cells.Length; i++)
        {
            if (cells[i].Type != ColumnType.Untyped && cells[i].Text.Length > 0)
            {
                row.SetTyped(i, Typed(cells[i].Type, cells[i].Text));
            }
        }
    }

    private static Value Typed(ColumnType type, string text) => type switch
    {
        ColumnType.Integer => Value.Integer(long.Parse(text, CultureInfo.InvariantCulture)),
        ColumnType.Number => Value.Number(double.Parse(text, CultureInfo.InvariantCulture)),
        ColumnType.Decimal => Value.Decimal(decimal.Parse(text, CultureInfo.InvariantCulture)),
        ColumnType.Date => Value.Date(DateOnly.Parse(text, CultureInfo.InvariantCulture)),
        ColumnType.DateTime => Value.DateTime(DateTime.Parse(text, CultureInfo.InvariantCulture)),
        ColumnType.Boolean => Value.Boolean(bool.Parse(text)),
        _ => Value.Text(Encoding.UTF8.GetBytes(text)),
    };

    private sealed class TestScope(ImmutableArray<ColumnBinding> columns) : IFormulaScope
    {
        public ImmutableArray<ColumnBinding> Columns { get; } = columns;

        public int AggregateCount { get; private set; }

        public IEnumerable<string> ColumnNames => Columns.Select(column => column.Name);

        public ColumnBinding? FindColumn(string name) => Columns.FirstOrDefault(column => column.Name == name);

        public int NextAggregate() => AggregateCount++;
    }
}
