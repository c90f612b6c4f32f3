using System.Text;
using System.Text.RegularExpressions;

namespace OrleansClean.Cleaning.Formulas;

/// <summary><c>x matches 'pattern'</c>: true if the pattern is found anywhere in the text.</summary>
internal sealed class PatternMatch(Expression operand, Regex pattern, bool isNegated) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        operand.Evaluate(context, out var value);
        return Nulls.IsPresent(value)
            ? Of(pattern.IsMatch(context.Decode(value.AsText)) != isNegated)
            : Nulls.Of(value, value);
    }
}

/// <summary><c>x like 'a%'</c>: <c>%</c> is any text, <c>_</c> one character, a backslash takes the meaning of the next.</summary>
internal sealed class LikeMatch(Expression operand, LikePattern pattern, bool isNegated) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        operand.Evaluate(context, out var value);
        return Nulls.IsPresent(value) ? Of(pattern.IsMatch(value.AsText) != isNegated) : Nulls.Of(value, value);
    }
}

/// <summary>A pattern of <c>like</c>, matched on UTF-8.</summary>
internal sealed class LikePattern
{
    // Bytes that never occur in UTF-8 stand for the two wildcards.
    private const byte Any = 0xFF;
    private const byte One = 0xFE;

    private readonly byte[] _pattern;

    public LikePattern(string pattern)
    {
        var bytes = Encoding.UTF8.GetBytes(pattern);
        var compiled = new List<byte>(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            compiled.Add(bytes[i] switch
            {
                (byte)'\\' => bytes[++i],
                (byte)'%' => Any,
                (byte)'_' => One,
                var other => other,
            });
        }

        _pattern = [.. compiled];
    }

    /// <summary>Why a pattern is not accepted, or null.</summary>
    public static string? WhyNot(string pattern)
    {
        if (pattern.Length > Patterns.LengthMax)
        {
            return $"The pattern has {pattern.Length} characters; at most {Patterns.LengthMax} are accepted.";
        }

        var backslashes = pattern.Length - pattern.TrimEnd('\\').Length;
        return backslashes % 2 == 0 ? null : "The pattern ends with a single backslash: there is nothing behind it to escape.";
    }

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        var pattern = _pattern.AsSpan();
        var at = 0;
        var p = 0;
        var retryPattern = -1;
        var retryText = 0;
        while (at < text.Length)
        {
            if (p < pattern.Length && pattern[p] == Any)
            {
                retryPattern = ++p;
                retryText = at;
            }
            else if (p < pattern.Length && (pattern[p] == One || pattern[p] == text[at]))
            {
                at += pattern[p++] == One ? CharacterLength(text, at) : 1;
            }
            else if (retryPattern < 0 || (at = retryText = NextStart(text, retryText + 1, pattern, retryPattern)) < 0)
            {
                return false;
            }
            else
            {
                p = retryPattern;
            }
        }

        return pattern[p..].TrimStart(Any).IsEmpty;
    }

    /// <summary>The next place where the part behind a wildcard can begin, or -1.</summary>
    private static int NextStart(ReadOnlySpan<byte> text, int from, ReadOnlySpan<byte> pattern, int p)
    {
        if (p < pattern.Length && pattern[p] < One)
        {
            var found = text[from..].IndexOf(pattern[p]);
            return found < 0 ? -1 : from + found;
        }

        while (from < text.Length && (text[from] & 0xC0) == 0x80)
        {
            from++;
        }

        return from;
    }

    private static int CharacterLength(ReadOnlySpan<byte> text, int at)
    {
        var length = 1;
        while (at + length < text.Length && (text[at + length] & 0xC0) == 0x80)
        {
            length++;
        }

        return length;
    }
}
