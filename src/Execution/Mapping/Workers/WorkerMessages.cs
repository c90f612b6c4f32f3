using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansClean.Execution.Mapping.Workers;

/// <summary>The host tells a worker what it is there for.</summary>
/// <param name="Library">The library's path.</param>
/// <param name="Function">The function's name; null to list.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="RetriesMax">Further attempts at an input.</param>
/// <param name="RetryDelayMilliseconds">The wait before the first retry.</param>
internal sealed record WorkerOpening(string Library, string? Function, Dictionary<string, string> Parameters, int RetriesMax, double RetryDelayMilliseconds)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, WorkerJson.Default.WorkerOpening);

    public static WorkerOpening Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, WorkerJson.Default.WorkerOpening)!;
}

/// <summary>A worker answers.</summary>
/// <param name="Problem">Why it cannot do what it is there for, or null.</param>
/// <param name="IsPure">The function says that it is pure.</param>
/// <param name="Functions">The functions, if it was to list.</param>
internal sealed record WorkerHello(string? Problem, bool IsPure, MapFunctionInfo[]? Functions)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, WorkerJson.Default.WorkerHello);

    public static WorkerHello Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, WorkerJson.Default.WorkerHello)!;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WorkerOpening))]
[JsonSerializable(typeof(WorkerHello))]
internal sealed partial class WorkerJson : JsonSerializerContext;
