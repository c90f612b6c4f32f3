using System.Text;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cli.Output;
using Spectre.Console.Rendering;

namespace OrleansClean.Cli.Traces;

/// <summary>A record as it stands in the file, with line numbers and a caret under the cell that a problem speaks of.</summary>
internal static class RecordText
{
    private const int LinesMax = 12;
    private const int WidthMax = 160;

    /// <summary>Appends the record; the caret goes under the cell <paramref name="columnIndex"/>, counted from zero.</summary>
    public static void Append(StringBuilder text, RowTrace row, int columnIndex, string? note)
    {
        var caretAt = columnIndex >= 0 && columnIndex < row.Before.Length && row.Before[columnIndex].Start >= 0
            ? CharacterAt(row.Raw, row.Before[columnIndex].Start)
            : -1;
        var caretLength = caretAt < 0 ? 0 : Math.Max(1, CellLength(row, columnIndex, caretAt));
        var lines = Lines(row.Raw);
        var margin = Amounts.Count(row.Line + Math.Min(lines.Count, LinesMax) - 1).Length + 2;
        var noted = false;
        for (var i = 0; i < lines.Count && i < LinesMax; i++)
        {
            var (start, line) = lines[i];
            var hasCaret = caretAt >= start && caretAt <= start + line.Length;
            var from = hasCaret ? Math.Max(0, caretAt - start - (WidthMax / 2)) : 0;
            var lead = from > 0 ? "…" : "";
            text.Append("  ").Append(Amounts.Count(row.Line + i).PadLeft(margin)).Append(" | ").Append(lead);
            text.Append(Visible.Text(line[from..], WidthMax)).Append('\n');
            if (hasCaret)
            {
                var before = lead + Visible.Text(line[from..(caretAt - start)], int.MaxValue);
                var shown = Visible.Text(line[(caretAt - start)..Math.Min(line.Length, caretAt - start + caretLength)], WidthMax);
                Note(text, margin, new string(' ', Width(before)) + new string('^', Math.Clamp(Width(shown), 1, WidthMax)), note);
                noted = true;
            }
        }

        if (lines.Count > LinesMax)
        {
            text.Append("  ").Append(' ', margin).Append(" | … ").Append(Amounts.Of(lines.Count - LinesMax, "more line")).Append('\n');
        }

        if (!noted && note is not null)
        {
            Note(text, margin, "=", note);
        }
    }

    private static void Note(StringBuilder text, int margin, string mark, string? note) =>
        text.Append("  ").Append(' ', margin).Append(" | ").Append($"{mark} {note}".TrimEnd()).Append('\n');

    // Places in a trace count bytes of UTF-8, because files do; the text here counts UTF-16 units.
    private static int CharacterAt(string raw, int byteIndex)
    {
        var bytes = 0;
        var index = 0;
        foreach (var rune in raw.EnumerateRunes())
        {
            if (bytes >= byteIndex)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            index += rune.Utf16SequenceLength;
        }

        return index;
    }

    private static int CellLength(RowTrace row, int columnIndex, int caretAt)
    {
        var isLast = columnIndex + 1 >= row.Before.Length || row.Before[columnIndex + 1].Start < 0;
        var end = isLast ? row.Raw.Length : CharacterAt(row.Raw, row.Before[columnIndex + 1].Start) - 1;
        return Math.Min(end, row.Raw.Length) - caretAt;
    }

    private static List<(int Start, string Line)> Lines(string raw)
    {
        var lines = new List<(int, string)>();
        var start = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] is '\n' || (raw[i] is '\r' && (i + 1 == raw.Length || raw[i + 1] != '\n')))
            {
                lines.Add((start, raw[start..i].TrimEnd('\r')));
                start = i + 1;
            }
        }

        lines.Add((start, raw[start..].TrimEnd('\r')));
        return lines;
    }

    private static int Width(string text) => text.Length == 0 ? 0 : new Segment(text).CellCount();
}
