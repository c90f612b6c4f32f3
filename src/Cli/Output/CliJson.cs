using System.Text.Json.Serialization;
using OrleansClean.Cli.Batches;
using OrleansClean.Cli.Bench;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Commands;
using OrleansClean.Cli.Inspection;
using OrleansClean.Cli.Mapping;
using OrleansClean.Cli.Progress;
using OrleansClean.Cli.Rejecting;
using OrleansClean.Cli.Traces;
using OrleansClean.Execution.Mapping;
using OrleansClean.Execution.Rejects;
using OrleansClean.Execution.Verification;

namespace OrleansClean.Cli.Output;

/// <summary>How the command's own JSON is written: names in camelCase, nothing that is null.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchLine))]
[JsonSerializable(typeof(BenchResult))]
[JsonSerializable(typeof(ClusterBatchLine))]
[JsonSerializable(typeof(ClusterProgressLine))]
[JsonSerializable(typeof(FileRejects))]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(MapFunctionInfo))]
[JsonSerializable(typeof(MapProgressLine))]
[JsonSerializable(typeof(ProgressLine))]
[JsonSerializable(typeof(RejectRecord))]
[JsonSerializable(typeof(RejectsDocument))]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(VersionDocument))]
internal sealed partial class CliJson : JsonSerializerContext;
