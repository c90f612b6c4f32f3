using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// What a caller asks for, complete: whoever has it and the stores that it names can do the work. It is kept as an immutable
/// document named by its hash. Property names are part of the format.
/// </summary>
public sealed record BatchSubmission
{
    // A document of another version may leave out what is not required, and the reader then sets nulls and defaults: they are made good where they are set.
    private const string PlanPathDefault = "plan.yaml";

    /// <summary>The format's version.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The batch's id: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, at most 100, unique within the output root.</summary>
    public required string Id { get; init; }

    /// <summary>The plan's text.</summary>
    public required string PlanText { get; init; }

    /// <summary>What the plan is called in messages.</summary>
    public string PlanPath { get; init => field = value ?? PlanPathDefault; } = PlanPathDefault;

    /// <summary>Parameters by name, as written.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init => field = value ?? ImmutableSortedDictionary<string, string>.Empty; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The store of the inputs, as the host's <see cref="IStoreDirectory"/> knows it.</summary>
    public required string InputRoot { get; init; }

    /// <summary>Names, folders and patterns below the input root; empty for <c>read.files</c> of the plan.</summary>
    public ImmutableArray<string> Inputs { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// The document with the inputs, where the caller has listed them, maybe in several stores; null to list <see cref="Inputs"/> below
    /// <see cref="InputRoot"/>.
    /// </summary>
    public string? Listing { get; init; }

    /// <summary>The store that the plan's <c>write:</c> names are below, without the folder that <c>write:</c> begins with.</summary>
    public required string OutputRoot { get; init; }

    /// <summary>Clean files again whose output is up to date.</summary>
    public bool Force { get; init; }

    /// <summary>Refuse to replace an output that no batch of this root wrote.</summary>
    public bool NoClobber { get; init; }

    /// <summary>Record a SHA-256 of every input.</summary>
    public bool HashInputs { get; init; }

    /// <summary>Overrules <c>run.max_rejects</c>: <c>500</c> or <c>2%</c>; null to leave it.</summary>
    public string? MaxRejects { get; init; }

    /// <summary>Overrules <c>run.timeout</c>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Overrules <c>run.file_timeout</c>.</summary>
    public TimeSpan? FileTimeout { get; init; }

    /// <summary>
    /// Bytes of a piece of a large file. A file of at least two of them is cut, where the plan and the file allow it, and workers share its pieces. Null to have
    /// every file cleaned by one worker.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PieceBytes { get; init; }

    /// <summary>What <c>today()</c>, <c>now()</c> and <c>{date}</c> stand for. It is no part of the body's hash: the first submit fixes it.</summary>
    public required DateTimeOffset FrozenAt { get; init; }

    /// <summary>SHA-256 of everything but the frozen time, in hex: equal for submits of one batch.</summary>
    public string HashBody() => Convert.ToHexStringLower(SHA256.HashData((this with { FrozenAt = default }).ToBytes()));

    /// <summary>The document.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, HostingJson.Default.BatchSubmission);

    /// <summary>Reads a document. Throws <see cref="JsonException"/> for anything else.</summary>
    public static BatchSubmission Parse(ReadOnlySpan<byte> document) =>
        JsonSerializer.Deserialize(document, HostingJson.Default.BatchSubmission) is { Version: 1 } submission
            ? submission
            : throw new JsonException("The document is no submission of a version that is known.");
}
