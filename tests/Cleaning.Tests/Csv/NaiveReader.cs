using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Tests.Csv;

/// <summary>The record rule written down as plainly as possible, over the whole input at once: the model to test against.</summary>
internal static class NaiveReader
{
    public static List<string> Read(byte[] data, byte delimiter, bool skipBlank, Limits limits)
    {
        var found = new List<string>();
        var at = 0;
        var line = 1L;
        while (at < data.Length)
        {
            var (kind, end, fields) = Record(data, at, delimiter, limits);
            var isRecord = kind == "record";
            end = isRecord ? end : LineEnd(data, at);
            var endLength = PhysicalLines.EndLength(data.AsSpan(end));
            if (end == at && skipBlank)
            {
                found.Add($"blank {line}");
            }
            else
            {
                var raw = data.AsSpan(at, end - at);
                kind = isRecord && raw.Contains((byte)0) ? "nul-byte" : kind;
                kind = kind == "record" && !System.Text.Unicode.Utf8.IsValid(raw) ? "encoding-error" : kind;
                found.Add(kind == "record"
                    ? $"{line} {at} [{string.Join('|', fields)}]"
                    : $"{line} {at} {kind} {Convert.ToHexString(raw)}");
            }

            line += PhysicalLines.Count(data.AsSpan(at, end - at)) + (endLength > 0 ? 1 : 0);
            at = end + endLength;
        }

        return found;
    }

    private static (string Kind, int End, List<string> Fields) Record(byte[] data, int at, byte delimiter, Limits limits)
    {
        var fields = new List<string>();
        var start = at;
        while (true)
        {
            var fieldStart = at;
            if (at < data.Length && data[at] == '"')
            {
                at++;
                while (at < data.Length && (data[at] != '"' || (at + 1 < data.Length && data[at + 1] == '"')))
                {
                    at += data[at] == '"' ? 2 : 1;
                }

                if (at >= data.Length || PhysicalLines.Count(data.AsSpan(start, at - start)) >= limits.RecordLinesMax)
                {
                    return ("unterminated-quote", 0, fields);
                }

                at++;
                if (at < data.Length && data[at] != delimiter && data[at] is not ((byte)'\n' or (byte)'\r'))
                {
                    return ("text-after-quote", 0, fields);
                }
            }
            else
            {
                while (at < data.Length && data[at] != delimiter && data[at] is not ((byte)'\n' or (byte)'\r'))
                {
                    at++;
                }
            }

            fields.Add(Convert.ToHexString(data.AsSpan(fieldStart, at - fieldStart)));
            if (at == data.Length || data[at] != delimiter)
            {
                return ("record", at, fields);
            }

            at++;
        }
    }

    private static int LineEnd(byte[] data, int at)
    {
        var length = data.AsSpan(at).IndexOfAny((byte)'\n', (byte)'\r');
        return length < 0 ? data.Length : at + length;
    }
}
