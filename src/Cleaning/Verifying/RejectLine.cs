using System.Text;
using System.Text.Json;

namespace OrleansClean.Cleaning.Verifying;

/// <summary>What the second reader needs of one reject record.</summary>
/// <param name="Record">The record's number.</param>
/// <param name="Code">The code.</param>
/// <param name="Step">The step.</param>
/// <param name="ByteLength">The row's length as UTF-8.</param>
/// <param name="Beginning">The row's first bytes: all of them unless they were capped.</param>
internal sealed record RejectLine(long Record, string Code, string Step, long ByteLength, byte[] Beginning)
{
    /// <summary>True if the row came in too long to be among the rejected rows; one that a step made too long is there as it came.</summary>
    public bool IsLeftOut => Step is "read" && Code is "line-too-long" or "field-too-long";

    /// <summary>Reads one record per line. Throws what System.Text.Json throws for lines that are none.</summary>
    public static IEnumerable<RejectLine> Read(Stream jsonl)
    {
        using var text = new StreamReader(jsonl, Recounter.Strict, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        while (text.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            yield return new RejectLine(
                root.GetProperty("record").GetInt64(),
                Text(root, "code"),
                Text(root, "step"),
                root.GetProperty("byte_length").GetInt64(),
                root.TryGetProperty("rawBase64", out var bytes) ? bytes.GetBytesFromBase64() : Encoding.UTF8.GetBytes(Text(root, "raw")));
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null");
}
