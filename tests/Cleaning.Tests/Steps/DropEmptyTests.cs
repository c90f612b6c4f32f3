using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class DropEmptyTests
{
    [Fact]
    public void Rows_without_a_visible_sign_go() =>
        With("- drop_empty: rows").Over("a,b\n1,2\n,\n \t,\"\"\n\u00a0,\u3000\n,x\n").Gives("a,b\n1,2\n,x\n").Dropping("drop_empty", 3);

    [Fact]
    public void Words_that_mean_null_are_nothing_to_see() =>
        With("- drop_empty: rows", read: "{nulls: [NA]}").Over("a,b\nNA, \nNA,x\nna,\n").Gives("a,b\nNA,x\nna,\n");

    [Fact]
    public void Columns_that_are_gone_do_not_count() =>
        With("- drop: [a]\n- drop_empty: rows").Over("a,b,c\n1,,\n1,2,\n").Gives("b,c\n2,\n");

    [Fact]
    public void It_stands_alone() => With("- drop_empty").Over("a,b\n,\n1,2\n").Gives("a,b\n1,2\n");
}
