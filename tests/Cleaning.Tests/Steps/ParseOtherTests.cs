using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class ParseOtherTests
{
    [Theory]
    [InlineData("true yes y 1 t TRUE Yes", "true")]
    [InlineData("false no n 0 f FALSE No", "false")]
    public void The_usual_words_are_read_in_any_case(string words, string expected)
    {
        foreach (var word in words.Split(' '))
        {
            With("- parse: {a: boolean}").Over($"a,b\n {word},1\n").Gives($"a,b\n{expected},1\n");
        }
    }

    [Fact]
    public void Other_words_are_no_booleans() =>
        With("- parse: {a: boolean}").Over("a,b\nja,1\ntrue,2\n").Gives("a,b\ntrue,2\n").Rejecting("2 type-error a")
            .Expecting("boolean (true yes y 1 t or false no n 0 f)");

    [Fact]
    public void The_plans_words_take_the_place_of_the_usual_ones() =>
        With("- parse: {a: {type: boolean, true: [Ja], false: [Nein, ÜBEL]}}")
            .Over("a,b\nJA,1\nnein,2\nÜbel,3\nyes,4\ntrue,5\nfalse,6\n")
            .Gives("a,b\ntrue,1\nfalse,2\nfalse,3\ntrue,5\nfalse,6\n").Rejecting("5 type-error a");

    [Fact]
    public void A_word_of_the_plan_is_not_a_usual_one_of_the_other_side() =>
        With("- parse: {a: {type: boolean, true: [\"0\"]}}").Over("a,b\n0,1\nno,2\n").Gives("a,b\ntrue,1\nfalse,2\n");

    [Fact]
    public void A_column_of_text_stays_as_it_is() =>
        With("- parse: {a: text}").Over("a,b\n\" 007 \",1\n").Gives("a,b\n\" 007 \",1\n").Changing("parse", 0);

    [Fact]
    public void A_missing_column_may_be_skipped_and_the_others_are_parsed() =>
        With("- parse: {a: integer, z: integer}\n  if_missing: skip").Over("a,b\n01,1\n").Gives("a,b\n1,1\n");

    [Fact]
    public void A_typed_cell_whose_text_is_plain_keeps_its_bytes() =>
        With("- parse: {a: integer}").Over("a,b\n\"5\",1\n").Gives("a,b\n\"5\",1\n").Changing("parse", 0);

    [Fact]
    public void A_verb_that_rewrites_text_takes_the_type_away() =>
        With("- parse: {a: integer}\n- replace: {a: {\"5\": x}}\n- case: {a: upper}").Over("a,b\n5,1\n6,2\n").Gives("a,b\nX,1\n6,2\n");
}
