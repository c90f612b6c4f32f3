using System.Text;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// What texts of a date form look like: digits, names and the signs between them. Two forms of one shape and different
/// orders read the same texts as different days.
/// </summary>
/// <param name="Order">The order of day, month and year.</param>
/// <param name="Text">The shape: how many digits where, and all other signs.</param>
internal sealed record DateShape(DateOrder Order, string Text)
{
    /// <summary>True if the two read some text differently.</summary>
    public bool Contests(DateShape other) => Order != other.Order && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <summary>The shape of a pattern that <see cref="DateForm"/> has accepted.</summary>
    public static DateShape Of(string pattern)
    {
        var order = "";
        var shape = new StringBuilder();
        var digits = 0;
        for (var at = 0; at < pattern.Length;)
        {
            var length = RunLength(pattern, at);
            var letter = pattern[at];
            at += length;
            order += letter is 'd' or 'M' or 'y' ? char.ToLowerInvariant(letter) : "";
            var width = Digits(letter, length);
            digits += width;
            if (width > 0)
            {
                continue;
            }

            Flush(shape, ref digits);
            shape.Append(letter is 'M' ? "name" : letter is 't' ? "half" : pattern[(at - length)..at].Trim('\''));
        }

        Flush(shape, ref digits);
        return new DateShape(Enum.Parse<DateOrder>(order, ignoreCase: true), shape.ToString());
    }

    /// <summary>Digits that stand side by side count as one number: <c>ddMMyyyy</c> and <c>yyyyMMdd</c> look alike.</summary>
    private static void Flush(StringBuilder shape, ref int digits)
    {
        if (digits > 0)
        {
            shape.Append('#').Append(digits).Append('#');
            digits = 0;
        }
    }

    /// <summary>How many digits a part has. One and two digits are not told apart: <c>d</c> reads what <c>dd</c> does.</summary>
    private static int Digits(char letter, int length) => (letter, length) switch
    {
        ('y', 4) => 4,
        ('M', > 2) => 0,
        ('y' or 'M' or 'd' or 'H' or 'h' or 'm' or 's', _) => 2,
        ('f', _) => length,
        _ => 0,
    };

    /// <summary>The length of a run of one letter, of quoted text, or of one other sign.</summary>
    private static int RunLength(string pattern, int at)
    {
        if (pattern[at] == '\'')
        {
            var end = pattern.IndexOf('\'', at + 1);
            return (end < 0 ? pattern.Length : end + 1) - at;
        }

        var length = 1;
        while (char.IsAsciiLetter(pattern[at]) && at + length < pattern.Length && pattern[at + length] == pattern[at])
        {
            length++;
        }

        return length;
    }
}
