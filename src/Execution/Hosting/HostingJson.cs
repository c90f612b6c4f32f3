using System.Text.Json.Serialization;
using OrleansClean.Execution.Coordination;

namespace OrleansClean.Execution.Hosting;

/// <summary>The JSON of what travels between hosts, workers and stores: camelCase, absent instead of null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(BatchSubmission))]
[JsonSerializable(typeof(HostReply))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(ListReply))]
[JsonSerializable(typeof(TakeRequest))]
[JsonSerializable(typeof(TakeReply))]
[JsonSerializable(typeof(AttemptReport))]
[JsonSerializable(typeof(ReportReply))]
[JsonSerializable(typeof(BatchPlace))]
[JsonSerializable(typeof(BatchOverview))]
public sealed partial class HostingJson : JsonSerializerContext;
