using OrleansClean.Cleaning.Formulas;
using static OrleansClean.Cleaning.Tests.Formulas.FormulaCase;

namespace OrleansClean.Cleaning.Tests.Formulas;

/// <summary>"Types and nulls" of the plan, point by point.</summary>
public sealed class FormulaTests
{
    [Theory]
    [InlineData("value / 2", "value=10", "5")]
    [InlineData("value / 4", "value=10", "2.5")]
    [InlineData("value + 1", "value=10", "11")]
    [InlineData("value + 1", "value= 10\t", "11")]
    [InlineData("value + 1", "value=1e3", "1001")]
    [InlineData("value * 2", "value=.5", "1")]
    [InlineData("value", "value=00501", "00501")]
    [InlineData("value * 1", "value=00501", "501")]
    [InlineData("-value", "value=5", "-5")]
    [InlineData("value % 3", "value=-7", "-1")]
    [InlineData("2 + 3 * 4 - 6 / 3", "", "12")]
    [InlineData("(2 + 3) * 4", "", "20")]
    [InlineData("10 - 2 - 3", "", "5")]
    [InlineData("100 / 10 / 5", "", "2")]
    [InlineData("-2 * -3", "", "6")]
    [InlineData("- - 5", "", "5")]
    [InlineData("0.1 + 0.2", "", "0.3")]
    [InlineData("1e-1 + 2e-1", "", "0.30000000000000004")]
    [InlineData("0.1 + 2e-1", "", "0.30000000000000004")]
    [InlineData("1.50 * 3", "", "4.50")]
    [InlineData("7 / 2", "", "3.5")]
    [InlineData("-0e0 * 1", "", "0")]
    [InlineData("9223372036854775807", "", "9223372036854775807")]
    [InlineData("-9223372036854775808", "", "-9223372036854775808")]
    [InlineData("9223372036854775808", "", "9223372036854775808")]
    public void Arithmetic(string formula, string row, string expected) => Formula(formula).Over(row).Gives(expected);

    [Theory]
    [InlineData("1 + 1", ColumnType.Integer)]
    [InlineData("1 / 1", ColumnType.Number)]
    [InlineData("1 + 1.5", ColumnType.Decimal)]
    [InlineData("1 + 1e0", ColumnType.Number)]
    [InlineData("1.5 + 1e0", ColumnType.Number)]
    [InlineData("u + 1", ColumnType.Number)]
    [InlineData("i + 1", ColumnType.Integer)]
    [InlineData("i + d", ColumnType.Decimal)]
    [InlineData("u + d", ColumnType.Number)]
    [InlineData("u", ColumnType.Untyped)]
    [InlineData("lower(u)", ColumnType.Text)]
    [InlineData("u = 'a'", ColumnType.Boolean)]
    [InlineData("max(u)", ColumnType.Number)]
    [InlineData("max(i)", ColumnType.Integer)]
    [InlineData("avg(i)", ColumnType.Number)]
    [InlineData("sum(d)", ColumnType.Decimal)]
    [InlineData("count()", ColumnType.Integer)]
    [InlineData("coalesce(u, 0)", ColumnType.Untyped)]
    [InlineData("coalesce(i, 0.5)", ColumnType.Decimal)]
    [InlineData("if(u = 'a', t, '2019-01-01')", null)]
    public void Every_formula_has_a_type_before_a_row_is_read(string formula, ColumnType? expected)
    {
        var test = Formula(formula).Over("u=1; i:integer=1; d:decimal=1.5; t:date=2019-01-01");
        if (expected is { } type)
        {
            test.HasType(type);
        }
        else
        {
            test.IsRefused("1:16: `'2019-01-01'` is text, and what stands before it is a date. All results of one choice are of one type; `to_text(x)` makes text of anything.");
        }
    }

    [Theory]
    [InlineData("1,000")]
    [InlineData("NaN")]
    [InlineData("12,9O")]
    [InlineData("1e999")]
    public void A_cell_that_is_no_number_is_a_type_error_where_a_number_is_needed(string cell)
    {
        foreach (var formula in new[] { "value <= 500", "value + 1", "1 < value", "value in (1, 2)", "value between 1 and 2", "abs(value)", "value / 2", "1 - 1 + value", "not value = 1" })
        {
            var problem = Formula(formula).Over($"id=7; value={cell}").Fails(ProblemCodes.TypeError);
            Assert.Equal("value", problem.Column);
            Assert.Equal(1, problem.ColumnIndex);
            Assert.Equal("number", problem.Expected);
            Assert.Equal(cell, System.Text.Encoding.UTF8.GetString(problem.Value!));
            Assert.DoesNotContain(cell, problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_offending_cell_is_kept_up_to_4_KiB_and_the_byte_that_tells_it_was_longer()
    {
        var problem = Formula("value + 1").Over($"value={new string('x', 10_000)}").Fails(ProblemCodes.TypeError);
        Assert.Equal(Problem.ValueBytesMax + 1, problem.Value!.Length);
    }

    [Theory]
    [InlineData("value = '007'", Truth.True)]
    [InlineData("value = '7'", Truth.False)]
    [InlineData("value = 7", Truth.True)]
    [InlineData("value = 7.0", Truth.True)]
    [InlineData("value < 'a'", Truth.True)]
    [InlineData("value = other", Truth.False)]
    [InlineData("value = i", Truth.True)]
    [InlineData("value = count() + 6", Truth.True)]
    [InlineData("value in ('7', '007')", Truth.True)]
    [InlineData("value in ('7', '8')", Truth.False)]
    [InlineData("value in (7, 8)", Truth.True)]
    [InlineData("value not in (7, 8)", Truth.False)]
    [InlineData("value in (i, 9)", Truth.True)]
    [InlineData("value between 6.5 and 7", Truth.True)]
    [InlineData("value not between 6.5 and 7", Truth.False)]
    [InlineData("value between '0' and '1'", Truth.True)]
    [InlineData("to_text(value) = other", Truth.False)]
    public void Untyped_text_is_a_number_only_where_a_number_is_needed(string condition, Truth expected) =>
        Condition(condition).Over("value=007; other=7; i:integer=7").Is(expected);

    [Theory]
    [InlineData("ä", "z", Truth.False)]
    [InlineData("Z", "a", Truth.True)]
    [InlineData("\uFF21", "\U0001F600", Truth.True)]
    [InlineData("a", "ab", Truth.True)]
    public void Text_is_ordered_by_code_point(string a, string b, Truth expected) =>
        Condition("to_text(a) < to_text(b)").Over($"a={a}; b={b}").Is(expected);

    [Theory]
    [InlineData("a < b", "1:1: `a` and `b` are both untyped: it is not known whether they are numbers, dates or words. Parse them first, or write `to_number(…)` around one.")]
    [InlineData("a between b and '9'", "1:1: `a` and `b` are both untyped: it is not known whether they are numbers, dates or words. Parse them first, or write `to_number(…)` around one.")]
    [InlineData("d + 'x'", "1:1: `d` is a date; a number is needed here. Days are counted with `date_diff` and moved with `date_add`.")]
    [InlineData("a + '5'", "1:5: `'5'` is text; a number is needed here. Write `5` without quotes.")]
    [InlineData("i = '5'", "1:5: `'5'` is text; a number is needed here. Write `5` without quotes.")]
    [InlineData("lower(a) * 2", "1:1: `lower(a)` is text; a number is needed here. Write `to_number(lower(a))`.")]
    [InlineData("d = a", "1:1: `d` is a date and `a` is untyped text: they cannot be compared. Parse the column as date first, or write `parse_date(a, 'yyyy-MM-dd')`.")]
    [InlineData("d > '15.04.2019'", "1:5: `'15.04.2019'` is not a date of the calendar in the form `yyyy-MM-dd`. Dates in formulas are written in ISO form, whatever the file's.")]
    [InlineData("d = '2019-02-29'", "1:5: `'2019-02-29'` is not a date of the calendar in the form `yyyy-MM-dd`. Dates in formulas are written in ISO form, whatever the file's.")]
    [InlineData("f = 'true'", "1:1: `f` is a condition and `'true'` is text: they cannot be compared. A parsed boolean stands alone: `active`, or `not active`.")]
    [InlineData("f + 1", "1:1: `f` is a condition; a number is needed here. A choice between numbers is `if(condition, 1, 0)`.")]
    [InlineData("a and f", "1:1: `a` is untyped text; a condition is needed here. Compare it, as in `a = 'true'`, or parse it as boolean first.")]
    [InlineData("i", "1:1: `i` is an integer; a condition is needed here. A condition is a comparison, such as `value <= 500`.")]
    [InlineData("valeu = 1", "1:1: There is no column `valeu` at this step. Did you mean `value`?")]
    [InlineData("zzz = 1", "1:1: There is no column `zzz` at this step. There are `a`, `b`, `d`, `i`, `f` and `value`.")]
    [InlineData("a = ''", "1:1: An empty cell is null, so it is never equal to `''`. Write `a is null`.")]
    [InlineData("year(a) = 1", "1:6: `a` is untyped text; a date is needed here. Parse the column as date first, or write `parse_date(a, 'yyyy-MM-dd')`.")]
    [InlineData("1 / 0 > a", "1:1: This fails in every row: Division by zero.")]
    [InlineData("date_add(d, 1, 'hour') = d", "1:16: A date has no time of day to which hours, minutes or seconds could be added. Parse the column as datetime.")]
    public void What_the_types_cannot_give_is_an_error_of_the_plan(string condition, string expected) =>
        Condition(condition).Over("a=1; b=2; d:date=2019-04-15; i:integer=5; f:boolean=true; value=1").IsRefused(expected);

    [Theory]
    [InlineData("d > '2019-04-14'", Truth.True)]
    [InlineData("d = '2019-04-15'", Truth.True)]
    [InlineData("'2019-04-15' >= d", Truth.True)]
    [InlineData("d between '2019-01-01' and '2019-12-31'", Truth.True)]
    [InlineData("d in ('2019-01-01', '2019-04-15')", Truth.True)]
    [InlineData("d = t", Truth.False)]
    [InlineData("d < t", Truth.True)]
    [InlineData("t = '2019-04-15T10:30'", Truth.True)]
    [InlineData("t > '2019-04-15'", Truth.True)]
    [InlineData("d <> today()", Truth.True)]
    public void Dates_compare_with_dates_and_with_text_in_ISO_form(string condition, Truth expected) =>
        Condition(condition).Over("d:date=2019-04-15; t:datetime=2019-04-15T10:30:00").Is(expected);

    [Fact]
    public void A_parsed_boolean_may_stand_alone()
    {
        Condition("active").Over("active:boolean=true").Is(Truth.True);
        Condition("not active").Over("active:boolean=true").Is(Truth.False);
        Condition("active or true").Over("active:boolean=").Is(Truth.True);
        Condition("active").Over("active:boolean=").Is(Truth.Null);
    }

    [Theory]
    [InlineData("1 / x", ProblemCodes.ExpressionError)]
    [InlineData("1 % x", ProblemCodes.ExpressionError)]
    [InlineData("1.5 % x", ProblemCodes.ExpressionError)]
    [InlineData("1e308 * (x + 10)", ProblemCodes.ExpressionError)]
    [InlineData("9223372036854775807 + (x + 1)", ProblemCodes.ExpressionError)]
    [InlineData("-9223372036854775808 - (x + 1)", ProblemCodes.ExpressionError)]
    [InlineData("9223372036854775807 * (x + 2)", ProblemCodes.ExpressionError)]
    [InlineData("9999999999999999999999999999 * to_decimal(x + 10)", ProblemCodes.ExpressionError)]
    [InlineData("sqrt(x - 1)", ProblemCodes.ExpressionError)]
    [InlineData("ln(x)", ProblemCodes.ExpressionError)]
    [InlineData("repeat('ab', 9000000 + x)", ProblemCodes.ExpressionError)]
    [InlineData("date(2019, 2, 29 + x)", ProblemCodes.ExpressionError)]
    [InlineData("substr('abc', x)", ProblemCodes.ExpressionError)]
    public void A_formula_without_a_result_is_an_expression_error(string formula, string code) =>
        Formula(formula).Over("x=0").Fails(code);

    [Theory]
    [InlineData("-9223372036854775808 % (x - 1)", "0")]
    [InlineData("9223372036854775807 + x", "9223372036854775807")]
    public void Integers_at_their_ends_are_exact(string formula, string expected) =>
        Formula(formula).Over("x=0").Gives(expected);

    [Theory]
    [InlineData("x is null", Truth.True)]
    [InlineData("x is not null", Truth.False)]
    [InlineData("x = 1", Truth.Null)]
    [InlineData("x <> 1", Truth.Null)]
    [InlineData("x = 'a'", Truth.Null)]
    [InlineData("x = y", Truth.Null)]
    [InlineData("x in (1, 2)", Truth.Null)]
    [InlineData("x not in (1, 2)", Truth.Null)]
    [InlineData("y in (x, '1')", Truth.True)]
    [InlineData("y in (x, '2')", Truth.Null)]
    [InlineData("y in (i, 1)", Truth.True)]
    [InlineData("y in (i, 2)", Truth.Null)]
    [InlineData("y not in (i, 2)", Truth.Null)]
    [InlineData("x between 1 and 2", Truth.Null)]
    [InlineData("x like 'a%'", Truth.Null)]
    [InlineData("x matches 'a'", Truth.Null)]
    [InlineData("not x = 1", Truth.Null)]
    [InlineData("blank = 1", Truth.Null)]
    [InlineData("blank is null", Truth.False)]
    [InlineData("blank * 1 is null", Truth.True)]
    [InlineData("case when x = 1 then false else true end", Truth.True)]
    [InlineData("if(x = 1, true, false)", Truth.False)]
    [InlineData("x + 1 is null", Truth.True)]
    [InlineData("coalesce(x, y) = '1'", Truth.True)]
    public void Null_is_an_empty_cell_and_spreads(string condition, Truth expected) =>
        Condition(condition).Over("x=; y=1; blank=  ; i:integer=").Is(expected);

    [Fact]
    public void Logic_is_three_valued()
    {
        var words = new[] { "n = 1", "1 = 1", "1 = 2" };
        var truths = new[] { Truth.Null, Truth.True, Truth.False };
        for (var a = 0; a < 3; a++)
        {
            for (var b = 0; b < 3; b++)
            {
                var and = truths[a] == Truth.False || truths[b] == Truth.False ? Truth.False
                    : truths[a] == Truth.Null || truths[b] == Truth.Null ? Truth.Null : Truth.True;
                var or = truths[a] == Truth.True || truths[b] == Truth.True ? Truth.True
                    : truths[a] == Truth.Null || truths[b] == Truth.Null ? Truth.Null : Truth.False;
                Condition($"{words[a]} and {words[b]}").Over("n=").Is(and);
                Condition($"{words[a]} or {words[b]}").Over("n=").Is(or);
            }
        }
    }

    [Fact]
    public void What_is_decided_is_not_looked_at_further()
    {
        Condition("x > 1 and y > 1").Over("x=0; y=bad").Is(Truth.False);
        Condition("x = 0 or y > 1").Over("x=0; y=bad").Is(Truth.True);
        Condition("y > 1 or x = 0").Over("x=0; y=bad").Is(Truth.Error);
        Formula("if(x = 0, 1, 1 / x)").Over("x=0").Gives("1");
        Formula("coalesce(x, y + 1)").Over("x=0; y=bad").Gives("0");
    }

    [Fact]
    public void A_bad_cell_does_not_hide_behind_an_empty_one()
    {
        Formula("x + y").Over("x=; y=bad").Fails(ProblemCodes.TypeError);
        Formula("y / x").Over("x=; y=bad").Fails(ProblemCodes.TypeError);
        Condition("x < y + 0").Over("x=; y=bad").Is(Truth.Error);
    }

    [Theory]
    [InlineData("case when v > 10 then 'large' when v > 5 then 'middle' else 'small' end", "small")]
    [InlineData("case v when 1 then 'one' when 2 then 'two' end", "two")]
    [InlineData("case v when '2' then 'two' end", "two")]
    [InlineData("case when v > 1 then 1 else 2.5 end", "1")]
    [InlineData("case when v > 3 then 1 else 2.5 end", "2.5")]
    [InlineData("if(v = 2, v, 0) * 2", "4")]
    [InlineData("coalesce(n, 0) + 1", "1")]
    [InlineData("coalesce(n, v, 9)", "2")]
    [InlineData("nullif(v, 3)", "2")]
    public void Choices(string formula, string expected) => Formula(formula).Over("v=2; n=").Gives(expected);

    [Theory]
    [InlineData("coalesce(n, 0)", "0")]
    [InlineData("coalesce(n, 1.50)", "1.50")]
    [InlineData("if(v = 2, 2e0, v)", "2")]
    [InlineData("case when v = 2 then v else 0 end", "2")]
    public void An_untyped_result_is_text_in_every_row(string formula, string expected)
    {
        Formula(formula).Over("v=2; n=").HasType(ColumnType.Untyped);
        Formula(formula).Over("v=2; n=").Gives(expected);
        Formula(formula).Over("v=2; n=").Evaluate(out var value, out _);
        Assert.Equal(ValueKind.Text, value.Kind);
    }

    [Fact]
    public void A_choice_without_else_is_null_where_nothing_fits() =>
        Formula("case v when 1 then 'one' end").Over("v=5").GivesNull();

    [Theory]
    [InlineData("Köln", "K_ln", true)]
    [InlineData("Köln", "K%", true)]
    [InlineData("Köln", "k%", false)]
    [InlineData("100%", "100\\%", true)]
    [InlineData("1000", "100\\%", false)]
    [InlineData("a_b", "a\\_b", true)]
    [InlineData("axb", "a\\_b", false)]
    [InlineData("", "%", null)]
    [InlineData("abcabd", "%ab_", true)]
    [InlineData("abcabd", "%abc", false)]
    [InlineData("aaaab", "%a%b%", true)]
    [InlineData("😀x", "_x", true)]
    [InlineData("a\\b", "a\\\\b", true)]
    public void Like_knows_two_wildcards_and_one_escape(string text, string pattern, bool? expected) =>
        Condition($"x like '{pattern}'").Over($"x={text}").Is(expected is null ? Truth.Null : expected.Value ? Truth.True : Truth.False);

    [Theory]
    [InlineData("x matches '^[A-Z]{2}[0-9]+$'", "x=DE42", Truth.True)]
    [InlineData("x matches '[0-9]'", "x=DE42", Truth.True)]
    [InlineData("x not matches '^[0-9]+$'", "x=DE42", Truth.True)]
    [InlineData("x matches '^.$'", "x=ö", Truth.True)]
    public void Matches_finds_a_pattern_anywhere(string condition, string row, Truth expected) =>
        Condition(condition).Over(row).Is(expected);

    [Fact]
    public void No_text_makes_a_pattern_slow()
    {
        var text = new string('a', 1 << 20);
        Condition("x matches '^(a+)+$'").Over($"x={text}b").Is(Truth.False);
        Condition("x matches '(a+)+$'").Over($"x={text}").Is(Truth.True);
        Condition("x like '%a%a%a%b'").Over($"x={text}").Is(Truth.False);
    }

    [Fact]
    public void The_clock_is_frozen_and_its_reading_is_recorded()
    {
        var context = Formula("today()").Evaluate(out var value, out _);
        Assert.Equal("2026-08-15", TextOf(value));
        Assert.True(context.ClockWasRead);
        Assert.False(Formula("1 + 1").Evaluate(out _, out _).ClockWasRead);
    }

    [Fact]
    public void Parameters_are_values()
    {
        Formula("x + ${p}").With("p", Value.Integer(5)).Over("x=1").Gives("6");
        Formula("concat(x, ${p})").With("p", Value.Text("' or 1 = 1 --"u8.ToArray())).Over("x=1").Gives("1' or 1 = 1 --");
        Formula("x = ${p}").With("p", Value.Null).Over("x=1").IsRefused("1:3: `= null` is never true. Write `x is null`.");
    }

    [Fact]
    public void A_row_may_not_grow_beyond_16_MiB()
    {
        var problem = Formula("concat(repeat(x, 4000000), repeat(x, 4000000))").Over("x=ab").Fails(ProblemCodes.ExpressionError);
        Assert.Equal("The row's text grew beyond 16 MiB.", problem.Message);
    }
}
