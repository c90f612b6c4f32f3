using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Writes <c>docs/functions.md</c> from the catalogue.</summary>
internal static class FunctionReference
{
    private const string Head = """
        # Formulas and functions

        What a `filter`, `derive`, `check`, `expect` or `when` may say. The tables of functions are written from the catalogue that the
        parser uses, and a test runs every example: the formula, over the row beside it, gives what the last column shows.

        ## The language

        | | |
        | --- | --- |
        | numbers | `5` is an integer, `5.0` a decimal of at most 28 digits, `5e0` a double |
        | text | in `'single quotes'`; a quote inside is written twice: `'it''s'` |
        | other literals | `true` `false` `null`, and `${name}` for the value of a parameter |
        | columns | by name, `value`; odd names are `col("Unit Price")` |
        | arithmetic | `+ - * / %` and `-x`; `/` always gives a double, `%` has the sign of the left side |
        | comparisons | `= <> < <= > >=` (`!=` is `<>`), `x in (1, 2)`, `x between 1 and 5` with both ends, `x is null` |
        | patterns | `x like 'DE-%'` with `%` any text, `_` one character and a backslash before either to mean itself; `x matches '^[0-9]+$'` |
        | logic | `and` `or` `not`; `not` also before `in` `between` `like` `matches`, and in `is not null` |
        | choices | `case when a > 1 then 'x' else 'y' end`, `case a when 1 then 'x' end` |
        | order | `* / %` before `+ -` before comparisons before `not` before `and` before `or` |

        Words of the language and names of functions may be written in capitals; names of columns are exact. A formula has at most
        16,384 characters, 5,000 parts and 100 levels of nesting. A pattern is found anywhere in the text unless `^` and `$` tie
        it down, is matched in time that grows with the text alone, has at most 1,000 characters, and its counted repeats stand
        for at most 1,000 characters.

        ## Types

        - **An untyped cell is text, and a number only where a number is needed:** beside an arithmetic operator, in a comparison with a
          number, as argument of a numeric function or aggregate. A cell that cannot be read as one is a `type-error` of its row.
        - Integers and decimals are exact; anything with a double is a double, and so is an untyped column beside a decimal. Overflow,
          division by zero and a result that is not finite are `expression-error`.
        - Two texts, or an untyped column and a text, compare by code point. `< <= > >=` of two untyped columns is an error of the plan.
        - A date or datetime compares with another, or with a text of the plan in ISO form: `sold >= '2024-01-01'`.
        - A parsed boolean is a condition by itself: `active and quantity > 0`.
        - **Null** (an empty cell) spreads: `null = 1` is null, `false and null` is false, `true or null` is true. A filter keeps rows for
          which its condition is true.
        - An error wins over null, but what `and`, `or`, `case`, `if` and `coalesce` need not look at cannot fail.

        Functions of null are null; only `coalesce`, `if`, `case` and `is null` look at null itself. A text argument takes a cell's text as
        it stands, a numeric one reads it as a number. Patterns, units, date forms and locales stand in the plan and are checked with
        it. `power`, `exp`, `ln` and `log10` are the system's and may differ in the last digit between kinds of processors.

        """;

    private const string Aggregates = """
        ## Aggregates

        Over all rows that reach the step; nulls and rows that the step rejects do not count. Over nothing they are null,
        and `count` is 0. The result is the same to the last bit in any order of the rows.

        | aggregate | result |
        | --- | --- |
        | `count()` `count(x)` | How many rows there are; how many of them have an `x` that is not null. |
        | `min(x)` `max(x)` | The smallest and largest number, date or datetime; of a column parsed as text, by code point. |
        | `sum(x)` | Of integers an integer (an error beyond 64 bits; of an untyped column the nearest double then); of decimals a decimal; of doubles the exact sum rounded once. |
        | `avg(x)` | The exact sum over the count, rounded once to a double. |
        | `median(x)` | The middle value; of an even count half way between the two middle ones. |

        """;

    public static string ToMarkdown()
    {
        var text = new StringBuilder(Head);
        foreach (var (name, functions) in FunctionCatalog.Groups)
        {
            text.Append('\n').Append("## ").Append(name).Append("\n\n| function | result | example | over | gives |\n| --- | --- | --- | --- | --- |\n");
            foreach (var function in functions)
            {
                text.Append("| ").AppendJoin(" | ", Code(function.Signature), function.Doc, Code(function.Example), Code(function.Over), Code(function.Gives)).Append(" |\n");
            }
        }

        return text.Append('\n').Append(Aggregates).ToString();
    }

    private static string Code(string text) => text.Length == 0 ? "·" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";
}
