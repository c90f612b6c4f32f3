using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>What to do with an array: a small plan, read and checked.</summary>
public sealed record ArraySpec
{
    /// <summary>Raised when the bytes that some spec makes may change.</summary>
    internal const int OutputVersion = 1;

    /// <summary>As the user wrote it; for messages.</summary>
    public string Path { get; init; } = "";

    /// <summary>The array to read, relative to the spec; null if the caller names it.</summary>
    public string? Input { get; init; }

    /// <summary>The file to write, relative to the spec, with <c>{name}</c> for the input's name; null if the caller names it.</summary>
    public string? Write { get; init; }

    /// <summary>In order; at least one.</summary>
    public required ImmutableArray<ArrayStep> Steps { get; init; }

    /// <summary>SHA-256 in lower-case hex of what the steps do: comments, places and the names of files do not count.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(CanonicalForm()));

    private byte[] CanonicalForm()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", OutputVersion);
            json.WriteStartArray("steps");
            foreach (var step in Steps)
            {
                // The words name a step's every part, each in its one plain form.
                json.WriteStringValue(step.Words);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
