using System.Text;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Writes <c>docs/functions.md</c> from the catalogue.</summary>
internal static class FunctionReference
{
    private const string Head = """
        # Functions

        Everything that a formula may call. This page is written from the catalogue that the parser uses, and a test runs
        every example: the formula in the first column of an example, over the row in the second, gives the third.

        Functions of null are null; only `coalesce`, `if` and `is null` look at null itself. An argument that must be a
        number is read from an untyped cell as a number; an argument that must be text is the cell's text as it stands.
        Patterns, units, date forms and locales stand in the plan and are checked with it. Names may be written in
        capitals. `sqrt` is exact to the last bit everywhere; `power`, `exp`, `ln` and `log10` are the system's and may differ in the
        last digit between kinds of processors.

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
