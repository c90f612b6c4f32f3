using System.Collections.Immutable;
using System.Text.Encodings.Web;
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
        ["oc.submission-place"] = typeof(SubmissionPlace),
        ["oc.host-reply"] = typeof(HostReply),
        ["oc.status-reply"] = typeof(StatusReply),
        ["oc.take"] = typeof(TakeRequest),
        ["oc.take-answer"] = typeof(TakeAnswer),
        ["oc.report"] = typeof(AttemptReport),
        ["oc.report-answer"] = typeof(ReportAnswer),
        ["oc.start"] = typeof(StartOrder),
        ["oc.start-reply"] = typeof(StartReply),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Bytes that a message has at most, whatever the batch's size.</summary>
    public const int MessageBytesMax = 64 << 10;

    /// <summary>Bytes of a submission that travels as it is. A longer one is left in the cluster's store, and its place travels.</summary>
    public const int SubmissionBytesMax = 48 << 10;

    /// <summary>
    /// How they are written. An unknown property is passed over, so an older process reads a newer one's words. Quotes inside texts are escaped
    /// by one character and not by six: a report carries JSON in a text.
    /// </summary>
    public static JsonSerializerOptions Json { get; } = new(WireJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>True if a submission is short enough for a message.</summary>
    public static bool IsShort(BatchSubmission submission) => JsonSerializer.SerializeToUtf8Bytes(submission, Json).Length <= SubmissionBytesMax;

    /// <summary>True for what this wire carries.</summary>
    public static bool Carries(Type type) => ByName.ContainsValue(type);
}

/// <summary>The wire's JSON. Names of properties are part of the format.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(BatchSubmission))]
[JsonSerializable(typeof(SubmissionPlace))]
[JsonSerializable(typeof(HostReply))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(TakeRequest))]
[JsonSerializable(typeof(TakeAnswer))]
[JsonSerializable(typeof(AttemptReport))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(StartOrder))]
[JsonSerializable(typeof(StartReply))]
internal sealed partial class WireJson : JsonSerializerContext;
