using OrleansClean.Execution.Inputs;

namespace OrleansClean.Execution.Tests.Inputs;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.csv", "a.csv", true)]
    [InlineData("*.csv", "a.tsv", false)]
    [InlineData("*.csv", "d/a.csv", false)]
    [InlineData("*.csv", "a.CSV", false)]
    [InlineData("*.csv", ".a.csv", false)]
    [InlineData(".*.csv", ".a.csv", true)]
    [InlineData("?.csv", "a.csv", true)]
    [InlineData("?.csv", "ab.csv", false)]
    [InlineData("[abc].csv", "b.csv", true)]
    [InlineData("[a-c]x.csv", "bx.csv", true)]
    [InlineData("[a-c]x.csv", "dx.csv", false)]
    [InlineData("[!a-c].csv", "d.csv", true)]
    [InlineData("[!a-c].csv", "b.csv", false)]
    [InlineData("[]].csv", "].csv", true)]
    [InlineData("[a.csv", "[a.csv", true)]
    [InlineData("**/*.csv", "a.csv", true)]
    [InlineData("**/*.csv", "d/e/a.csv", true)]
    [InlineData("**/*.csv", ".git/a.csv", false)]
    [InlineData("**/*.csv", "d/.git/a.csv", false)]
    [InlineData("*/x/**/y/*.csv", "d/x/y/a.csv", true)]
    [InlineData("*/x/**/y/*.csv", "d/x/1/y/2/y/a.csv", true)]
    [InlineData("*/x/**/y/*.csv", "d/x/1/y/2/a.csv", false)]
    [InlineData("**", "d/a.csv", true)]
    [InlineData("*a*b*c.csv", "xxaxxbxxc.csv", true)]
    [InlineData("*a*b*c.csv", "xxbxxaxxc.csv", false)]
    [InlineData("*", "x", true)]
    public void A_pattern_matches_as_in_a_shell(string pattern, string path, bool matches)
    {
        var glob = Assert.Single(Glob.Parse(pattern));

        Assert.Equal("", glob.Folder);
        Assert.Equal(matches, glob.IsMatch(path));
    }

    [Theory]
    [InlineData("in/sales/**/*.csv", "in/sales", int.MaxValue)]
    [InlineData("in/sales/*.csv", "in/sales", 1)]
    [InlineData("in/*/x/*.csv", "in", 3)]
    [InlineData("/data/*.csv", "/data", 1)]
    [InlineData("/*.csv", "/", 1)]
    [InlineData("../*.csv", "..", 1)]
    public void The_part_before_the_first_wildcard_is_where_it_looks(string pattern, string folder, int depth)
    {
        var glob = Assert.Single(Glob.Parse(pattern));

        Assert.Equal((folder, depth), (glob.Folder, glob.DepthMax));
    }

    [Theory]
    [InlineData("a.{csv,csv.gz}", "a.csv|a.csv.gz")]
    [InlineData("{a,b}/{c,d}", "a/c|a/d|b/c|b/d")]
    [InlineData("{a,{b,c}d}e", "ae|bde|cde")]
    [InlineData("{a}", "a")]
    [InlineData("a{", "a{")]
    [InlineData("a}{b", "a}{b")]
    [InlineData("{,x}y", "y|xy")]
    public void Braces_stand_for_alternatives(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Braces.Expand(text, 10));

    [Fact]
    public void Braces_are_bounded()
    {
        var tooMany = string.Concat(Enumerable.Repeat("{a,b,c,d}", 20));

        Assert.Contains("more than 1000", Assert.Throws<UsageException>(() => Glob.Parse(tooMany)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_of_many_stars_takes_no_longer_than_its_length_times_the_name()
    {
        var glob = Assert.Single(Glob.Parse(string.Concat(Enumerable.Repeat("*a", 500)) + "b"));

        Assert.False(glob.IsMatch(new string('a', 10_000)));
    }

    [Theory]
    [InlineData("in/*/../x.csv")]
    [InlineData("in/*/..")]
    public void A_pattern_does_not_climb_behind_a_wildcard(string pattern) =>
        Assert.Throws<UsageException>(() => Glob.Parse(pattern));
}
