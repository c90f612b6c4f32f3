using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Tests.Formulas;

public sealed class PatternsTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("a{10}", 10)]
    [InlineData("a{2,10}b", 11)]
    [InlineData("a{3,}", 3)]
    [InlineData("(ab){100}", 200)]
    [InlineData("((a{10}){10}){10}", 1000)]
    [InlineData("[a-z]{5}\\d{5}", 10)]
    [InlineData("[{2}(]x", 2)]
    [InlineData("[\\](]x", 2)]
    [InlineData("\\({3}", 3)]
    [InlineData("a{x}", 4)]
    [InlineData("a|b", 3)]
    public void The_size_of_a_pattern_counts_its_repeats(string pattern, long expected) =>
        Assert.Equal(expected, PatternSize.Of(pattern));

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("^[A-Z]{2}\\d{2}[A-Z0-9]{1,30}$")]
    [InlineData("\\p{L}+(-\\p{L}+)*")]
    [InlineData("(?i)gmbh|ag")]
    [InlineData("[a-z]{1000}")]
    public void Ordinary_patterns_are_accepted(string pattern)
    {
        Assert.True(Patterns.TryCompile(pattern, out var regex, out var error), error);
        Assert.True(regex.Options.HasFlag(System.Text.RegularExpressions.RegexOptions.NonBacktracking));
    }

    [Fact]
    public void Long_patterns_are_refused()
    {
        Assert.False(Patterns.TryCompile(new string('a', 1_001), out _, out var error));
        Assert.Equal("The pattern has 1001 characters; at most 1000 are accepted.", error);
    }
}
