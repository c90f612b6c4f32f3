using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Mapping.Functions;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>
/// A map that can be gone on with, complete: whoever has it and the stores that it names can do a part of it. It is kept as an immutable document
/// named by its hash. Property names are part of the format.
/// </summary>
internal sealed record MapSubmission : WorkSubmission
{
    /// <summary>The format's version.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The function's name.</summary>
    public required string Function { get; init; }

    /// <summary>Its parameters, as written.</summary>
    public required SortedDictionary<string, string> Parameters { get; init; }

    /// <summary>SHA-256 of the library that it is in, or null.</summary>
    public string? LibrarySha256 { get; init; }

    /// <summary>The store of the inputs.</summary>
    public required string InputRoot { get; init; }

    /// <summary>The object whose lines are the inputs.</summary>
    public required string Input { get; init; }

    /// <summary>Its content, as the store names it.</summary>
    public required string InputTag { get; init; }

    /// <inheritdoc />
    public override required string OutputRoot { get; init; }

    /// <summary>Inputs of a chunk; null to let the listing choose.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>How results are written.</summary>
    public LineForm Form { get; init; }

    /// <summary>One number instead, or null.</summary>
    public Reduction? Reduction { get; init; }

    /// <summary>How long one input may take: it decides which inputs fail.</summary>
    public TimeSpan? InputTimeout { get; init; }

    /// <summary>Further attempts at an input.</summary>
    public int RetriesMax { get; init; }

    /// <summary>The name of what is made of all results.</summary>
    [JsonIgnore]
    public string ResultName => $"{Function}.{(Reduction is not null ? "json" : Form is LineForm.Plain ? "txt" : "jsonl")}";

    /// <inheritdoc />
    [JsonIgnore]
    public override WorkKind Kind => WorkKind.Map;

    /// <inheritdoc />
    [JsonIgnore]
    public override string Name => Function;

    /// <inheritdoc />
    public override byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, MapJson.Default.MapSubmission);

    /// <summary>Reads a document. Throws <see cref="JsonException"/> for anything else.</summary>
    public static MapSubmission Parse(ReadOnlySpan<byte> document) =>
        JsonSerializer.Deserialize(document, MapJson.Default.MapSubmission) is { Version: 1 } submission
            ? submission
            : throw new JsonException("The document is no map of a version that is known.");

    /// <inheritdoc />
    internal override void Check()
    {
        if (LibrarySha256 is null)
        {
            FunctionBinder.Bind(FunctionSource.BuiltIn.Find(Function), Parameters);
        }
    }
}

/// <summary>One chunk of a map: where its lines are.</summary>
/// <param name="First">The place of its first line among all, from zero.</param>
/// <param name="Offset">The byte that it begins at.</param>
/// <param name="Bytes">Its bytes, line ends included.</param>
internal sealed record ListedChunk(long First, long Offset, long Bytes);

/// <summary>What a chunk became: what is to be published, and its counts.</summary>
internal sealed record MapPart : StagedPart
{
    public long Ok { get; init; }

    public long Failed { get; init; }

    public long TimedOut { get; init; }

    public long Retries { get; init; }

    /// <summary>The first failures.</summary>
    public MapFailure[] First { get; init; } = [];

    public string ToText() => JsonSerializer.Serialize(this, MapJson.Default.MapPart);

    public static MapPart Parse(string text) => JsonSerializer.Deserialize(text, MapJson.Default.MapPart)!;
}

/// <summary>What a map that is done leaves: <c>report.json</c>.</summary>
internal sealed record MapBatchPaper
{
    /// <summary>The result's name; null if there is none, because a chunk failed.</summary>
    public string? Result { get; init; }

    /// <summary>The tag that it got.</summary>
    public string? ResultTag { get; init; }

    public int Chunks { get; init; }

    public int ChunksFailed { get; init; }

    /// <summary>Why the first chunk failed, or the inputs could not be listed.</summary>
    public string? Message { get; init; }

    public long Ok { get; init; }

    public long Failed { get; init; }

    public long TimedOut { get; init; }

    public long Retries { get; init; }

    public MapFailure[] First { get; init; } = [];

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, MapJson.Default.MapBatchPaper);

    public static MapBatchPaper Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, MapJson.Default.MapBatchPaper)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, UseStringEnumConverter = true)]
[JsonSerializable(typeof(MapSubmission))]
[JsonSerializable(typeof(ListedChunk))]
[JsonSerializable(typeof(MapPart))]
[JsonSerializable(typeof(MapBatchPaper))]
internal sealed partial class MapJson : JsonSerializerContext;
