using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansClean.Grains.Membership;

/// <summary>
/// The table of a cluster's silos as one document, pure: each change gives a new document, or null where the caller's view is
/// old. The version counts changes of rows; heartbeats change neither it nor a row's tag, or every heartbeat would refuse
/// somebody's change of a status.
/// </summary>
/// <param name="Version">Changes of rows so far.</param>
/// <param name="Rows">The silos, in the order in which they came.</param>
/// <param name="Writer">
/// A new word with each write. Two silos that write the same change are told apart by it: one of them must lose.
/// </param>
public sealed record MembershipDocument(long Version, ImmutableArray<MembershipRow> Rows, string Writer)
{
    private const int FormatKnown = 1;

    /// <summary>The table before the first silo.</summary>
    public static MembershipDocument Empty { get; } = new(0, [], string.Empty);

    /// <summary>The format of the document: a higher one was written by a later version.</summary>
    public int Format { get; init; } = FormatKnown;

    /// <summary>Finds a silo; null if it is not in the table.</summary>
    public MembershipRow? Find(string silo) => Rows.FirstOrDefault(row => row.Silo == silo);

    /// <summary>With one silo more; null if it is there already or <paramref name="version"/> is not the table's.</summary>
    public MembershipDocument? Insert(MembershipRow row, long version) => version != Version || Find(row.Silo) is not null
        ? null
        : this with { Version = Version + 1, Rows = Rows.Add(row with { Tag = Version + 1 }) };

    /// <summary>With a row changed; null if it is missing, or its tag or the version is not what the caller saw.</summary>
    public MembershipDocument? Update(MembershipRow row, long tag, long version)
    {
        if (version != Version || Find(row.Silo) is not { } known || known.Tag != tag)
        {
            return null;
        }

        // A heartbeat may have come between the caller's reading and this: time does not go back.
        var alive = known.IAmAliveTime > row.IAmAliveTime ? known.IAmAliveTime : row.IAmAliveTime;
        return this with { Version = Version + 1, Rows = Rows.Replace(known, row with { Tag = Version + 1, IAmAliveTime = alive }) };
    }

    /// <summary>With a heartbeat; null if nothing changes: the silo is unknown, or a later heartbeat is known.</summary>
    public MembershipDocument? Heartbeat(string silo, DateTime at) => Find(silo) is { } known && known.IAmAliveTime < at
        ? this with { Rows = Rows.Replace(known, known with { IAmAliveTime = at }) }
        : null;

    /// <summary>
    /// Without silos that are not active and of which there was no sign since <paramref name="before"/>; null if there is none. A
    /// silo that was just declared dead stays, however old its heartbeat is: others must still learn of its death.
    /// </summary>
    public MembershipDocument? CleanUp(DateTime before)
    {
        var kept = Rows.RemoveAll(row => row.Status != MembershipRow.Active && row.LastSign < before);
        return kept.Length == Rows.Length ? null : this with { Rows = kept };
    }

    /// <summary>The document as bytes.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, MembershipJson.Default.MembershipDocument);

    /// <summary>Reads a document; throws <see cref="InvalidDataException"/> if it is none, or one of a later version.</summary>
    public static MembershipDocument Decode(ReadOnlySpan<byte> bytes, string where)
    {
        MembershipDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(bytes, MembershipJson.Default.MembershipDocument);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{where} is not a membership table: {e.Message} Stop all silos and delete it; they write a new one.", e);
        }

        return document switch
        {
            null or { Rows.IsDefault: true } or { Version: < 0 } or { Writer: null } =>
                throw new InvalidDataException($"{where} is not a membership table. Stop all silos and delete it; they write a new one."),
            { Format: > FormatKnown } =>
                throw new InvalidDataException($"{where} was written by a later version (format {document.Format}). Use that version."),
            _ when document.Rows.Any(row => row?.Silo is null) =>
                throw new InvalidDataException($"{where} has a row that names no silo. Stop all silos and delete it; they write a new one."),
            _ => document,
        };
    }
}

/// <summary>The document's JSON. Names are part of the format.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MembershipDocument))]
internal sealed partial class MembershipJson : JsonSerializerContext;
