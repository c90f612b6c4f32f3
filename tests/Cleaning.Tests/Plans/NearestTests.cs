using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class NearestTests
{
    private static readonly string[] Verbs = ["filter", "fill", "derive", "dedupe", "drop", "drop_empty", "map"];

    [Theory]
    [InlineData("fliter", "filter")]
    [InlineData("Filter", "filter")]
    [InlineData("filtr", "filter")]
    [InlineData("dropempty", "drop_empty")]
    [InlineData("dedup", "dedupe")]
    [InlineData("mpa", "map")]
    public void A_mistyped_word_finds_the_name_it_was_meant_to_be(string word, string expected) =>
        Assert.Equal(expected, Nearest.Of(word, Verbs));

    [Theory]
    [InlineData("explode")]
    [InlineData("x")]
    [InlineData("")]
    public void A_word_that_resembles_none_finds_none(string word) => Assert.Null(Nearest.Of(word, Verbs));

    [Fact]
    public void Of_two_names_as_near_the_first_one_is_told() => Assert.Equal("cat", Nearest.Of("bat", ["cat", "rat"]));

    [Fact]
    public void A_word_of_any_length_is_answered_at_once() => Assert.Null(Nearest.Of(new string('a', 1_000_000), Verbs));
}
