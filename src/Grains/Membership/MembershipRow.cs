using System.Text.Json.Serialization;

namespace OrleansClean.Grains.Membership;

/// <summary>One silo in the table, in words that need no Orleans to be read.</summary>
/// <param name="Silo">Its address with its generation.</param>
/// <param name="Tag">The table's version that last wrote this row. A heartbeat does not change it.</param>
/// <param name="Status">Its status by name: <c>Active</c>, <c>Dead</c>, …</param>
/// <param name="SiloName">Its name.</param>
/// <param name="HostName">The name of its machine.</param>
/// <param name="ProxyPort">The port for clients; zero if it takes none.</param>
/// <param name="RoleName">Its role, or null.</param>
/// <param name="UpdateZone">Its update zone.</param>
/// <param name="FaultZone">Its fault zone.</param>
/// <param name="StartTime">When it started, UTC.</param>
/// <param name="IAmAliveTime">Its last heartbeat, UTC.</param>
/// <param name="Suspects">Who suspected it and when; null if nobody ever did.</param>
public sealed record MembershipRow(
    string Silo,
    long Tag,
    string Status,
    string SiloName,
    string HostName,
    int ProxyPort,
    string? RoleName,
    int UpdateZone,
    int FaultZone,
    DateTime StartTime,
    DateTime IAmAliveTime,
    IReadOnlyList<MembershipSuspicion>? Suspects)
{
    /// <summary>The name of the one status in which a silo serves and is never cleaned up.</summary>
    public const string Active = "Active";

    /// <summary>The last sign of it: its start, its heartbeat, or the newest suspicion.</summary>
    [JsonIgnore]
    public DateTime LastSign
    {
        get
        {
            var last = StartTime > IAmAliveTime ? StartTime : IAmAliveTime;
            foreach (var suspicion in Suspects ?? [])
            {
                last = suspicion.At > last ? suspicion.At : last;
            }

            return last;
        }
    }
}

/// <summary>One silo suspects another.</summary>
/// <param name="Silo">Who suspects.</param>
/// <param name="At">When, UTC.</param>
public sealed record MembershipSuspicion(string Silo, DateTime At);
