namespace OrleansClean.Storage.Tests;

public sealed class ObjectNameTests
{
    [Theory]
    [InlineData("a.csv")]
    [InlineData("de/2026-08.csv")]
    [InlineData("@x.csv")]
    [InlineData("-x.csv")]
    [InlineData(".hidden/…/x")]
    [InlineData("ünïcödé/表.csv")]
    [InlineData("..a/b..")]
    [InlineData("%2e%2e/x.csv")]
    [InlineData(" x ")]
    public void Plain_names_are_taken_as_they_are(string text)
    {
        Assert.True(ObjectName.TryParse(text, out var name, out var reason), reason);
        Assert.Equal(text, name.Value);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("..", "'..'")]
    [InlineData("../x.csv", "'..'")]
    [InlineData("a/../../x.csv", "'..'")]
    [InlineData("./x.csv", "'.'")]
    [InlineData("a/./x.csv", "'.'")]
    [InlineData("/etc/passwd", "slash")]
    [InlineData("a//b", "empty part")]
    [InlineData("a/", "empty part")]
    [InlineData(@"a\b.csv", "backslash")]
    [InlineData(@"..\x.csv", "backslash")]
    [InlineData("a\nb.csv", "U+000A")]
    [InlineData("a\u001b[31m.csv", "U+001B")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("a\u0085b", "U+0085")]
    [InlineData("a\uFFFDb", "UTF-8")]
    [InlineData("a\uD800b", "UTF-8")]
    [InlineData("a\uDC00", "UTF-8")]
    public void Names_that_lead_elsewhere_or_cannot_be_shown_are_refused(string text, string why)
    {
        Assert.False(ObjectName.TryParse(text, out _, out var reason));
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_has_at_most_1024_bytes_not_characters()
    {
        Assert.True(ObjectName.TryParse(new string('ä', 512), out _, out _));
        Assert.False(ObjectName.TryParse(new string('ä', 513), out _, out var reason));
        Assert.Contains("1024 bytes", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_name_is_shown_without_its_control_characters()
    {
        var refused = Assert.Throws<StorageException>(() => ObjectName.Parse("\u001b]0;x\u0007.csv"));

        Assert.Equal(StorageFault.NameRefused, refused.Fault);
        Assert.Contains(@"\u001b]0;x\u0007.csv", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    [Fact]
    public void A_name_knows_its_folder_and_file()
    {
        var name = ObjectName.Parse("a/b/c.csv");

        Assert.Equal(("a/b", "c.csv"), (name.Folder, name.FileName));
        Assert.Equal(("", "c.csv"), (ObjectName.Parse("c.csv").Folder, ObjectName.Parse("c.csv").FileName));
    }
}
