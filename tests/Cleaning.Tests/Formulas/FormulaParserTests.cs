using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;
using static OrleansClean.Cleaning.Tests.Formulas.FormulaCase;

namespace OrleansClean.Cleaning.Tests.Formulas;

public sealed class FormulaParserTests
{
    [Theory]
    [InlineData("  a+b*c ", "a + b * c")]
    [InlineData("(a+b)*c", "(a + b) * c")]
    [InlineData("((a))+(b*c)", "a + b * c")]
    [InlineData("(a+b)+c", "a + b + c")]
    [InlineData("a+(b+c)", "a + (b + c)")]
    [InlineData("a-(b-c)", "a - (b - c)")]
    [InlineData("A And b OR c", "A and b or c")]
    [InlineData("a and (b and c)", "a and b and c")]
    [InlineData("a and (b or c)", "a and (b or c)")]
    [InlineData("not (a = b)", "not a = b")]
    [InlineData("NOT a IS NOT NULL", "not a is not null")]
    [InlineData("a != b", "a <> b")]
    [InlineData("x in(1,2 , 3)", "x in (1, 2, 3)")]
    [InlineData("x NOT between 1 and 2", "x not between 1 and 2")]
    [InlineData("x like 'it''s'", "x like 'it''s'")]
    [InlineData("Lower( x )", "lower(x)")]
    [InlineData("MAX(x)", "max(x)")]
    [InlineData("count()", "count()")]
    [InlineData("CASE x WHEN 1 THEN 'a' ELSE 'b' END", "case x when 1 then 'a' else 'b' end")]
    [InlineData("case when a then b end", "case when a then b end")]
    [InlineData("col(\"Unit Price\")", "col('Unit Price')")]
    [InlineData("col('value')", "value")]
    [InlineData("col('end')", "col('end')")]
    [InlineData("col('it''s')", "col('it''s')")]
    [InlineData("Größe_2", "Größe_2")]
    [InlineData("-5", "-5")]
    [InlineData("-(5)", "-(5)")]
    [InlineData("--x", "--x")]
    [InlineData("-(a+b)", "-(a + b)")]
    [InlineData("1.50", "1.50")]
    [InlineData("1e3", "1000e0")]
    [InlineData(".5", "0.5")]
    [InlineData("007", "7")]
    [InlineData("true and FALSE or null", "true and false or null")]
    public void There_is_one_spelling(string formula, string canonical)
    {
        Formula(formula).HasCanonical(canonical);
        Formula(canonical).HasCanonical(canonical);
    }

    [Fact]
    public void A_parameter_shows_as_its_value() =>
        Formula("x <= ${limit} and y = ${word}")
            .With("limit", Value.Integer(500))
            .With("word", Value.Text("it's"u8.ToArray()))
            .HasCanonical("x <= 500 and y = 'it''s'");

    [Theory]
    [InlineData("", "1:1: The formula is empty. Write a condition or a value, such as `value <= 500`.")]
    [InlineData("a +", "1:4: Found the end of the formula, expected a value.")]
    [InlineData("a b", "1:3: Found `b`, expected an operator or the end of the formula. A column name with blanks is written `col(\"Unit Price\")`.")]
    [InlineData("value bettween 1 and 2", "1:7: Found `bettween`, expected an operator or the end of the formula. Did you mean `between`?")]
    [InlineData("a == 1", "1:3: `==` is not an operator. Equality is one `=`.")]
    [InlineData("a = \"x\"", "1:5: \" does not begin anything here. Text is in 'single quotes'; an odd column name is written `col(\"Unit Price\")`.")]
    [InlineData("`odd` = 1", "1:1: ` does not begin anything here. Text is in 'single quotes'; an odd column name is written `col(\"Unit Price\")`.")]
    [InlineData("a && b", "1:3: `&` is not an operator. Write `and`.")]
    [InlineData("a || b", "1:3: `|` is not an operator. Write `or`; text is joined by `concat(a, b)`.")]
    [InlineData("!a", "1:1: `!` is not an operator. Write `not`.")]
    [InlineData("a = null", "1:3: `= null` is never true. Write `a is null`.")]
    [InlineData("a <> null", "1:3: `<> null` is never true. Write `a is not null`.")]
    [InlineData("a in (1, null)", "1:10: Nothing is equal to null, in a list too. Write `or a is null` beside it.")]
    [InlineData("a < b < c", "1:7: Found `<`, expected an operator or the end of the formula. Comparisons are joined by `and`: `a < b and b < c`.")]
    [InlineData("(a + b", "1:7: Found the end of the formula, expected an operator or `)`. The parenthesis at 1:1 is not closed.")]
    [InlineData("a + b)", "1:6: Found `)`, expected an operator or the end of the formula. There is one `)` too many.")]
    [InlineData("rond(a, 2)", "1:1: There is no function `rond`. Did you mean `round`?")]
    [InlineData("averge(a)", "1:1: There is no function `averge`. All functions are in docs/functions.md.")]
    [InlineData("ifnull(a, 0)", "1:1: There is no function `ifnull`. Here it is `coalesce`.")]
    [InlineData("round()", "1:1: `round` has 0 arguments; it is `round(x[, digits])`.")]
    [InlineData("min(a, b)", "1:1: `min` is an aggregate over all rows and takes one argument. Of several values in one row it is `min_of(a, b)`.")]
    [InlineData("sum()", "1:1: `sum` needs an argument. Write `sum(column)`.")]
    [InlineData("max(a + max(b))", "1:9: `max` stands inside another aggregate. Derive the inner value as a column in a step before.")]
    [InlineData("'abc", "1:1: The text that begins with ' does not end. A quote inside a text is written twice.")]
    [InlineData("'a ${p} b'", "1:1: `${p}` inside quotes is not replaced. A parameter is a value: write `${p}` without quotes, or join texts with `concat`.")]
    [InlineData("a > ${q}", "1:5: There is no parameter `q`. Parameters are declared in `params`.")]
    [InlineData("5.", "1:1: `5.` is not a number. A digit must follow the point.")]
    [InlineData("2nd = 1", "1:1: `2n` begins neither a number nor a name. A column name that begins with a digit is written `col(\"…\")`.")]
    [InlineData("12345678901234567890123456789", "1:1: `12345678901234567890123456789` has more than 28 digits; with an exponent (`e0`) it would be rounded to a double.")]
    [InlineData("a is 5", "1:6: Found `5`, expected `null`. After `is` stands `null` or `not null`; values are compared with `=`.")]
    [InlineData("a not b", "1:7: Found `b`, expected `in`, `between`, `like` or `matches`.")]
    [InlineData("a between 1, 2", "1:12: Found `,`, expected `and`. A range is written `between 1 and 5`; both ends belong to it.")]
    [InlineData("case a end", "1:8: Found `end`, expected `when`. A choice is written `case when a > 1 then 'x' else 'y' end`.")]
    [InlineData("end = 1", "1:1: Found `end`, expected a value. `end` is a word of the language; a column of that name is `col(\"end\")`.")]
    [InlineData("a matches '(?=b)'", "1:11: The pattern uses a look ahead, `(?=` or `(?!`. Patterns here are matched without going back, so that no text can make them slow; write it without.")]
    [InlineData("a matches '(b'", "1:11: The pattern is not well formed at character 3: a parenthesis is not closed.")]
    [InlineData("a matches '(b{1000}){1000}'", "1:11: The pattern's counted repeats, such as `{1000}`, stand for more than 1000 characters. Repeat less, or use `+` or `*`.")]
    [InlineData("a matches '(b)\\1'", "1:11: The pattern uses a reference back to a group, such as `\\1`. Patterns here are matched without going back, so that no text can make them slow; write it without.")]
    [InlineData("a matches '(((b{10}){10}){10}){10}'", "1:11: The pattern's counted repeats, such as `{1000}`, stand for more than 1000 characters. Repeat less, or use `+` or `*`.")]
    [InlineData("a matches b", "1:11: Found `b`, expected a pattern in 'single quotes'. A pattern stands in the plan; it is not taken from a column.")]
    [InlineData("a like 'b\\'", "1:8: The pattern ends with a single backslash: there is nothing behind it to escape.")]
    [InlineData("regex_extract(a, '(b)', 2)", "1:25: The pattern has no group 2. Its groups are 0 to 1.")]
    [InlineData("date_diff(a, b, 'fortnight')", "1:17: `fortnight` is no unit of time. Units are `year`, `month`, `week`, `day`, `hour`, `minute` and `second`.")]
    [InlineData("parse_date(a, 'YYYY-MM-DD')", "1:15: 'YYYY' is no part of a date form. The year is yyyy or yy.")]
    [InlineData("a # b", "1:3: `#` means nothing here.")]
    [InlineData("a [b]", "1:3: `[` means nothing here. Lists are in (parentheses), parameters are `${name}`.")]
    public void An_error_says_where_and_what_and_what_to_do(string formula, string expected) =>
        Formula(formula).With("p", Value.Integer(1)).Over("a=1; b=2; c=3").IsRefused(expected);

    [Fact]
    public void Errors_in_later_lines_are_placed_there() =>
        Formula("a\n  + b\n  * )").Over("a=1; b=2").IsRefused("3:5: Found `)`, expected a value.");

    [Theory]
    [InlineData("(", "a", ")")]
    [InlineData("-(", "a", ")")]
    [InlineData("not ", "a", "")]
    [InlineData("- ", "a", "")]
    [InlineData("abs(", "a", ")")]
    [InlineData("case when a then ", "a", " end")]
    public void Deep_nesting_is_refused_and_not_followed(string before, string inner, string after)
    {
        var times = Math.Min(10_000, FormulaParser.TextLengthMax / (before.Length + after.Length + 1));
        var problems = new List<PlanProblem>();
        var text = string.Concat(Enumerable.Repeat(before, times)) + inner + string.Concat(Enumerable.Repeat(after, times));
        Assert.Null(FormulaParser.Parse(text, default, new Dictionary<string, Literal>(StringComparer.Ordinal), problems));
        Assert.Equal("The formula is nested more than 100 levels deep.", Assert.Single(problems).Message);
    }

    [Theory]
    [InlineData("+")]
    [InlineData("*")]
    [InlineData("-")]
    [InlineData(" and a = ")]
    public void Long_chains_are_no_depth(string op)
    {
        var text = $"a{string.Concat(Enumerable.Repeat($"{op}a", 1_500))}";
        var problems = new List<PlanProblem>();
        var syntax = FormulaParser.Parse(op.Contains("and", StringComparison.Ordinal) ? $"a = {text}" : text, default, new Dictionary<string, Literal>(StringComparer.Ordinal), problems);
        Assert.NotNull(syntax);
        Assert.True(syntax.ToCanonical().Length > 3_000);
    }

    [Fact]
    public void A_long_chain_is_evaluated() =>
        Formula($"a{string.Concat(Enumerable.Repeat("+a", 4_000))}").Over("a=1").Gives("4001");

    [Fact]
    public void Size_is_bounded()
    {
        Formula($"a{string.Concat(Enumerable.Repeat("+a", 5_000))}").Over("a=1").IsRefused("1:10001: The formula has more than 5000 parts. Split it over several derived columns.");
        Formula(new string('a', 20_000)).Over("a=1").IsRefused("1:1: The formula has 20000 characters; at most 16384 are read. Split it over several derived columns.");
    }

    [Fact]
    public void Columns_are_found_before_a_header_is_known() =>
        Assert.Equal(["a", "b", "c d"], Formula("a + max(b) * col('c d') + 1").Parse().ColumnsRead.Select(column => column.Name));

    [Fact]
    public void Random_formulas_keep_their_meaning_in_their_one_spelling()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 3_000; i++)
        {
            var text = RandomFormula(random, 4);
            var problems = new List<PlanProblem>();
            var first = FormulaParser.Parse(text, default, new Dictionary<string, Literal>(StringComparer.Ordinal), problems);
            Assert.True(first is not null, $"seed={seed} {text}: {problems.FirstOrDefault()?.Message}");
            var canonical = first.ToCanonical();
            var second = FormulaParser.Parse(canonical, default, new Dictionary<string, Literal>(StringComparer.Ordinal), problems);
            Assert.True(second is not null, $"seed={seed} {text} → {canonical}: {problems.FirstOrDefault()?.Message}");
            Assert.True(canonical == second.ToCanonical(), $"seed={seed} {text} → {canonical} → {second.ToCanonical()}");
            Assert.True(Shape(first) == Shape(second), $"seed={seed} {text} → {canonical}");
        }
    }

    private static string RandomFormula(Random random, int depth)
    {
        string Inner() => RandomFormula(random, depth - 1);
        string NotNull() => Inner() is var inner && inner.Trim('(', ')') == "null" ? "8" : inner;
        string Maybe(string text) => random.Next(2) == 0 ? text : $"({text})";
        return depth == 0
            ? new[] { "a", "b_2", "'x''y'", "1", "-2", "2.50", "1e-9", "null", "true", "col('c d')", "col(\"end\")" }[random.Next(11)]
            : random.Next(14) switch
            {
                0 => $"({Inner()})",
                1 => Maybe($"({Inner()}) + ({Inner()})"),
                2 => $"({Inner()}) * ({Inner()})",
                3 => $"({Inner()})-({Inner()})%({Inner()})",
                4 => $"not ({Inner()})",
                5 => $"({Inner()}) AND ({Inner()}) and ({Inner()})",
                6 => $"({Inner()}) or ({Inner()})",
                7 => $"({Inner()}) is not null",
                8 => $"(a) in ({NotNull()}, 7)",
                9 => $"a between ({NotNull()}) and ({NotNull()})",
                10 => $"case when {Maybe(Inner())} then {Inner()} else {Inner()} end",
                11 => $"-({Inner()})",
                12 => $"coalesce({Inner()}, {Inner()})",
                _ => $"({Inner()}) like 'a%'",
            };
    }

    /// <summary>The tree without positions.</summary>
    private static string Shape(FormulaSyntax syntax) =>
        $"{syntax.GetType().Name}({string.Join(',', syntax.Children.Select(Shape))})";
}
