namespace OrleansClean.Storage.Tests;

public sealed class StagedReferenceTests
{
    [Theory]
    [InlineData("x.csv", null)]
    [InlineData("a b/c  d .csv", "12-34-56")]
    [InlineData("ünï/表.csv", null)]
    public void A_reference_is_read_back_from_its_text(string name, string? etag)
    {
        var reference = new StagedReference(ObjectName.Parse(name), StageId.Of("batch", 12, 3), 4_567, "blocks-00ff00ff-41-2", etag is null ? null : new ETag(etag));

        Assert.Equal(reference, StagedReference.Parse(reference.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("2 000000000000000000000000000c 1 x  x.csv")]
    [InlineData("1 000000000000000000000000000g 1 x  x.csv")]
    [InlineData("1 0000000000000000000000000000 -1 x  x.csv")]
    [InlineData("1 0000000000000000000000000000 1 ../x  x.csv")]
    [InlineData("1 0000000000000000000000000000 1 x  ../x.csv")]
    [InlineData("1 0000000000000000000000000000 1   x.csv")]
    public void Anything_else_is_none(string text)
    {
        Assert.Throws<FormatException>(() => StagedReference.Parse(text));
    }

    [Fact]
    public void A_stage_has_the_same_length_whatever_it_counts()
    {
        Assert.Equal(StageId.TextLength, StageId.Of("b", 0, 0).ToString().Length);
        Assert.Equal(StageId.TextLength, StageId.Of("b", int.MaxValue, ushort.MaxValue).ToString().Length);
        Assert.Throws<OverflowException>(() => StageId.Of("b", 0, ushort.MaxValue + 1));
        Assert.True(StageId.TryParse(StageId.Of("b", 7, 8).ToString(), out var read));
        Assert.Equal(StageId.Of("b", 7, 8), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\r\nx-ms-meta-evil: 1")]
    public void A_commit_id_fits_a_header(string text)
    {
        Assert.Throws<ArgumentException>(() => new CommitId(text));
    }
}
