using System.Globalization;
using System.Text;

namespace OrleansClean.Execution.Logging;

/// <summary>
/// Writes entries as lines of <c>key=value</c>: time, process, batch, file, attempt, worker, event, message. Control
/// characters are escaped, so that a file's name cannot forge a line. Each line reaches the writer whole.
/// </summary>
public sealed class TextBatchLog(TextWriter writer) : IBatchLog
{
    private readonly Lock _lock = new();

    /// <inheritdoc />
    public void Write(BatchLogEntry entry)
    {
        var line = new StringBuilder(160)
            .Append(entry.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture))
            .Append(CultureInfo.InvariantCulture, $" pid={Environment.ProcessId} batch=");
        Escape(line, entry.Batch);
        if (entry.File.Length != 0)
        {
            Escape(line.Append(" file="), entry.File);
            line.Append(CultureInfo.InvariantCulture, $" attempt={entry.Attempt} worker={entry.Worker}");
        }

        Escape(line.Append(" event="), entry.Event);
        if (entry.Message.Length != 0)
        {
            Escape(line.Append(" message="), entry.Message);
        }

        lock (_lock)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    private static void Escape(StringBuilder line, string text)
    {
        var quote = text.AsSpan().IndexOfAny(" \"=") >= 0;
        line.Append(quote ? "\"" : "");
        foreach (var c in text)
        {
            if (char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format)
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else if (c is '"' or '\\')
            {
                line.Append('\\').Append(c);
            }
            else
            {
                line.Append(c);
            }
        }

        line.Append(quote ? "\"" : "");
    }
}
