using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Batches;

namespace OrleansClean.Grains.Registry;

/// <summary>What a cluster knows of a batch before its journal is opened: where it is.</summary>
/// <param name="Id">The batch's id, unique in the cluster.</param>
/// <param name="OutputRoot">The store of its outputs and of its journal.</param>
/// <param name="PlanName">Its plan's name.</param>
/// <param name="BodyHash">SHA-256 of what was asked for.</param>
/// <param name="SubmittedAt">When it was asked for.</param>
public sealed record ClusterBatch(string Id, string OutputRoot, string PlanName, string BodyHash, DateTimeOffset SubmittedAt)
{
    private const int FormatKnown = 1;

    /// <summary>The format of the document.</summary>
    public int Format { get; init; } = FormatKnown;

    /// <summary>The kind of work.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public WorkKind Kind { get; init; }

    /// <summary>The call that entered it: the same call, sent again because its answer was lost, gets the same answer. Null if it did not say.</summary>
    public string? Call { get; init; }

    /// <summary>The document as bytes.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, RegistryJson.Default.ClusterBatch);

    /// <summary>Reads a document; throws <see cref="InvalidDataException"/> if it is none, or one of a later version.</summary>
    public static ClusterBatch Decode(ReadOnlySpan<byte> bytes, string where)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, RegistryJson.Default.ClusterBatch) switch
            {
                { Format: FormatKnown, Id: not null, OutputRoot: not null, PlanName: not null, BodyHash: not null } batch => batch,
                { Format: > FormatKnown } => throw new InvalidDataException($"{where} was written by a later version. Use that version."),
                _ => throw new InvalidDataException($"{where} names no batch."),
            };
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{where} names no batch: {e.Message}", e);
        }
    }
}

/// <summary>The registry's JSON. Names are part of the format.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ClusterBatch))]
internal sealed partial class RegistryJson : JsonSerializerContext;
