using System.Text;
using EvidenceRun = OrleansClean.Cleaning.Tests.Evidence.CleaningRun;

namespace OrleansClean.Cleaning.Tests.Files;

/// <summary>What the output looks like, byte for byte.</summary>
public class WritingTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a,b\n1,2\n")]
    [InlineData("a,b\r\n1,\"2\"\r\n", "a,b\n1,\"2\"\n")]
    [InlineData("a,b\n00501,NA\nNULL,1e5\n5,265.4160\n", "a,b\n00501,NA\nNULL,1e5\n5,265.4160\n")]
    [InlineData("a,b\n x , y\n", "a,b\n x , y\n")]
    [InlineData("a,b\n\"x\"\"y\",\"l1\r\nl2\"\n", "a,b\n\"x\"\"y\",\"l1\r\nl2\"\n")]
    [InlineData("a,b\nx\"y,z\n", "a,b\n\"x\"\"y\",z\n")]
    [InlineData("a;b\nx,y;z\n1;2\n3;4\n", "a,b\n\"x,y\",z\n1,2\n3,4\n")]
    [InlineData("a,b\n1,2", "a,b\n1,2\n")]
    [InlineData("a,b\n", "a,b\n")]
    [InlineData("", "")]
    [InlineData("\n\n\n", "")]
    [InlineData("a\n\nx\n", "a\n\nx\n")]
    public void Fields_that_no_step_changed_keep_their_bytes(string input, string expected) =>
        Assert.Equal(expected, Write(input, "out/{name}.csv"));

    [Theory]
    [InlineData("{to: o.csv, quoting: all}", "\"a\",\"b\"\n\"1\",\"x \"\"y\"\"\"\n\"\",\"z\"\n")]
    [InlineData("{to: o.csv, quoting: minimal}", "a,b\n1,\"x \"\"y\"\"\"\n,z\n")]
    [InlineData("{to: o.csv, newline: crlf}", "a,b\r\n\"1\",\"x \"\"y\"\"\"\r\n,\"z\"\r\n")]
    [InlineData("{to: o.csv, bom: true}", "\uFEFFa,b\n\"1\",\"x \"\"y\"\"\"\n,\"z\"\n")]
    [InlineData("{to: o.csv, combine: true, file_column: true}", "_file,a,b\nin.csv,\"1\",\"x \"\"y\"\"\"\nin.csv,,\"z\"\n")]
    public void Options_of_write_change_the_form(string write, string expected) =>
        Assert.Equal(expected, Write("a,b\n\"1\",\"x \"\"y\"\"\"\n,\"z\"\n", write));

    [Fact]
    public void A_column_picked_out_of_several_shows_its_empty_cells() =>
        Assert.Equal("b\n1\n\"\"\n", Write("a,b\nx,1\ny,\n", "o.csv", "- select: [b]"));

    [Fact]
    public void Columns_in_another_order_keep_their_bytes() =>
        Assert.Equal("c,a,b\n\"3\",1,2\n", Write("a,b,c\n1,2,\"3\"\n", "o.csv", "- select: [c, a, b]"));

    [Fact]
    public void A_changed_cell_is_quoted_only_where_it_must_be() =>
        Assert.Equal("a,b\nX,\"1\"\n\"Y,Z\",\"2\"\n", Write("a,b\n\"x\",\"1\"\n\"y,z\",\"2\"\n", "o.csv", "- case: {a: upper}"));

    private static string Write(string input, string write, string steps = "[]")
    {
        var plan = $"plan: 1\nname: t\nsteps: {(steps == "[]" ? steps : "\n  " + steps)}\nwrite: {write}\n";
        var run = EvidenceRun.Of(plan, Encoding.UTF8.GetBytes(input));
        run.AssertBalanced();
        return Encoding.UTF8.GetString(run.Outputs.Output);
    }
}
