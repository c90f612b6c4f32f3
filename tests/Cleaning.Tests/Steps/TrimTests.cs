using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class TrimTests
{
    [Fact]
    public void White_space_goes_off_both_ends_of_all_cells() =>
        With("- trim: all").Over("a,b\n 1 ,x\n\t2,y\u00a0\n").Gives("a,b\n1,x\n2,y\n").Changing("trim", 3);

    [Fact]
    public void Only_the_named_columns_are_trimmed() =>
        With("- trim: [b]").Over("a,b\n1 ,2 \n").Gives("a,b\n1 ,2\n").Changing("trim", 1);

    [Fact]
    public void Every_white_space_of_Unicode_counts_and_no_other_sign() =>
        With("- trim: all").Over("a,b\n\u3000\u2009x\u2028,\u200bx\u200b\n").Gives("a,b\nx,\u200bx\u200b\n");

    [Fact]
    public void A_cell_of_white_space_becomes_empty() =>
        With("- trim: all").Over("a,b\n1, \n").Gives("a,b\n1,\n").Changing("trim", 1);

    [Fact]
    public void A_quoted_cell_without_white_space_at_its_ends_keeps_its_bytes() =>
        With("- trim: all").Over("a,b\n\"x\",\" y \"\n").Gives("a,b\n\"x\",y\n").Changing("trim", 1);

    [Fact]
    public void White_space_within_a_text_stays() =>
        With("- trim: all").Over("a,b\n x  y ,\"line\nbreak\"\n").Gives("a,b\nx  y,\"line\nbreak\"\n").Changing("trim", 1);

    [Fact]
    public void A_column_that_is_missing_may_be_skipped_and_the_others_are_trimmed() =>
        With("- trim: [a, z]\n  if_missing: skip").Over("a,b\n 1 , 2 \n").Gives("a,b\n1, 2 \n");
}
