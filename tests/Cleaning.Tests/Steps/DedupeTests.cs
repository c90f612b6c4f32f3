using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Steps;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;
using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class DedupeTests(ITestOutputHelper output)
{
    [Fact]
    public void The_first_row_of_a_key_stays() =>
        With("- dedupe: [a]").Over("a,b\n1,x\n2,y\n1,z\n").Gives("a,b\n1,x\n2,y\n").Dropping("dedupe", 1);

    [Fact]
    public void The_last_row_of_a_key_may_stay() =>
        Assert.Equal(2, With("- dedupe: {by: [a], keep: last}").Over("a,b\n1,x\n2,y\n1,z\n").Gives("a,b\n2,y\n1,z\n").Report.Passes);

    [Fact]
    public void All_columns_may_be_the_key() =>
        With("- dedupe: all").Over("a,b\n1,x\n1,y\n1,x\n").Gives("a,b\n1,x\n1,y\n");

    [Fact]
    public void Cells_are_kept_apart_in_a_key() =>
        With("- dedupe: [a, b]").Over("a,b,c\nx,yz,1\nxy,z,2\n\"x,y\",z,3\n").Gives("a,b,c\nx,yz,1\nxy,z,2\n\"x,y\",z,3\n");

    [Fact]
    public void Keys_of_any_length_are_kept_apart()
    {
        var cells = Enumerable.Range(1, 600).Select(length => new string('x', length)).ToArray();
        var rows = string.Concat(cells.Concat(cells).Select(cell => $"{cell},1\n"));
        With("- dedupe: [a]").Over($"a,b\n{rows}").Gives($"a,b\n{string.Concat(cells.Select(cell => $"{cell},1\n"))}");
    }

    [Fact]
    public void Empty_cells_and_null_words_are_one_and_quotes_are_no_part_of_a_text() =>
        With("- dedupe: [a]", read: "{nulls: [NA]}").Over("a,b\n,1\n\"\",2\nNA,3\n\"x\",4\nx,5\n").Gives("a,b\n,1\n\"x\",4\n");

    [Fact]
    public void Keys_are_texts_as_they_stand_at_the_step()
    {
        With("- dedupe: [a]").Over("a,b\n5,1\n5.0,2\n 5,3\n").Gives("a,b\n5,1\n5.0,2\n 5,3\n");
        With("- parse: {a: \"decimal(5,1)\"}\n- dedupe: [a]").Over("a,b\n5,1\n5.0,2\n 5,3\n").Gives("a,b\n5.0,1\n");
    }

    [Fact]
    public void A_repeated_key_may_be_a_bad_row() =>
        With("- dedupe: [a]\n  on_match: reject").Over("a,b\n1,x\n2,y\n1,z\n").Gives("a,b\n1,x\n2,y\n")
            .Rejecting("4 unique-error a").Saying("line 2").Expecting("one row per a");

    [Fact]
    public void An_earlier_row_of_a_key_may_be_a_bad_row() =>
        With("- dedupe: {by: [a], keep: last}\n  on_match: reject").Over("a,b\n1,x\n2,y\n1,z\n").Gives("a,b\n2,y\n1,z\n")
            .Rejecting("2 unique-error a").Saying("record 3");

    [Fact]
    public void Rows_that_do_not_reach_the_step_have_no_key() =>
        With("- parse: {b: integer}\n- dedupe: {by: [a], keep: last}").Over("a,b\n1,1\n1,x\n").Gives("a,b\n1,1\n").Rejecting("3 type-error b");

    [Fact]
    public void Two_of_them_work_on_what_the_first_leaves() =>
        With("- dedupe: {by: [a], keep: last}\n- dedupe: {by: [b], keep: last}\n  id: second").Over("a,b\n1,x\n1,y\n2,y\n3,x\n")
            .Gives("a,b\n2,y\n3,x\n");

    [Fact]
    public void A_key_without_the_columns_that_are_missing_may_do() =>
        With("- dedupe: [a, z]\n  if_missing: skip").Over("a,b\n1,x\n1,y\n").Gives("a,b\n1,x\n");

    [Fact]
    public void Both_ways_agree_with_a_naive_model() => Seeds.ForEach(output, count: 10, records: 300, (seed, records) =>
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, records)
            .Select(i => (Key: $"{(char)('a' + random.Next(4))},{random.Next(20)}", Row: i.ToString(CultureInfo.InvariantCulture)))
            .ToArray();
        string File(IEnumerable<(string Key, string Row)> some) =>
            new StringBuilder("a,b,c\n").AppendJoin("", some.Select(row => $"{row.Key},{row.Row}\n")).ToString();
        With("- dedupe: [a, b]").Over(File(rows)).Gives(File(rows.DistinctBy(row => row.Key)));
        var last = rows.Reverse().DistinctBy(row => row.Key).Reverse();
        With("- dedupe: {by: [a, b], keep: last}").Over(File(rows)).Gives(File(last));
    });

    [Fact]
    public void A_table_of_keys_finds_what_was_put_in_however_often_it_grows()
    {
        var table = new RowKeyTable(hasNumbers: true, keysMax: 100_000);
        for (var i = 0; i < 50_000; i++)
        {
            table.Set((UInt128)(ulong)(i + 1) << 10, i);
        }

        Assert.Equal(50_000, table.Count);
        Assert.All(Enumerable.Range(0, 50_000), i => Assert.True(table.TryGet((UInt128)(ulong)(i + 1) << 10, out var number) && number == i));
        Assert.False(table.TryGet(3, out _));
        table.Clear();
        Assert.False(table.TryGet(1 << 10, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_keys_than_it_remembers_cost_the_file(bool keepsLast)
    {
        var step = new Step.Dedupe { Id = "dedupe", By = new ColumnChoice(true, ImmutableArray<ColumnName>.Empty), KeepLast = keepsLast };
        var column = new ColumnBinding("a", 0, ColumnType.Untyped, 0);
        var dedupe = new DedupeStep(new StepIdentity(1, "dedupe", "dedupe", ""), [column], step, keysMax: 2);
        var row = new Row(1, 1, []);
        var context = new EvaluationContext(row, default);
        StepResult Offer(string cell, long number)
        {
            var bytes = Encoding.UTF8.GetBytes(cell);
            row.Load(new Cleaning.Csv.Record { Buffer = bytes, Bounds = [-1, bytes.Length], FieldCount = 1, Number = number, Line = number });
            if (keepsLast)
            {
                dedupe.Measure(row, context);
                return StepResult.Keep;
            }

            return dedupe.Apply(row, context);
        }

        Offer("x", 1);
        Offer("y", 2);
        Offer("x", 3);
        if (keepsLast)
        {
            Assert.Equal(ProblemCodes.MemoryLimit, Assert.Throws<FileFailedException>(() => Offer("z", 4)).Code);
        }
        else
        {
            Assert.Equal(StepResult.Fail, Offer("z", 4));
            Assert.Equal(ProblemCodes.MemoryLimit, context.Problem!.Code);
            Assert.Contains("2 different keys", context.Problem.Message, StringComparison.Ordinal);
        }
    }
}
