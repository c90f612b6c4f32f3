using System.Text;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>Reads words that mean true or false, without regard to the case of ASCII letters.</summary>
internal sealed class BooleanCellReader : CellReader
{
    private static readonly string[] DefaultTrueWords = ["true", "yes", "y", "1", "t"];
    private static readonly string[] DefaultFalseWords = ["false", "no", "n", "0", "f"];

    private readonly byte[][] _trueWords;
    private readonly byte[][] _falseWords;

    public BooleanCellReader(ColumnParse parse)
    {
        // Words of the plan take the place of the usual ones on their side; the plain form can be read again.
        string[] trueWords = parse.TrueWords.IsEmpty ? Without(DefaultTrueWords, parse.FalseWords) : [.. parse.TrueWords];
        string[] falseWords = parse.FalseWords.IsEmpty ? Without(DefaultFalseWords, parse.TrueWords) : [.. parse.FalseWords];
        trueWords = [.. trueWords.Union(Without(["true"], falseWords), StringComparer.OrdinalIgnoreCase)];
        falseWords = [.. falseWords.Union(Without(["false"], trueWords), StringComparer.OrdinalIgnoreCase)];
        _trueWords = [.. trueWords.Select(Encoding.UTF8.GetBytes)];
        _falseWords = [.. falseWords.Select(Encoding.UTF8.GetBytes)];
        Expected = $"boolean ({string.Join(' ', trueWords)} or {string.Join(' ', falseWords)})";
    }

    public override string Expected { get; }

    public override CellStatus Read(in Value text, TextArena arena, out Value typed, out Value plain)
    {
        typed = plain = Value.Null;
        var word = text.AsText.Trim(" \t"u8);
        if (word.IsEmpty)
        {
            return CellStatus.Blank;
        }

        var isTrue = IsOneOf(word, _trueWords);
        if (!isTrue && !IsOneOf(word, _falseWords))
        {
            return CellStatus.Wrong;
        }

        typed = Value.Boolean(isTrue);
        return Settle(text, typed, arena, out plain);
    }

    private static string[] Without(string[] words, IEnumerable<string> others) =>
        [.. words.Except(others, StringComparer.OrdinalIgnoreCase)];

    private static bool IsOneOf(ReadOnlySpan<byte> word, byte[][] words)
    {
        foreach (var candidate in words)
        {
            if (EqualsIgnoringAsciiCase(word, candidate))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As <see cref="Ascii.EqualsIgnoreCase(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>, which takes no other bytes.</summary>
    private static bool EqualsIgnoringAsciiCase(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (var i = 0; i < a.Length; i++)
        {
            var isLetter = (uint)((a[i] | 0x20) - 'a') <= 'z' - 'a';
            if (a[i] != b[i] && !(isLetter && (a[i] ^ b[i]) == 0x20))
            {
                return false;
            }
        }

        return true;
    }
}
