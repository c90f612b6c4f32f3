using System.Text;
using OrleansClean.Grains.Membership;

namespace OrleansClean.Grains.Tests.Membership;

public sealed class MembershipDocumentTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_silo_is_inserted_once_and_the_version_counts_it()
    {
        var one = MembershipDocument.Empty.Insert(Row("a"), 0)!;

        Assert.Equal(1, one.Version);
        Assert.Equal(1, one.Find("a")!.Tag);
        Assert.Null(one.Insert(Row("a"), 1));
    }

    [Fact]
    public void A_change_of_somebody_with_an_old_view_is_refused()
    {
        var two = MembershipDocument.Empty.Insert(Row("a"), 0)!.Insert(Row("b"), 1)!;

        Assert.Null(two.Insert(Row("c"), 1));
        Assert.Null(two.Update(Row("a"), tag: 1, version: 1));
        Assert.Null(two.Update(Row("a"), tag: 2, version: 2));
        Assert.Null(two.Update(Row("unknown"), tag: 1, version: 2));

        var changed = two.Update(Row("a") with { Status = "Dead" }, tag: 1, version: 2)!;
        Assert.Equal((3L, 3L, "Dead", 2L), (changed.Version, changed.Find("a")!.Tag, changed.Find("a")!.Status, changed.Find("b")!.Tag));
    }

    [Fact]
    public void A_heartbeat_changes_its_time_and_neither_version_nor_tag()
    {
        var one = MembershipDocument.Empty.Insert(Row("a"), 0)!;

        var alive = one.Heartbeat("a", Noon.AddSeconds(5))!;

        Assert.Equal((1L, 1L, Noon.AddSeconds(5)), (alive.Version, alive.Find("a")!.Tag, alive.Find("a")!.IAmAliveTime));
        Assert.Null(alive.Heartbeat("a", Noon));
        Assert.Null(alive.Heartbeat("unknown", Noon.AddDays(1)));
    }

    [Fact]
    public void A_heartbeat_between_reading_and_writing_refuses_no_status_and_is_not_undone()
    {
        var read = MembershipDocument.Empty.Insert(Row("a"), 0)!;
        var alive = read.Heartbeat("a", Noon.AddSeconds(5))!;

        var written = alive.Update(read.Find("a")! with { Status = "ShuttingDown" }, read.Find("a")!.Tag, read.Version)!;

        Assert.Equal("ShuttingDown", written.Find("a")!.Status);
        Assert.Equal(Noon.AddSeconds(5), written.Find("a")!.IAmAliveTime);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Created")]
    [InlineData("Joining")]
    [InlineData("ShuttingDown")]
    [InlineData("Stopping")]
    [InlineData("Dead")]
    public void What_is_not_active_and_long_silent_is_cleaned_up_without_a_new_version(string status)
    {
        var table = MembershipDocument.Empty.Insert(Row("old") with { Status = status }, 0)!.Insert(Row("active"), 1)!;

        var clean = table.CleanUp(Noon.AddDays(7))!;

        Assert.Equal(["active"], clean.Rows.Select(row => row.Silo));
        Assert.Equal(2, clean.Version);
        Assert.Null(clean.CleanUp(Noon.AddDays(7)));
    }

    [Fact]
    public void A_silo_that_was_just_declared_dead_stays_however_old_its_heartbeat_is()
    {
        var suspected = Row("a") with { Status = "Dead", Suspects = [new MembershipSuspicion("b", Noon.AddDays(8))] };

        Assert.Null(MembershipDocument.Empty.Insert(suspected, 0)!.CleanUp(Noon.AddDays(7)));
    }

    [Fact]
    public void A_document_is_read_as_it_was_written()
    {
        var table = MembershipDocument.Empty.Insert(Row("a") with { RoleName = "r", UpdateZone = 2, FaultZone = 3, ProxyPort = 4 }, 0)!
            .Insert(Row("b") with { Suspects = [new MembershipSuspicion("a", Noon.AddTicks(1234567))] }, 1)!;

        var read = MembershipDocument.Decode(table.Encode(), "here");

        Assert.Equal(table.Encode(), read.Encode());
        Assert.Equal(table.Find("a"), read.Find("a"));
        Assert.Equal(table.Find("b")!.Suspects, read.Find("b")!.Suspects);
        Assert.Equal(DateTimeKind.Utc, read.Find("b")!.Suspects![0].At.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"version":-1,"rows":[],"writer":""}""")]
    [InlineData("""{"version":1,"rows":[],"writer":"","format":2}""")]
    public void Anything_else_is_refused_with_its_place(string text)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => MembershipDocument.Decode(Encoding.UTF8.GetBytes(text), "here"));

        Assert.StartsWith("here ", thrown.Message, StringComparison.Ordinal);
    }

    private static MembershipRow Row(string silo) =>
        new(silo, 0, MembershipRow.Active, $"name of {silo}", "host", 0, null, 0, 0, Noon, Noon, null);
}
