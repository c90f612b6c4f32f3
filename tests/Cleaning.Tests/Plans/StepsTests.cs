using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class StepsTests
{
    [Fact]
    public void A_step_is_a_word_or_a_verb_with_its_argument()
    {
        var steps = PlanText.Steps("- normalize_headers\n- drop_empty: rows\n- drop_empty:\n  id: again\n- trim: all");

        Assert.Equal(["normalize_headers", "drop_empty", "again", "trim"], steps.Select(s => s.Id));
        Assert.Equal(new SourcePosition(5, 3), steps[1].At);
    }

    [Fact]
    public void Modifiers_stand_beside_the_verb()
    {
        var step = PlanText.Step<Step.Map>("""
            - map: {country: {DE: Germany}}
              id: countries
              note: as the shop names them
              if_missing: skip
              on_unmatched: reject
            """);

        Assert.Equal(("countries", "as the shop names them"), (step.Id, step.Note));
        Assert.True(step.IfMissing.Skip);
        Assert.Equal(OnUnmatched.Reject, step.OnUnmatched);
    }

    [Theory]
    [InlineData("all", true, "")]
    [InlineData("[all]", false, "all")]
    [InlineData("city", false, "city")]
    [InlineData("[city, Unit Price]", false, "city|Unit Price")]
    public void Trim_takes_all_or_a_list_of_columns(string argument, bool all, string names)
    {
        var columns = PlanText.Step<Step.Trim>($"- trim: {argument}").Columns;

        Assert.Equal(all, columns.All);
        Assert.Equal(names, string.Join('|', columns.Names.Select(c => c.Name)));
    }

    [Fact]
    public void Headers_are_named_by_hand_first()
    {
        var names = PlanText.Step<Step.NormalizeHeaders>("- normalize_headers: {map: {\" Bestell-Nr \": order_id, \"Amt (EUR)\": amount}}").Names;

        Assert.Equal([("Amt (EUR)", "amount"), ("Bestell-Nr", "order_id")], names.Select(n => (n.From.Name, n.To)));
    }

    [Fact]
    public void Columns_are_renamed_chosen_and_removed()
    {
        var steps = PlanText.Steps("- rename: {amt: amount}\n- select: [b, a]\n- drop: [c]");

        Assert.Equal([("amt", "amount")], Assert.IsType<Step.Rename>(steps[0]).Names.Select(n => (n.From.Name, n.To)));
        Assert.Equal(["b", "a"], Assert.IsType<Step.Select>(steps[1]).Columns.Select(c => c.Name));
        Assert.Equal([new ColumnName("c", new SourcePosition(6, 10))], Assert.IsType<Step.Drop>(steps[2]).Columns.AsEnumerable());
    }

    [Fact]
    public void Letter_cases_are_lower_upper_and_title() => Assert.Equal(
        [("city", LetterCase.Title), ("code", LetterCase.Upper)],
        PlanText.Step<Step.Case>("- case: {code: upper, city: title}").Columns.Select(c => (c.Column.Name, c.Case)));

    [Fact]
    public void Parts_of_cells_are_replaced_column_by_column_in_the_order_written()
    {
        var replaced = PlanText.Step<Step.Replace>("- replace: {phone: {\"-\": \"\", \" \": \"\"}, all: {\"\\u00a0\": \" \"}}").Replacements;

        Assert.Equal([("-", ""), (" ", ""), ("\u00a0", " ")], replaced.Select(r => (r.Find, r.With)));
        Assert.Equal([false, false, true], replaced.Select(r => r.Columns.All));
        Assert.DoesNotContain(replaced, r => r.IsPattern);
    }

    [Fact]
    public void Parts_of_cells_are_replaced_by_pattern()
    {
        var replaced = Assert.Single(PlanText.Step<Step.Replace>("""- replace: {columns: [a], pattern: '(\d+) +', with: $1}""").Replacements);

        Assert.Equal((true, """(\d+) +""", "$1"), (replaced.IsPattern, replaced.Find, replaced.With));
        Assert.Equal(["a"], replaced.Columns.Names.Select(c => c.Name));
    }

    [Fact]
    public void A_column_named_pattern_is_a_column()
    {
        var replaced = Assert.Single(PlanText.Step<Step.Replace>("- replace: {pattern: {a: b}}").Replacements);

        Assert.Equal(("pattern", false), (replaced.Columns.Names[0].Name, replaced.IsPattern));
    }

    [Theory]
    [InlineData("[N/A, \"-\"]", true)]
    [InlineData("{words: [N/A, \"-\"], columns: [a]}", false)]
    public void Words_are_emptied_everywhere_or_in_some_columns(string argument, bool all)
    {
        var step = PlanText.Step<Step.Nulls>($"- nulls: {argument}");

        Assert.Equal(["N/A", "-"], step.Words.AsEnumerable());
        Assert.Equal(all, step.Columns.All);
    }

    [Fact]
    public void Words_that_YAML_takes_for_something_else_are_taken_as_written() =>
        Assert.Equal(["null", "NULL", "no", "1e3", "~"], PlanText.Step<Step.Nulls>("- nulls: [null, NULL, no, 1e3, ~]").Words.AsEnumerable());

    [Fact]
    public void Columns_are_parsed_by_type_and_form()
    {
        var columns = PlanText.Step<Step.Parse>("""
            - parse:
                order_date: {type: date, formats: [dd.MM.yyyy, d MMM yy], locale: de}
                amount: {type: "decimal(12,2)", symbols: [€, EUR], decimal: ",", thousands: "."}
                price: decimal(9, 3)
                quantity: integer
                sku: text
                flag: {type: boolean, true: [yes, y], false: [no, n]}
            """).Columns.ToDictionary(c => c.Column.Name, StringComparer.Ordinal);

        Assert.Equal((ColumnType.Decimal, 12, 2), (columns["amount"].Type, columns["amount"].Precision, columns["amount"].Scale));
        Assert.Equal((',', '.'), (columns["amount"].DecimalPoint, columns["amount"].ThousandsSeparator));
        Assert.Equal(["€", "EUR"], columns["amount"].Symbols.AsEnumerable());
        Assert.Equal((9, 3), (columns["price"].Precision, columns["price"].Scale));
        Assert.Equal(["yes", "y"], columns["flag"].TrueWords.AsEnumerable());
        Assert.Equal(["no", "n"], columns["flag"].FalseWords.AsEnumerable());
        Assert.Equal(["dd.MM.yyyy", "d MMM yy"], columns["order_date"].Formats.AsEnumerable());
        Assert.Equal("de", columns["order_date"].Locale);
        Assert.Equal((ColumnType.Integer, ColumnType.Text), (columns["quantity"].Type, columns["sku"].Type));
    }

    [Theory]
    [InlineData("text", ColumnType.Text)]
    [InlineData("integer", ColumnType.Integer)]
    [InlineData("number", ColumnType.Number)]
    [InlineData("decimal", ColumnType.Decimal)]
    [InlineData("date", ColumnType.Date)]
    [InlineData("datetime", ColumnType.DateTime)]
    [InlineData("boolean", ColumnType.Boolean)]
    public void The_types_are_few(string name, ColumnType type) =>
        Assert.Equal(type, Assert.Single(PlanText.Step<Step.Parse>($"- parse: {{a: {name}}}").Columns).Type);

    [Fact]
    public void Null_cells_are_filled_with_literals()
    {
        var filled = PlanText.Step<Step.Fill>("- fill: {a: 1, b: \"1\", c: no, d: 1.50}").Columns;

        Assert.Equal([ValueKind.Integer, ValueKind.Text, ValueKind.Text, ValueKind.Decimal], filled.Select(f => f.Value.Value.Kind));
    }

    [Fact]
    public void Values_are_mapped_as_written()
    {
        var step = PlanText.Step<Step.Map>("- map: {flag: {yes: true, 01: one, \"\": none, null: nothing}}");

        Assert.Equal(
            [("", "none"), ("01", "one"), ("null", "nothing"), ("yes", "true")],
            step.Columns[0].Entries.Select(e => (e.From, e.To)));
        Assert.Equal(OnUnmatched.Keep, step.OnUnmatched);
    }

    [Theory]
    [InlineData("all", true, false)]
    [InlineData("[id, sku]", false, false)]
    [InlineData("{by: [id, sku], keep: last}", false, true)]
    [InlineData("{by: all, keep: last}", true, true)]
    public void Rows_are_made_unique_by_key(string argument, bool all, bool last)
    {
        var step = PlanText.Step<Step.Dedupe>($"- dedupe: {argument}\n  on_match: reject");

        Assert.Equal((all, last, OnMatch.Reject), (step.By.All, step.KeepLast, step.OnMatch));
    }

    [Fact]
    public void A_second_step_of_a_verb_needs_an_id_of_its_own() => Assert.Equal(
        "plan.yaml:5:3: A second step has the id `trim`; the first is at 4:3. Give this one an `id:` beside `trim`.",
        PlanText.StepProblems("- trim: [a]\n- trim: [b]"));

    [Fact]
    public void Across_files_is_told_to_be_all_there_is() => Assert.Equal(
        "plan.yaml:5:11: `across: batch` does not exist yet; the only word is `file`."
        + " Leave `across` out: every file is decided by its own rows.",
        PlanText.StepProblems("- dedupe: all\n  across: batch"));
}
