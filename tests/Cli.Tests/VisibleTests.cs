using OrleansClean.Cli.Output;

namespace OrleansClean.Cli.Tests;

public sealed class VisibleTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("Zoë 日本 🙂", "Zoë 日本 🙂")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("\u001b[31mred", "\\x1b[31mred")]
    [InlineData("\u009b2J", "\\x9b2J")]
    [InlineData("nul\0", "nul\\0")]
    [InlineData("gpj.\u202Eexe", "gpj.\\u202eexe")]
    [InlineData("1\u00a0000", "1\\xa0000")]
    [InlineData("\uFEFFid", "\\ufeffid")]
    public void What_cannot_be_seen_is_spelled_out(string text, string shown) =>
        Assert.Equal(shown, Visible.Text(text, 100));

    // Not inline data: test runners pass names as UTF-8, which cannot hold half a character.
    [Fact]
    public void Half_a_character_is_spelled_out() => Assert.Equal("half \\ud83d", Visible.Text("half \ud83d", 100));

    [Fact]
    public void What_is_too_long_is_cut_and_says_so() =>
        Assert.Equal("aaaaaaaaaa… (1,000,000 characters)", Visible.Text(new string('a', 1_000_000), 10));

    [Fact]
    public void A_message_keeps_its_own_lines() =>
        Assert.Equal("one\ntwo\\x1b", Visible.Message("one\ntwo\u001b"));

    [Theory]
    [InlineData("in/a.csv:3", "in/a.csv:3")]
    [InlineData("in/two words.csv:3", "'in/two words.csv:3'")]
    [InlineData("it's.csv", "'it'\\''s.csv'")]
    [InlineData("$(reboot).csv", "'$(reboot).csv'")]
    public void A_suggested_command_can_be_copied_into_a_shell(string word, string shown) =>
        Assert.Equal(shown, ShellWord.Of(word));
}
