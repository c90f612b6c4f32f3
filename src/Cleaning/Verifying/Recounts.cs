using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>What the second reader found in an output.</summary>
/// <param name="Rows">Rows behind the header.</param>
/// <param name="Columns">Columns of the header; 0 for an empty file.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">Its digest: SHA-256 in lower-case hex, or as <see cref="ContentDigest"/> says.</param>
/// <param name="Fault">Why it is no sound CSV file, in one sentence that names the first place; null if it is one.</param>
public sealed record OutputRecount(long Rows, int Columns, long Bytes, string Sha256, string? Fault);

/// <summary>What the second reader found in a file of reject records (<c>rejects/PATH.jsonl</c>).</summary>
/// <param name="Rows">Records.</param>
/// <param name="Codes">Records by code.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">Its digest: SHA-256 in lower-case hex, or as <see cref="ContentDigest"/> says.</param>
/// <param name="Fault">Why it is not what it should be, in one sentence that names the first line; null if it is.</param>
public sealed record RejectRecount(
    long Rows, ImmutableSortedDictionary<string, long> Codes, long Bytes, string Sha256, string? Fault)
{
    /// <summary>Steps that rejected, with their counts.</summary>
    public ImmutableSortedDictionary<string, long> Steps { get; init; } = ImmutableSortedDictionary<string, long>.Empty;
}

/// <summary>What the second reader found in a file of rejected rows (<c>NAME.rejects.csv</c>).</summary>
/// <param name="Rows">Rows that stand there as their reject records say, byte for byte.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">Its digest: SHA-256 in lower-case hex, or as <see cref="ContentDigest"/> says.</param>
/// <param name="Fault">Where the file departs from the reject records; null if it does not.</param>
public sealed record RejectRowsRecount(long Rows, long Bytes, string Sha256, string? Fault);

/// <summary>How many records the second reader found in an input.</summary>
/// <param name="Records">Records behind the header; null if it could not count them.</param>
/// <param name="NotPossible">Why it could not, in one sentence; null if it could.</param>
public sealed record InputRecount(long? Records, string? NotPossible);
