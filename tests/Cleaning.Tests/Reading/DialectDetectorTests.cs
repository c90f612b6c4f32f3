using System.Text;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.Reading;

public class DialectDetectorTests
{
    [Theory]
    [InlineData(",", "a,b\n1,2\n3,4\n")]
    [InlineData(";", "a;b\n1,5;2,5\n3,25;4,75\n")] // Decimal commas are no delimiters.
    [InlineData("\t", "name\tnote\nSmith, John\tone, two\nDoe, Jane\tthree, four\n")]
    [InlineData("|", "a|b|c\nx, y|1|2\nz|3|4\n")]
    [InlineData("^", "a^b\n1^2\n")]
    [InlineData(",", "time,value\n12:30:00,5\n12:31:00,6\n")] // Colons are not tried.
    [InlineData(",", "a,b,c\n\"x;y;z\",1,2\n\"p;q;r\",3,4\n")]
    [InlineData(",", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3\n")] // Ragged rows do not unsettle it.
    [InlineData(",", "id,name,age\n1101,John\n1102,Julie,26,Potatoes\n")]
    [InlineData(",", "a,b\n1\n2,3,4\n")]
    [InlineData(",", "x,y,z\n# comment\n1,2,3\n# comment\n# comment\n4,5,6\n")]
    [InlineData(",", "a,b\n\"broken,1\n2,3\n4,5\n6,7\n")]
    [InlineData(",", "id,value\n1,\"x\n2,\"y\n3,\"z\n4,\"w\n")] // Broken quotes are not taken for text.
    [InlineData(",", "id,value\n1,\"x\"y\n2,u\n3,\"z\"w\n")]
    [InlineData("|", "id|value\n1|\"x, y\n2|\"y, z\n")]
    [InlineData(";", "Land;Preis (EUR)\nDE;1.234,50\nFR;2.345,75\n")]
    [InlineData(",", "amount,when\n\"1,000\",2024-01-01\n\"2,000\",2024-01-02\n")]
    public void The_delimiter_is_the_one_that_makes_a_table(string expected, string text) =>
        Assert.Equal(expected, Inputs.Open(text).Dialect.Delimiter);

    [Theory]
    [InlineData("name\nSmith, John\nDoe, Jane\n", "name")]
    [InlineData("value\n1\n2\n", "value")]
    [InlineData("time\n12:30:00\n12:31:00\n", "time")]
    [InlineData("only", "only")]
    [InlineData("\"quoted, header\"\nx\n", "quoted, header")]
    [InlineData("note\nhe said,\"no\nand left\n\"then,\" came back\n", "note")]
    [InlineData("{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n", "{\"a\":1,\"b\":2}")] // No record is sound with a comma between fields.
    public void A_table_of_one_column_is_one(string text, string header) => Assert.Equal([header], Inputs.Open(text).Header);

    [Theory]
    [InlineData("a,b\n1,2\n", 1, 0, 0)]
    [InlineData("\n\r\n\na,b\n1,2\n", 4, 0, 3)]
    [InlineData("Sales report 2024\n\nregion,month,sum\nnorth,May,5\nsouth,May,7\n", 3, 1, 1)]
    [InlineData("# made by us\n# 2024, May\na,b,c\n1,2,3\n", 3, 2, 0)]
    [InlineData("#id,name\n1,x\n2,y\n", 1, 0, 0)] // The header itself.
    [InlineData("a,b,c\n1,2\n3,4\n", 1, 0, 0)] // A header wider than the rows.
    [InlineData("a,b\n1,2,3\n4,5,6\n", 1, 0, 0)] // One narrower.
    [InlineData("a\n1,2,3\n4,5,6\n", 1, 0, 0)] // Nothing below reads like a header.
    [InlineData("Report\nname,value\na,1\nb,2\n", 2, 1, 0)]
    [InlineData("some notes\nmore, notes\nnumber,text,date\n345.0,TEST4,2000-12-13\n", 3, 2, 0)]
    [InlineData("Data Source,World Development Indicators\n\nCountry,Code,1960,1961,1962\nAruba,ABW,1,2,3\nBenin,BEN,4,5,6\n", 3, 1, 1)]
    [InlineData("#only\n#hash\n#tags\n", 1, 0, 0)]
    public void The_header_is_the_first_line_unless_those_above_are_clearly_something_else(string text, int line, int preamble, int blank)
    {
        var input = Inputs.Open(text);
        Assert.Equal((line, preamble, blank), (input.Dialect.HeaderLine, input.Dialect.PreambleLines, (int)input.BlankLines));
    }

    [Theory]
    [InlineData("\"", null, "a,b\n\"x\",\"y\"\n")]
    [InlineData("'", null, "a;b\n'x;1';'y'\n'z;2';'w'\n")]
    [InlineData("'", null, "a;b\n'x \"1\"';'y'\n'z;2';'w'\n")] // Inside single quotes, double ones are text.
    [InlineData("\"", null, "a,b\n'x,1\n\"y\"z,2\n\"w,3\nv,4\n',5\n\",6\n'q,7\n',8\n")] // Some cells begin with one: it is the quote.
    [InlineData("\"", null, "a,b\nit's,o'clock\n'tis,5\n")] // Apostrophes are text.
    [InlineData("\"", "\\", "a,b\n\"say \\\"hi\\\", he\",1\n\"x\",2\n")]
    [InlineData("\"", null, "a,b\n\"C:\\\\dir\",\"say \"\"\\\"\"\"\n\"x\",2\n")]
    public void The_usual_quote_holds_unless_another_mends_the_table(string quote, string? escape, string text)
    {
        var dialect = Inputs.Open(text).Dialect;
        Assert.Equal((quote, escape), (dialect.Quote, dialect.Escape));
    }

    [Theory]
    [InlineData("a,b\n1,2\n", "\n")]
    [InlineData("a,b\r\n1,2\r\n3,4\n", "\r\n")]
    [InlineData("a,b\r1,2\r", "\r")]
    [InlineData("a,b", "")]
    [InlineData("\r\n\r\n", "\r\n")]
    public void The_line_end_seen_most_is_told(string text, string expected) => Assert.Equal(expected, Inputs.Open(text).Dialect.Newline);

    [Fact]
    public void What_the_plan_pins_is_not_detected()
    {
        var dialect = Inputs.Open("a,b;c\n1,2;3\n", new ReadOptions { Delimiter = ";", Encoding = "utf-8" }).Dialect;
        Assert.Equal((";", 1.0), (dialect.Delimiter, dialect.Confidence));
        Assert.Equal(["x y", "z"], Inputs.Open("x y::z\n1::2\n", new ReadOptions { Delimiter = "::" }).Header);
        Assert.Equal(["'a", "b'"], Inputs.Open("'a,b'\n'c,d'\n", new ReadOptions { Quote = "\"" }).Header);
        Assert.Equal(["a\"", "b"], Inputs.Open("a\",b\n\"1,2\n", new ReadOptions { Quote = "" }).Header);
    }

    [Fact]
    public void Confidence_is_high_for_a_plain_table_and_low_for_a_guess()
    {
        Assert.InRange(Inputs.Open("a,b,c\n1,2,3\n4,5,6\n").Dialect.Confidence, 0.9, 1);
        Assert.InRange(Inputs.Open("a,b\n1,2,3,4\nx\n5;6;7\n").Dialect.Confidence, 0, 0.5);
    }

    [Fact]
    public void The_same_bytes_give_the_same_dialect_in_whatever_pieces_they_come()
    {
        var text = Encoding.UTF8.GetBytes("title\n\nx;y;z\n" + string.Concat(Enumerable.Range(0, 9_000).Select(i => $"{i},5;\"b;{i}\";c\n")));
        var whole = Inputs.Open(text).Dialect;
        Assert.Equal(3, whole.HeaderLine);
        foreach (var bytesAtOnce in new[] { 1, 7, 4_000 })
            Assert.Equal(whole, Inputs.Open(text, bytesAtOnce: bytesAtOnce).Dialect);
    }
}
