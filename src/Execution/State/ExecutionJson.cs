using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Execution.Rejects;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.State;

/// <summary>The JSON of reports and state: camelCase, absent instead of null, text as it is.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BatchReport))]
[JsonSerializable(typeof(FileSummary))]
[JsonSerializable(typeof(BatchHeader))]
[JsonSerializable(typeof(ListedInput))]
[JsonSerializable(typeof(OutputRecord))]
[JsonSerializable(typeof(RejectRecord))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ManifestFile))]
[JsonSerializable(typeof(Hosting.CheckpointDocument))]
[JsonSerializable(typeof(Hosting.CommitIntent))]
[JsonSerializable(typeof(Hosting.PieceDocument))]
[JsonSerializable(typeof(Hosting.PublishedTags))]
[JsonSerializable(typeof(OutputIndexName))]
[JsonSerializable(typeof(Hosting.JoinResult))]
[JsonSerializable(typeof(ClaimDocument))]
internal sealed partial class ExecutionJson : JsonSerializerContext
{
    /// <summary>One object a line.</summary>
    public static ExecutionJson Lines { get; } = new(Form(isIndented: false));

    /// <summary>For documents that people open.</summary>
    public static ExecutionJson Pages { get; } = new(Form(isIndented: true));

    private static JsonSerializerOptions Form(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = isIndented,
        NewLine = "\n",

        Encoder = ReadableJson.Encoder,
    };
}
