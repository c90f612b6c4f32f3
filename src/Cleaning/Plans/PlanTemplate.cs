using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Writes a first plan for <c>plan new</c>: it loads and runs as it is, and shows what to try next.</summary>
public static class PlanTemplate
{
    private const int ColumnsShownMax = 40;
    private const int NameLengthMax = 64;

    /// <summary>
    /// The text of a plan. <paramref name="header"/> are the columns of a file that was looked at, or empty;
    /// <paramref name="files"/> is the glob of inputs, or null for those of the command line.
    /// </summary>
    public static string New(string name, IReadOnlyList<string> header, string? files = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(header);
        var text = new StringBuilder();
        text.Append("plan: 1\n");
        text.Append("name: ").Append(PlanName(name)).Append("\n\n");
        text.Append("# What is not written under read (encoding, delimiter, quote, header line) is detected in each file.\n");
        if (files is null)
        {
            text.Append("# read:\n#   files: in/**/*.csv\n\n");
        }
        else
        {
            text.Append("read:\n  files: ").Append(InQuotes(files)).Append("\n\n");
        }

        AppendSteps(text, header);
        text.Append("# What must hold after the last step; a row that breaks it is rejected and kept in the rejects.\n");
        text.Append($"# expect:\n#   - {Column(header, 0, "id")} is not null\n\n");
        text.Append("write: out/{name}.csv\n\n");
        text.Append("# run:\n#   max_rejects: 2%\n");
        return text.ToString();
    }

    private static void AppendSteps(StringBuilder text, IReadOnlyList<string> header)
    {
        if (header.Count > 0)
        {
            text.Append("# The columns that were found; after normalize_headers they are unique, in lower case and with `_`:\n");
            foreach (var column in header.Take(ColumnsShownMax))
            {
                text.Append("#   ").Append(InQuotes(column)).Append('\n');
            }

            if (header.Count > ColumnsShownMax)
            {
                text.Append(CultureInfo.InvariantCulture, $"#   and {header.Count - ColumnsShownMax} more\n");
            }
        }

        text.Append("""
            # Steps run in this order. `orleansclean preview` shows what they change, before anything is written.
            steps:
              - normalize_headers
              - drop_empty: rows
              - trim: all

            """);
        text.Append($"  # - parse: {{{InQuotes(Column(header, 1, "amount"))}: decimal}}   # checks cells and rejects rows that are not of the type\n");
        text.Append("  # - filter: amount >= 0            # keeps rows for which this is true\n");
        text.Append("  # - dedupe: all                    # keeps the first of equal rows\n\n");
    }

    private static string Column(IReadOnlyList<string> header, int index, string otherwise)
    {
        var name = index < header.Count ? header[index].Trim().ToLowerInvariant() : otherwise;
        return name.Length is > 0 and < 60 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? name : otherwise;
    }

    /// <summary>The name with everything that a plan's name cannot hold made <c>-</c>.</summary>
    private static string PlanName(string name)
    {
        var valid = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).Trim('-', '.');
        return valid.Length == 0 ? "my-plan" : valid[..Math.Min(valid.Length, NameLengthMax)];
    }

    /// <summary>The text as a double-quoted scalar on one line: a header may hold anything.</summary>
    private static string InQuotes(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var c in text.Length <= 200 ? text : text[..200])
        {
            shown.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when IsHidden(c) => "\\uFFFD",
                _ => c.ToString(),
            });
        }

        return shown.Append('"').ToString();
    }

    /// <summary>Steers a terminal or turns text around; or is half of a character, which may.</summary>
    private static bool IsHidden(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
