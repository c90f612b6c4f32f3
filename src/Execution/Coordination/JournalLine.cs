using System.Buffers.Text;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Batches;

namespace OrleansClean.Execution.Coordination;

/// <summary>
/// One line of a journal: eight hex digits of CRC-32C, a space, JSON, a line feed. <see cref="Incarnation"/> and
/// <see cref="Append"/> say which append of which coordinator the line came with: that is how a writer whose answer was
/// lost knows its own bytes.
/// </summary>
/// <param name="Incarnation">The coordinator that wrote it.</param>
/// <param name="Append">Counts that coordinator's appends from one.</param>
/// <param name="Event">What happened, or null.</param>
/// <param name="Closed">The number of the segment that follows this one, or null.</param>
/// <param name="SnapshotDocument">The document with the snapshot that would stand here if it were smaller, or null.</param>
/// <param name="Writer">
/// Of an opening: a word that no other writer has. Two that open at once choose the same incarnation, and in the same millisecond
/// their lines would be alike but for this; each would take the other's for its own.
/// </param>
internal sealed record JournalLine(
    [property: JsonPropertyName("i")] long Incarnation,
    [property: JsonPropertyName("a")] long Append,
    [property: JsonPropertyName("h"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BatchEvent? Event = null,
    [property: JsonPropertyName("closed"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Closed = null,
    [property: JsonPropertyName("snapshot"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SnapshotDocument = null,
    [property: JsonPropertyName("w"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Writer = null)
{
    private const int ChecksumDigits = 8;

    /// <summary>The line as bytes, with its line feed.</summary>
    public byte[] Encode()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Written.JournalLine);
        var line = new byte[ChecksumDigits + 1 + json.Length + 1];
        Utf8Formatter.TryFormat(Checksum(json), line, out _, new System.Buffers.StandardFormat('x', ChecksumDigits));
        line[ChecksumDigits] = (byte)' ';
        json.CopyTo(line.AsSpan(ChecksumDigits + 1));
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Reads one line without its line feed; throws <see cref="JournalDamagedException"/> for anything else.</summary>
    public static JournalLine Decode(ReadOnlySpan<byte> line, string where)
    {
        if (line.Length <= ChecksumDigits + 1
            || !Utf8Parser.TryParse(line[..ChecksumDigits], out uint checksum, out var digits, 'x')
            || digits != ChecksumDigits
            || checksum != Checksum(line[(ChecksumDigits + 1)..]))
        {
            throw new JournalDamagedException($"{where} is damaged: its checksum does not fit. Keep the folder as it is and restore the journal from a copy.");
        }

        try
        {
            return JsonSerializer.Deserialize(line[(ChecksumDigits + 1)..], JournalJson.Default.JournalLine)
                ?? throw new JournalDamagedException($"{where} holds nothing.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            // An event without its kind is "not supported", and a value may refuse what it is made of: a checksum only says that it was meant.
            throw new JournalDamagedException(
                $"{where} is whole, and this version cannot read it: {e.Message} It was written by a newer version; use that one.", e);
        }
    }

    /// <summary>CRC-32C (Castagnoli) of <paramref name="bytes"/>, as in iSCSI (RFC 3720): the processor computes it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BitConverter.ToUInt64(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}

/// <summary>A journal that cannot be trusted. Nothing is written to it any more.</summary>
public sealed class JournalDamagedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Another coordinator has taken this batch over: what this one holds in memory is worth nothing.</summary>
public sealed class FencedException(string message) : Exception(message);

/// <summary>The journal's JSON. Names are part of the format: an old journal must be read by every later version.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(JournalLine))]
[JsonSerializable(typeof(BatchSnapshot))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    private static JournalJson? _written;

    /// <summary>
    /// The form that is written. An intent is JSON within a string: with quotes as <c>\"</c> instead of six characters a line takes half the bytes.
    /// Both forms are read.
    /// </summary>
    public static JournalJson Written =>
        _written ??= new JournalJson(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
