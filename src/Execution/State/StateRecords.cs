using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Ranges;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.State;

/// <summary>The first line of <c>listing.jsonl</c>: what a batch was started with.</summary>
internal sealed record BatchHeader
{
    public int ListingVersion { get; init; } = 1;

    public required string BatchId { get; init; }

    /// <summary>Equal for requests of which one continues the other.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string PlanName { get; init; }

    public required string PlanPath { get; init; }

    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    /// <summary>The output root as the plan writes it.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>True if all inputs become one output.</summary>
    public bool IsCombined { get; init; }

    /// <summary>True if outputs have a first column that names the input.</summary>
    public bool HasFileColumn { get; init; }

    /// <summary>The folders that inputs lie in.</summary>
    public required ImmutableArray<string> InputRoots { get; init; }

    /// <summary>What <see cref="ListedInput.Record"/> speaks of, or null: the index of outputs, or the files of the batch that made the one output of all.</summary>
    public OutputIndexName? Index { get; init; }

    /// <summary>The batch that made the one output of all, if it is up to date; else null.</summary>
    public string? CombinedBy { get; init; }
}

/// <summary>A further line of <c>listing.jsonl</c>: one input, frozen.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Root">Its folder, a place in <see cref="BatchHeader.InputRoots"/>.</param>
/// <param name="Key">Its name below that folder; null if it is refused.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Etag">Which content it had.</param>
/// <param name="Output">The output's name below the output root; empty if it is refused.</param>
/// <param name="Rejects">The rejects file's name below the output root.</param>
/// <param name="Refusal">Why it must not be read, or null.</param>
internal sealed record ListedInput(string Name, int Root, string? Key, long Bytes, string Etag, string Output, string Rejects, string? Refusal)
{
    /// <summary>The tag of what stood under the output's name, or null.</summary>
    public string? OutputFound { get; init; }

    /// <summary>The tag of what stood under the rejects file's name, or null.</summary>
    public string? RejectsFound { get; init; }

    /// <summary>True if somebody edited the rejects file since it was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsEdited { get; init; }

    /// <summary>The pieces that workers share; null if one worker cleans all of it.</summary>
    public ListedPieces? Pieces { get; init; }

    /// <summary>Where the index of outputs has the record of what stands there, if it is of this plan and input and all of it stands; else null.</summary>
    public RecordPlace? Record { get; init; }
}

/// <summary>The pieces of a large input.</summary>
/// <param name="Begin">Where each begins, in order.</param>
/// <param name="End">Where the last one ends.</param>
/// <param name="Reading">How the input is read.</param>
internal sealed record ListedPieces(ImmutableArray<PiecePlace> Begin, PiecePlace End, RangeReport Reading)
{
    /// <summary>A piece, from zero.</summary>
    public FilePiece this[int number] => new(Begin[number], number + 1 < Begin.Length ? Begin[number + 1] : End, number == 0);
}

/// <summary>The place of a line in the index of outputs.</summary>
internal sealed record RecordPlace(long Start, int Length);

/// <summary>
/// What was last written to an output, and from what. It holds only where the tags of its objects are found.
/// </summary>
internal sealed record OutputRecord
{
    public required string Output { get; init; }

    public required string BatchId { get; init; }

    /// <summary>The input's name, or that of all inputs of a combined output, whose hash stands as the tag.</summary>
    public required string Input { get; init; }

    public required string InputEtag { get; init; }

    public string? InputSha256 { get; init; }

    /// <summary>The plan's part of what decides the output's bytes, and the output version.</summary>
    public required string Effective { get; init; }

    /// <summary>The frozen day, if a formula read the clock.</summary>
    public string? Day { get; init; }

    /// <summary>The objects, rejects first.</summary>
    public required ImmutableArray<WrittenObject> Objects { get; init; }

    /// <summary>True if the process ended while this was published: what the record before it names may stand as well. Not written.</summary>
    [JsonIgnore]
    public bool IsUncertain { get; init; }

    /// <summary>The file's summary; null for a combined output, whose files are in the batch's <c>files.jsonl</c>.</summary>
    public FileSummary? Summary { get; init; }

    /// <summary>True if this content was written under this name.</summary>
    public bool Wrote(string name, string etag) =>
        Objects.Any(o => string.Equals(o.Name, name, StringComparison.Ordinal) && string.Equals(o.Etag, etag, StringComparison.Ordinal));

    /// <summary>
    /// The record of an input that is unchanged, with the tags that were listed: the content was compared where they differ from the recorded ones, and next
    /// time the tags alone tell.
    /// </summary>
    public OutputRecord AsListed(ListedInput item) => this with
    {
        InputEtag = item.Etag,
        Objects = [.. Objects.Select(o => o with { Etag = (o.Name == item.Output ? item.OutputFound : o.Name == item.Rejects ? item.RejectsFound : null) ?? o.Etag })],
    };
}

/// <summary>An object that was written.</summary>
internal sealed record WrittenObject(string Name, string Etag)
{
    /// <summary>Its length.</summary>
    public long Bytes { get; init; }

    /// <summary>Its content's SHA-256, by which it is known under another tag; null if it was not recorded.</summary>
    public string? Sha256 { get; init; }
}

/// <summary>Names one content of the index of outputs.</summary>
internal sealed record OutputIndexName(string Name, string Etag)
{
    /// <summary>The content that this one took the place of, or null. It is removed, but a process may be killed before that.</summary>
    public OutputIndexName? Replaced { get; init; }

    /// <summary>Its length.</summary>
    public long Bytes { get; init; }

    /// <summary>Its SHA-256, by which it is known under another tag; null if it was not recorded.</summary>
    public string? Sha256 { get; init; }
}
