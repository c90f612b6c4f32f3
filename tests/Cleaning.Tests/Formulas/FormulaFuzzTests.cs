using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.Formulas;

/// <summary>No text, row or mixture of types makes the language throw: it answers with a value or with a problem.</summary>
public sealed class FormulaFuzzTests
{
    private static readonly string[] Columns =
        ["u=5", "v=x9", "w= ", "i:integer=7", "d:decimal=1.50", "f:number=2.5", "t:date=2024-01-31", "z:datetime=2024-01-31T10:20:30", "b:boolean=true", "s:text=Köln", "e="];

    private static readonly string[] Operands =
        [.. Columns.Select(column => column.Split(':', '=')[0]), "1", "-3", "2.50", "1e300", "0", "'a'", "''", "'2024-02-29'", "'day'", "'12'", "true", "null", "9223372036854775807", "count()", "max(i)", "avg(u)", "'yyyy-MM'", "'(a+)'"];

    private static readonly string[] Tokens =
        [.. Operands, "+", "-", "*", "/", "%", "=", "<", ">=", "<>", "and", "or", "not", "is", "in", "between", "like", "matches", "case", "when", "then", "else", "end", "(", ")", ",", "(", ")", "if(", "round(", "sum(", "${p}", "col('u')", "\"", "'", "#", "é", "\n", "\0", "😀", "5.", "1e"];

    [Fact]
    public void No_row_of_tokens_throws()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 30_000; i++)
        {
            var text = string.Join(random.Next(4) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 12)).Select(_ => Tokens[random.Next(Tokens.Length)]));
            Try(text, seed);
        }
    }

    [Fact]
    public void No_call_of_any_function_with_anything_throws()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var succeeded = 0;
        foreach (var function in FunctionCatalog.Groups.SelectMany(group => group.Functions))
        {
            for (var i = 0; i < 400; i++)
            {
                var count = random.Next(function.ArgumentsMin, Math.Min(function.ArgumentsMax, 4) + 1);
                var arguments = Enumerable.Range(0, count).Select(_ => Operands[random.Next(Operands.Length)]);
                succeeded += Try($"{function.Name}({string.Join(", ", arguments)})", seed) ? 1 : 0;
            }
        }

        Assert.True(succeeded > 1_000, $"seed={seed}: only {succeeded} calls had a result");
    }

    [Fact]
    public void No_operator_between_anything_throws()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var op in new[] { "+", "-", "*", "/", "%", "=", "<", ">=", "<>", "and", "or" })
        {
            foreach (var left in Operands)
            {
                foreach (var right in Operands)
                {
                    Try($"{left} {op} {right}", seed);
                    Try($"{left} between {right} and {Operands[random.Next(Operands.Length)]}", seed);
                    Try($"{left} in ({right}, {Operands[random.Next(Operands.Length)]})", seed);
                    Try($"case {left} when {right} then {Operands[random.Next(Operands.Length)]} else {right} end", seed);
                }
            }
        }
    }

    private static bool Try(string text, int seed)
    {
        try
        {
            return Evaluate(text);
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"seed={seed} {text}", e);
        }
    }

    /// <summary>True if there is a value. A value of a type other than the static one is a bug.</summary>
    private static bool Evaluate(string text)
    {
        var problems = new List<PlanProblem>();
        var parameters = new Dictionary<string, Literal>(StringComparer.Ordinal) { ["p"] = new Literal(Value.Integer(5), "5") };
        var syntax = FormulaParser.Parse(text, new SourcePosition(1, 1), parameters, problems);
        Assert.Equal(syntax is null, problems.Count > 0);
        if (syntax is null)
        {
            return false;
        }

        var scenario = FormulaCase.Formula(text).With("p", Value.Integer(5)).Over(string.Join("; ", Columns));
        if (!scenario.TryPrepare(problems, out var compiled, out var context))
        {
            Assert.NotEmpty(problems);
            return false;
        }

        compiled.Root.Evaluate(context, out var value);
        Assert.True(IsOfType(value, compiled.Root.Type), $"{text} is {compiled.Root.Type} and gave {value.Kind}");
        Assert.Equal(value.Kind == ValueKind.Error, context.Problem is not null);
        if (compiled.Root.Type == ColumnType.Boolean)
        {
            var truth = compiled.Root.Test(context);
            Assert.True(truth == (value.Kind == ValueKind.Null ? Truth.Null : value.Kind == ValueKind.Error ? Truth.Error : value.AsBoolean ? Truth.True : Truth.False), text);
        }

        return value.Kind is not (ValueKind.Error or ValueKind.Null);
    }

    private static bool IsOfType(in Value value, ColumnType type) => value.Kind switch
    {
        ValueKind.Null or ValueKind.Error => true,
        ValueKind.Text => type is ColumnType.Untyped or ColumnType.Text,
        ValueKind.Integer => type is ColumnType.Integer or ColumnType.Number,
        ValueKind.Number => type == ColumnType.Number && double.IsFinite(value.AsNumber),
        _ => value.Kind.ToString() == type.ToString(),
    };
}
