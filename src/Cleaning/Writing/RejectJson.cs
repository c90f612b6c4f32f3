using System.Text.Json;
using System.Text.Unicode;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Writing;

/// <summary>The JSON form of one rejected row: a line of <c>rejects/PATH.jsonl</c>.</summary>
internal static class RejectJson
{
    /// <summary>Writes the record as one object.</summary>
    public static void Write(Utf8JsonWriter json, FileCleaning job, Record record, RejectingStep step, Problem problem)
    {
        json.WriteStartObject();
        json.WriteString("batch"u8, job.BatchId);
        json.WriteString("file"u8, job.InputName);
        json.WriteNumber("record"u8, record.Number);
        json.WriteNumber("line"u8, record.Line);
        json.WriteNumber("line_end"u8, record.LineEnd);
        json.WriteNumber("byte_offset"u8, record.ByteOffset);
        json.WriteNumber("byte_length"u8, record.ByteLength);
        if (problem.ColumnIndex >= 0)
        {
            json.WriteNumber("column_index"u8, problem.ColumnIndex);
        }
        else
        {
            json.WriteNull("column_index"u8);
        }

        json.WriteString("column"u8, problem.Column);
        json.WriteString("step"u8, step.Id);
        json.WriteString("step_fingerprint"u8, step.Fingerprint);
        json.WriteString("code"u8, problem.Code);
        json.WriteString("severity"u8, "error"u8);
        json.WriteString("message"u8, problem.Message);
        json.WriteString("expected"u8, problem.Expected);
        if (problem.Value is null)
        {
            json.WriteNull("value"u8);
        }
        else
        {
            WriteText(json, "value", problem.Value, isWhole: true);
        }

        WriteText(json, "raw", record.Raw, !record.IsTruncated);
        json.WriteEndObject();
    }

    /// <summary>Writes text, capped and said so; in base 64 where it is not UTF-8.</summary>
    private static void WriteText(Utf8JsonWriter json, string name, ReadOnlySpan<byte> bytes, bool isWhole)
    {
        var length = Math.Min(bytes.Length, Problem.ValueBytesMax);
        while (length > 0 && length < bytes.Length && (bytes[length] & 0xC0) == 0x80)
        {
            // Not in the middle of a character.
            length--;
        }

        if (Utf8.IsValid(bytes[..length]))
        {
            json.WriteString(name, bytes[..length]);
        }
        else
        {
            json.WriteNull(name);
            json.WriteBase64String(name + "Base64", bytes[..length]);
        }

        if (length < bytes.Length || !isWhole)
        {
            json.WriteBoolean(name + "Truncated", true);
        }
    }
}
