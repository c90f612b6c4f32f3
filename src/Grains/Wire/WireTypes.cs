using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Execution.Hosting;

namespace OrleansClean.Grains.Wire;

/// <summary>
/// What travels between silos and clients: sealed records only, each under a name that never changes. A process that does not know a
/// name cannot read what came under it, so a name lives as long as any process of a version that used it.
/// </summary>
public static class WireTypes
{
    /// <summary>Every record that a grain's method takes or returns, by its name on the wire.</summary>
    public static ImmutableSortedDictionary<string, Type> ByName { get; } = new Dictionary<string, Type>(StringComparer.Ordinal)
    {
        ["oc.submission"] = typeof(BatchSubmission),
        ["oc.host-reply"] = typeof(HostReply),
        ["oc.status-reply"] = typeof(StatusReply),
        ["oc.take"] = typeof(TakeRequest),
        ["oc.take-answer"] = typeof(TakeAnswer),
        ["oc.report"] = typeof(AttemptReport),
        ["oc.report-answer"] = typeof(ReportAnswer),
        ["oc.start"] = typeof(StartOrder),
        ["oc.start-reply"] = typeof(StartReply),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>How they are written. An unknown property is passed over, so an older process reads a newer one's words.</summary>
    public static JsonSerializerOptions Json => WireJson.Default.Options;

    /// <summary>True for what this wire carries.</summary>
    public static bool Carries(Type type) => ByName.ContainsValue(type);
}

/// <summary>The wire's JSON. Names of properties are part of the format.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(BatchSubmission))]
[JsonSerializable(typeof(HostReply))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(TakeRequest))]
[JsonSerializable(typeof(TakeAnswer))]
[JsonSerializable(typeof(AttemptReport))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(StartOrder))]
[JsonSerializable(typeof(StartReply))]
internal sealed partial class WireJson : JsonSerializerContext;
