using System.Globalization;
using System.Text;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Logging;

/// <summary>
/// Writes entries as lines of <c>key=value</c>: time, process, batch, file, attempt, worker, event, message. Control
/// characters are escaped, so that a file's name cannot forge a line, and secrets are hidden. Each line reaches the writer whole.
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
        Escape(line, Secrets.Hide(entry.Batch));
        if (entry.File.Length != 0)
        {
            Escape(line.Append(" file="), Secrets.Hide(entry.File));
            line.Append(CultureInfo.InvariantCulture, $" attempt={entry.Attempt} worker={entry.Worker}");
        }

        Escape(line.Append(" event="), entry.Event);
        if (entry.Message.Length != 0)
        {
            Escape(line.Append(" message="), Secrets.Hide(entry.Message));
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
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else if (rune.Value is '"' or '\\')
            {
                line.Append('\\').Append((char)rune.Value);
            }
            else
            {
                line.Append(rune.ToString());
            }
        }

        line.Append(quote ? "\"" : "");
    }
}
