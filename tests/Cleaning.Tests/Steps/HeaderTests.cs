using OrleansClean.Cleaning.Steps;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;
using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class HeaderTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_the_labels_normalised_names_are_unique_and_stay_what_they_are() => Seeds.ForEach(output, count: 20, records: 40, (seed, labels) =>
    {
        var random = new Random(seed);
        string[] words = ["a", "A", "a_2", " a ", "", "-", "a 2", "B", "b_", "column_3", "ß", "2"];
        var header = Enumerable.Range(0, labels + 1).Select(_ => words[random.Next(words.Length)]).ToArray();
        var names = HeaderNames.Normalize(header, new string?[header.Length]);
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(names, HeaderNames.Normalize(names, new string?[header.Length]));
    });

    [Theory]
    [InlineData(" ID ,Full Name, Value ", "id,full_name,value")]
    [InlineData("Value,value ", "value,value_2")]
    [InlineData("a,a,a_2,a", "a,a_2,a_2_2,a_3")]
    [InlineData("a,,  ,---", "a,column_2,column_3,column_4")]
    [InlineData("Größe (m²),É-Mail,Nº", "größe_m,é_mail,nº")]
    [InlineData("__x__,Unit  Price %,1st", "x,unit_price,1st")]
    public void Normalised_names_are_lower_snake_and_unique(string header, string expected) =>
        With("- normalize_headers").Over($"{header}\n").Gives($"{expected}\n");

    [Fact]
    public void Names_given_by_hand_win_and_the_others_keep_out_of_their_way() =>
        With("- normalize_headers: {map: {Bestell-Nr: id}}").Over("ID, Bestell-Nr ,x\n1,2,3\n").Gives("id_2,id,x\n1,2,3\n");

    [Fact]
    public void A_label_to_be_named_by_hand_must_be_there() =>
        With("- normalize_headers: {map: {Nr: id}}").Over("ID,Nr.\n").Fails("missing-label", "'Nr'", "'Nr.'");

    [Fact]
    public void A_label_to_be_named_by_hand_may_be_skipped() =>
        With("- normalize_headers: {map: {Nr: id}}\n  if_missing: skip").Over("ID,x\n").Gives("id,x\n");

    [Fact]
    public void A_label_that_two_columns_have_cannot_be_named_by_hand() =>
        With("- normalize_headers: {map: {Nr: id}}").Over("Nr,Nr \n").Fails("duplicate-label", "2 columns");

    [Fact]
    public void Columns_are_renamed_all_at_once() =>
        With("- rename: {a: b, b: a}").Over("a,b\n1,2\n").Gives("b,a\n1,2\n");

    [Fact]
    public void A_new_name_must_be_free() =>
        With("- rename: {a: b}").Over("a,b\n").Fails("duplicate-label", "'b'", "rename");

    [Fact]
    public void Selected_columns_stand_in_the_order_of_the_plan() =>
        With("- select: [c, a]").Over("a,b,c\n1,2,3\n").Gives("c,a\n3,1\n");

    [Fact]
    public void Dropped_columns_are_gone() =>
        With("- drop: [b]").Over("a,b,c\n1,2,3\n").Gives("a,c\n1,3\n");

    [Theory]
    [InlineData("- select: [a, z]\n  if_missing: skip", "a\n1\n")]
    [InlineData("- drop: [b, z]\n  if_missing: skip", "a\n1\n")]
    [InlineData("- rename: {z: y, a: x}\n  if_missing: skip", "x,b\n1,2\n")]
    public void A_missing_column_may_be_skipped(string step, string expected) =>
        With(step).Over("a,b\n1,2\n").Gives(expected);

    [Theory]
    [InlineData("- select: [z]\n  if_missing: skip")]
    [InlineData("- drop: [a, b]")]
    public void A_step_that_leaves_no_column_costs_the_file(string step) =>
        With(step).Over("a,b\n1,2\n").Fails("missing-label", "no column");

    [Theory]
    [InlineData("- select: [z]\n  if_missing: skip")]
    [InlineData("- drop: [a, b]\n  if_missing: skip")]
    [InlineData("- rename: {z: y}\n  if_missing: skip\n- filter: z > 1\n  if_missing: skip")]
    public void An_empty_file_passes_where_missing_columns_may_be_skipped(string step) =>
        With(step).Over("").Gives("");

    [Fact]
    public void A_missing_column_is_named_with_the_step_the_nearest_name_and_the_columns() =>
        With("- trim: [vlaue]").Over("id,value,note\n")
            .Fails("missing-label", "trim", "'vlaue'", "nearest name is 'value'", "'id', 'value', 'note'", "if_missing: skip");

    [Fact]
    public void A_long_header_is_not_listed_to_its_end() =>
        With("- trim: [z]").Over(string.Join(',', Enumerable.Range(1, 100).Select(i => $"column{i}")) + "\n")
            .Fails("missing-label", "'column12' and 88 more");

    [Fact]
    public void A_renamed_column_has_only_its_new_name() =>
        With("- rename: {a: x}\n- trim: [a]").Over("a,b\n").Fails("missing-label", "'a'", "'x'");

    [Fact]
    public void Repeated_and_blank_labels_pass_as_long_as_the_plan_does_not_speak_of_them() =>
        With("- trim: all\n- drop: [b]").Over("a,a,,b,\n 1,2 ,3,4,5\n").Gives("a,a,,\n1,2,3,5\n");

    [Fact]
    public void A_repeated_label_that_the_plan_speaks_of_costs_the_file() =>
        With("- trim: [a]").Over("a,a\n1,2\n").Fails("duplicate-label", "'a'", "2 columns", "normalize_headers");

    [Fact]
    public void A_blank_label_that_the_plan_speaks_of_costs_the_file() =>
        With("- trim: [\" \"]").Over("a, \n1,2\n").Fails("blank-header", "normalize_headers");

    [Fact]
    public void The_ledger_tells_which_names_changed() =>
        Assert.Equal(
            [("Value", "value"), ("value ", "value_2")],
            With("- normalize_headers").Over("Value,value ,x\n1,2,3\n").Report.Renamed.Select(column => (column.From, column.To)));
}
