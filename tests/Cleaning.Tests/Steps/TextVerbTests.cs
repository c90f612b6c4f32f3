using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class TextVerbTests
{
    [Theory]
    [InlineData("upper", "straße ÄÖü", "STRAßE ÄÖÜ")]
    [InlineData("lower", "İSTANBUL ÉCOLE", "i̇stanbul école")]
    [InlineData("title", "o'NEIL van-DER 3rd élan", "O'neil Van-Der 3rd Élan")]
    [InlineData("title", "don’t PANIC", "Don’t Panic")]
    [InlineData("lower", "ΣΟΦΟΣ", "σοφοσ")]
    public void Letters_change_case_by_Unicode_and_no_country(string letterCase, string before, string after)
    {
        // The dotted capital I has no single small letter in the invariant mapping: it stays or is mapped as the runtime has it.
        var expected = before.StartsWith('İ') ? string.Concat(before.EnumerateRunes().Select(rune => System.Text.Rune.ToLowerInvariant(rune).ToString())) : after;
        With($"- case: {{a: {letterCase}}}").Over($"a,b\n{before},1\n").Gives($"a,b\n{expected},1\n").Changing("case", 1);
    }

    [Fact]
    public void A_cell_that_has_its_case_keeps_its_bytes() =>
        With("- case: {a: upper}").Over("a,b\n\"X Y\",1\n").Gives("a,b\n\"X Y\",1\n").Changing("case", 0);

    [Fact]
    public void Texts_are_replaced_in_order() =>
        With("- replace: {a: {\"-\": \"\", x: yy}}").Over("a,b\n1-2-x,-\n,-\n").Gives("a,b\n12yy,-\n,-\n").Changing("replace", 2);

    [Fact]
    public void All_columns_may_be_meant() =>
        With("- replace: {all: {\"-\": \"+\"}}").Over("a,b\n-,--\n").Gives("a,b\n+,++\n");

    [Fact]
    public void A_pattern_may_use_its_groups() =>
        With("- replace: {columns: [a], pattern: '(\\d+)-(\\d+)', with: '$2/$1'}")
            .Over("a,b\n12-34 5-6,1-2\nxyz,1\n").Gives("a,b\n34/12 6/5,1-2\nxyz,1\n").Changing("replace", 1);

    [Fact]
    public void A_pattern_sees_characters_and_not_bytes() =>
        With("- replace: {columns: [a], pattern: '^.(.)$', with: '$1'}").Over("a\näß\n").Gives("a\nß\n");

    [Theory]
    [InlineData("$_")]
    [InlineData("<$`>")]
    public void A_pattern_may_not_bring_in_the_text_around_it(string with) =>
        With($"- replace: {{columns: [a], pattern: x, with: '{with}'}}").Over("a\nx\n").Fails("expression-error", "around the match", "$1");

    [Fact]
    public void A_replacement_that_explodes_costs_the_row_and_not_the_memory()
    {
        var with = new string('y', 1000);
        var cell = new string('x', 100_000);
        With($"- replace: {{a: {{x: {with}}}}}").Over($"a,b\n{cell},1\nx,2\n").Rejecting("2 field-too-long a");
        With($"- replace: {{columns: [a], pattern: x, with: '{with}'}}").Over($"a,b\n{cell},1\nx,2\n").Rejecting("2 field-too-long a");
    }

    [Fact]
    public void Words_become_empty_whatever_white_space_is_around_them() =>
        With("- nulls: [N/A, \"-\"]").Over("a,b\n N/A ,-\nn/a,--\n").Gives("a,b\n,\nn/a,--\n").Changing("nulls", 2);

    [Fact]
    public void Words_may_be_looked_for_in_some_columns() =>
        With("- nulls: {words: [x], columns: [b]}").Over("a,b\nx,x\n").Gives("a,b\nx,\n");

    [Fact]
    public void Null_cells_are_filled_and_white_space_is_not_null() =>
        With("- fill: {a: 1}", read: "{nulls: [NA]}").Over("a,b\n,\n\" \",x\n\"\",x\nNA,x\n2,x\n")
            .Gives("a,b\n1,\n\" \",x\n1,x\n1,x\n2,x\n").Changing("fill", 3);

    [Fact]
    public void A_filling_stands_as_the_plan_writes_it() =>
        With("- fill: {a: 00501, b: \"1e5\", c: 2.50}").Over("a,b,c\n,,\n").Gives("a,b,c\n00501,1e5,2.50\n");

    [Fact]
    public void A_filling_of_a_typed_column_has_its_type() =>
        With("- parse: {a: integer, d: date}\n- fill: {a: 007, d: 2024-02-29}").Over("a,d\n,\n1,2024-01-01\n")
            .Gives("a,d\n7,2024-02-29\n1,2024-01-01\n");

    [Theory]
    [InlineData("integer", "1.5", "an integer")]
    [InlineData("date", "30.2.2024", "a date")]
    [InlineData("boolean", "perhaps", "a boolean")]
    public void A_filling_of_another_type_is_a_mistake_in_the_plan(string type, string literal, string words) =>
        With($"- parse: {{a: {type}}}\n- fill: {{a: {literal}}}").Over("a,b\n,1\n").Fails("expression-error", $"'{literal}'", words, ":5:");

    [Fact]
    public void Whole_values_are_mapped_and_nulls_left_alone() =>
        With("- map: {a: {DE: Germany, FR: France}}").Over("a,b\nDE,1\nde,2\n,3\nDE ,4\n")
            .Gives("a,b\nGermany,1\nde,2\n,3\nDE ,4\n").Changing("map", 1);

    [Fact]
    public void An_unlisted_value_may_cost_its_row() =>
        With("- map: {a: {DE: Germany}}\n  on_unmatched: reject").Over("a,b\nDE,1\nXX,2\n,3\n")
            .Gives("a,b\nGermany,1\n,3\n").Rejecting("3 unmapped-value a").Expecting("one of DE");

    [Theory]
    [InlineData("null", "a,b\nGermany,1\n,2\n")]
    [InlineData("keep", "a,b\nGermany,1\nXX,2\n")]
    public void An_unlisted_value_may_be_emptied_or_kept(string onUnmatched, string expected) =>
        With($"- map: {{a: {{DE: Germany}}}}\n  on_unmatched: {onUnmatched}").Over("a,b\nDE,1\nXX,2\n").Gives(expected);

    [Fact]
    public void An_unlisted_value_may_cost_the_file() =>
        With("- map: {a: {DE: Germany}}\n  on_unmatched: fail").Over("a,b\nXX,2\n").Fails("unmapped-value", "line 2");

    [Fact]
    public void A_text_that_only_looks_typed_passes_untouched() =>
        With("- trim: all").Over("a,b,c,d,e,f\n00501,NA,NULL,1e5,5,265.4160\n,,,,,\n")
            .Gives("a,b,c,d,e,f\n00501,NA,NULL,1e5,5,265.4160\n,,,,,\n").Changing("trim", 0);
}
