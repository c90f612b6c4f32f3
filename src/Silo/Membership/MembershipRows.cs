using System.Globalization;
using Orleans;
using Orleans.Runtime;
using OrleansClean.Grains.Membership;

namespace OrleansClean.Silo.Membership;

/// <summary>Between Orleans' entries and the document's rows. Nothing is lost either way.</summary>
internal static class MembershipRows
{
    public static MembershipRow Of(MembershipEntry entry) => new(
        entry.SiloAddress.ToParsableString(),
        Tag: 0,
        entry.Status.ToString(),
        entry.SiloName,
        entry.HostName,
        entry.ProxyPort,
        entry.RoleName,
        entry.UpdateZone,
        entry.FaultZone,
        Utc(entry.StartTime),
        Utc(entry.IAmAliveTime),
        entry.SuspectTimes?.Select(vote => new MembershipSuspicion(vote.Item1.ToParsableString(), Utc(vote.Item2))).ToList());

    public static MembershipTableData Of(MembershipDocument document) =>
        new([.. document.Rows.Select(Entry)], VersionOf(document));

    public static MembershipTableData Of(MembershipDocument document, string silo) => document.Find(silo) is { } row
        ? new MembershipTableData(Entry(row), VersionOf(document))
        : new MembershipTableData(VersionOf(document));

    /// <summary>The number that a token or a row's tag stands for; one that is none fits no table.</summary>
    public static long Number(string? token) => long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static TableVersion VersionOf(MembershipDocument document) =>
        new(checked((int)document.Version), document.Version.ToString(CultureInfo.InvariantCulture));

    private static Tuple<MembershipEntry, string> Entry(MembershipRow row) => Tuple.Create(
        new MembershipEntry
        {
            SiloAddress = SiloAddress.FromParsableString(row.Silo),
            Status = Enum.Parse<SiloStatus>(row.Status),
            SiloName = row.SiloName,
            HostName = row.HostName,
            ProxyPort = row.ProxyPort,
            RoleName = row.RoleName,
            UpdateZone = row.UpdateZone,
            FaultZone = row.FaultZone,
            StartTime = row.StartTime,
            IAmAliveTime = row.IAmAliveTime,
            SuspectTimes = row.Suspects?.Select(vote => Tuple.Create(SiloAddress.FromParsableString(vote.Silo), vote.At)).ToList(),
        },
        row.Tag.ToString(CultureInfo.InvariantCulture));

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}
