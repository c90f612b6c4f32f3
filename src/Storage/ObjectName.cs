using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace OrleansClean.Storage;

/// <summary>
/// The name of an object in a store: segments joined by <c>/</c>. A name that exists is safe to use below the store's
/// root: it has no empty, <c>.</c> or <c>..</c> segment, no backslash, no control character, is not absolute, and has
/// at most <see cref="BytesMax"/> bytes. Names are compared by code unit.
/// </summary>
public sealed record ObjectName
{
    /// <summary>Bytes of a name as UTF-8.</summary>
    public const int BytesMax = 1_024;

    private static readonly string[] DeviceNames =
        ["con", "prn", "aux", "nul", .. "123456789".SelectMany(n => new[] { $"com{n}", $"lpt{n}" })];

    private ObjectName(string value) => Value = value;

    /// <summary>The name.</summary>
    public string Value { get; }

    /// <summary>The last segment.</summary>
    public string FileName => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>What comes before the last segment, without the slash; empty if there is nothing.</summary>
    public string Folder => Value.LastIndexOf('/') is var slash and > 0 ? Value[..slash] : "";

    /// <summary>Makes a name; throws <see cref="StorageException"/> if <paramref name="text"/> is none.</summary>
    public static ObjectName Parse(string text) => TryParse(text, out var name, out var reason)
        ? name
        : throw new StorageException(StorageFault.NameRefused, $"The name '{Show(text)}' cannot be used: {reason}.");

    /// <summary>Makes a name, or says why <paramref name="text"/> is none (a clause without full stop).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ObjectName? name, [NotNullWhen(false)] out string? reason)
    {
        reason = FindFault(text);
        name = reason is null ? new ObjectName(text) : null;
        return name is not null;
    }

    /// <inheritdoc />
    public override string ToString() => Value;

    /// <summary><paramref name="text"/> with control characters shown as <c>\u001b</c>, for messages.</summary>
    public static string Show(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = char.IsControl(c) ? shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : shown.Append(c);
        }

        return shown.ToString();
    }

    private static string? FindFault(string text)
    {
        if (text.Length == 0)
        {
            return "it is empty";
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune))
            {
                return string.Create(CultureInfo.InvariantCulture, $"it holds the control character U+{rune.Value:X4}");
            }

            if (rune.Value is '\\')
            {
                return "it holds a backslash, which some systems take for a folder separator";
            }

            // What the system gives for bytes that are not UTF-8, and what stands here for half of a surrogate pair: no file can be
            // opened by it, or another one is.
            if (rune == Rune.ReplacementChar)
            {
                return "it is not valid UTF-8";
            }
        }

        if (text[0] is '/')
        {
            return "it begins with a slash";
        }

        foreach (var segment in text.Split('/'))
        {
            if (FindSegmentFault(segment) is { } fault)
            {
                return fault;
            }
        }

        return Encoding.UTF8.GetByteCount(text) > BytesMax
            ? string.Create(CultureInfo.InvariantCulture, $"it is longer than {BytesMax} bytes")
            : null;
    }

    private static string? FindSegmentFault(string segment)
    {
        if (segment is "")
        {
            return "it has an empty part between two slashes or at its end";
        }

        if (segment is "." or "..")
        {
            return $"it has the part '{segment}'";
        }

        // Linux takes these names, Windows would write to a device, drop the last character, or open a stream.
        if (OperatingSystem.IsWindows())
        {
            var stem = segment.Split('.')[0];
            if (DeviceNames.Contains(stem, StringComparer.OrdinalIgnoreCase) || segment[^1] is '.' or ' ' || segment.Contains(':', StringComparison.Ordinal))
            {
                return $"Windows does not take '{segment}'";
            }
        }

        return null;
    }
}
