using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansClean.Storage;

/// <summary>
/// Sealed content that waits to be committed, as one process tells another. It is small, and its text can be kept in a
/// journal. It is good for the store that made it and for any other over the same root.
/// </summary>
/// <param name="Name">The name that the object will have.</param>
/// <param name="Stage">Whose it is.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Content">What the store needs to find it again; letters, digits, <c>-</c> and <c>.</c>.</param>
/// <param name="ETag">The tag that the object will have, where the store knows it before the commit; else null.</param>
public sealed record StagedReference(ObjectName Name, StageId Stage, long Bytes, string Content, ETag? ETag)
{
    private const string Version = "1";

    /// <summary>Reads what <see cref="ToString"/> wrote; throws <see cref="FormatException"/> for anything else.</summary>
    public static StagedReference Parse(string text) => TryParse(text, out var reference)
        ? reference
        : throw new FormatException($"'{ObjectName.Show(text)}' is no reference to staged content.");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out StagedReference? reference)
    {
        reference = null;
        if (text.Split(' ', 6) is not [Version, var stageText, var bytesText, var content, var etag, var nameText]
            || !StageId.TryParse(stageText, out var stage)
            || !long.TryParse(bytesText, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            || content.Length == 0
            || !content.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')
            || !ObjectName.TryParse(nameText, out var name, out _))
        {
            return false;
        }

        reference = new StagedReference(name, stage, bytes, content, etag.Length == 0 ? null : new ETag(etag));
        return true;
    }

    /// <summary>One line of text.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Version} {Stage} {Bytes} {Content} {ETag?.Value} {Name.Value}");
}
