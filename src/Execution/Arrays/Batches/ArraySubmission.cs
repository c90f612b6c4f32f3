using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Batches;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Hosting.Works;

namespace OrleansClean.Execution.Arrays.Batches;

/// <summary>
/// An array that is transformed range by range, complete: whoever has it and the stores that it names can do a part of it. Property names are part of the
/// format.
/// </summary>
internal sealed record ArraySubmission : WorkSubmission
{
    /// <summary>The format's version.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The spec's text.</summary>
    public required string Spec { get; init; }

    /// <summary>What the spec is called in messages.</summary>
    public required string SpecPath { get; init; }

    /// <summary>The store of the array.</summary>
    public required string InputRoot { get; init; }

    /// <summary>The array.</summary>
    public required string Input { get; init; }

    /// <summary>Its content, as the store names it.</summary>
    public required string InputTag { get; init; }

    /// <inheritdoc />
    public override required string OutputRoot { get; init; }

    /// <summary>The new array.</summary>
    public required string Output { get; init; }

    /// <summary>Measure the elements before and after.</summary>
    public bool Statistics { get; init; }

    /// <summary>Elements of a range; 0 for as many as are 8 MiB.</summary>
    public long RangeElements { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override WorkKind Kind => WorkKind.Array;

    /// <inheritdoc />
    [JsonIgnore]
    public override string Name => Input[(Input.LastIndexOf('/') + 1)..];

    /// <inheritdoc />
    public override byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ArrayJson.Lines.ArraySubmission);

    /// <summary>Reads a document. Throws <see cref="JsonException"/> for anything else.</summary>
    public static ArraySubmission Parse(ReadOnlySpan<byte> document) =>
        JsonSerializer.Deserialize(document, ArrayJson.Lines.ArraySubmission) is { Version: 1 } submission
            ? submission
            : throw new JsonException("The document is no array of a version that is known.");

    /// <summary>The spec. Throws <c>PlanException</c> if it is none.</summary>
    public ArraySpec LoadSpec() => ArraySpecLoader.Load(Spec, SpecPath);

    /// <inheritdoc />
    internal override void Check()
    {
        LoadSpec();
        if (RangeElements is < 0 or > ArrayTuning.RangeBytes)
        {
            throw new UsageException($"A range has {RangeElements} elements; it takes 1 to {ArrayTuning.RangeBytes}, or 0 for 8 MiB.");
        }
    }
}

/// <summary>An array cut into ranges, with everything that had to be known of all of it, frozen when the work began.</summary>
internal sealed record ArrayListing
{
    /// <summary>The input's header, as it stands in the file.</summary>
    public required byte[] Header { get; init; }

    /// <summary>Elements of a range; the last one has what is left.</summary>
    public required long RangeElements { get; init; }

    /// <summary>What was measured for the steps that must have seen all elements, in order.</summary>
    public ImmutableArray<BarrierMeasure> Barriers { get; init; } = [];

    /// <summary>The elements before the first step, if they were measured on the way; null if ranges measure them, or nobody asked.</summary>
    public ArrayStatistics? Before { get; init; }

    /// <summary>The tag of what stood under the output's name; null if nothing did. Nothing else is replaced.</summary>
    public string? Replaces { get; init; }

    /// <summary>The input's header, read.</summary>
    public NpyHeader Read(string name) => NpyHeader.Read(new MemoryStream(Header), name);

    /// <summary>Ranges of an array of so many elements.</summary>
    public static int Count(long elements, long rangeElements) => (int)((elements + rangeElements - 1) / rangeElements);

    /// <summary>The document.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ArrayJson.Lines.ArrayListing);

    /// <summary>Reads a document.</summary>
    public static ArrayListing Parse(ReadOnlySpan<byte> document) => JsonSerializer.Deserialize(document, ArrayJson.Lines.ArrayListing)!;
}

/// <summary>What a range became: what is to be published, and what was measured.</summary>
internal sealed record ArrayPart : StagedPart
{
    /// <summary>The elements before the first step, as <see cref="ArrayMeasure.ToText"/> writes them; null if they were not measured here.</summary>
    public string? Before { get; init; }

    /// <summary>The elements after the last step.</summary>
    public string? After { get; init; }

    public string ToText() => JsonSerializer.Serialize(this, ArrayJson.Lines.ArrayPart);

    public static ArrayPart Parse(string text) => JsonSerializer.Deserialize(text, ArrayJson.Lines.ArrayPart)!;
}

/// <summary>What an array that is done leaves: <c>report.json</c>.</summary>
internal sealed record ArrayPaper
{
    /// <summary>What became of it; null if there is no result.</summary>
    public ArrayReport? Report { get; init; }

    /// <summary>The tag that the result got.</summary>
    public string? ResultTag { get; init; }

    /// <summary>Why there is no result: a name of <c>ProblemCodes</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The same for people.</summary>
    public string? Message { get; init; }

    /// <summary>Somebody else wrote to the output's name meanwhile: what was made is given up.</summary>
    public bool IsConflict { get; init; }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ArrayJson.Lines.ArrayPaper);

    public static ArrayPaper Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, ArrayJson.Lines.ArrayPaper)!;
}
