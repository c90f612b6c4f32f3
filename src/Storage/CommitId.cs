using System.Buffers;

namespace OrleansClean.Storage;

/// <summary>
/// Names one intent to publish. It is the same each time the intent is sent and is never used for another one.
/// </summary>
public sealed record CommitId
{
    /// <summary>Characters of an id.</summary>
    public const int LengthMax = 128;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>An id of ASCII letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, because blobs keep it in a header.</summary>
    public CommitId(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length is 0 or > LengthMax || value.AsSpan().ContainsAnyExcept(Characters))
        {
            throw new ArgumentException($"A commit id has 1 to {LengthMax} ASCII letters, digits, '-', '_' or '.'; this one is '{ObjectName.Show(value)}'.", nameof(value));
        }

        Value = value;
    }

    /// <summary>The id.</summary>
    public string Value { get; }

    /// <inheritdoc />
    public override string ToString() => Value;
}
