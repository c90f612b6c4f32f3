using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>Replaces parts of a text, found literally or by a pattern that takes linear time.</summary>
internal abstract class TextReplacer
{
    /// <summary>What .NET takes for the whole text, the text before the match and the text behind it.</summary>
    private static readonly string[] Surroundings = ["$_", "$`", "$'"];

    // Compiling a pattern takes as long as cleaning a hundred rows: files of one plan share it, and what it has learned.
    private static readonly ConditionalWeakTable<Replacement, Regex> Compiled = [];

    private TextReplacer()
    {
    }

    /// <summary>Compiles <paramref name="replacement"/>; if it cannot be, <paramref name="error"/> says why.</summary>
    public static bool TryCreate(Replacement replacement, [NotNullWhen(true)] out TextReplacer? replacer, out string error)
    {
        error = "";
        replacer = null;
        if (replacement.Find.Length == 0)
        {
            error = "There is nothing to look for: the text to be replaced is empty.";
        }
        else if (!replacement.IsPattern)
        {
            replacer = new Literal(Encoding.UTF8.GetBytes(replacement.Find), Encoding.UTF8.GetBytes(replacement.With));
        }
        else if (Surroundings.FirstOrDefault(sign => replacement.With.Contains(sign, StringComparison.Ordinal)) is { } sign)
        {
            error = $"'{sign}' stands for text around the match, which may be any amount of it. Groups such as $1 can be used.";
        }
        else if (TryCompile(replacement, out var pattern, out error))
        {
            replacer = new Pattern(pattern, replacement.With);
        }

        return replacer is not null;
    }

    private static bool TryCompile(Replacement replacement, [NotNullWhen(true)] out Regex? pattern, out string error)
    {
        error = "";
        if (!Compiled.TryGetValue(replacement, out pattern) && Patterns.TryCompile(replacement.Find, out var compiled, out error))
        {
            pattern = Compiled.GetValue(replacement, _ => compiled);
        }

        return pattern is not null;
    }

    /// <summary>True if there is something to replace.</summary>
    public abstract bool IsMatch(ReadOnlySpan<byte> text);

    /// <summary>Writes the new text into <paramref name="arena"/>; false if the row's bound is reached.</summary>
    public abstract bool TryReplace(ReadOnlySpan<byte> text, TextArena arena, out Value replaced);

    private sealed class Literal(byte[] find, byte[] with) : TextReplacer
    {
        public override bool IsMatch(ReadOnlySpan<byte> text) => text.IndexOf(find) >= 0;

        public override bool TryReplace(ReadOnlySpan<byte> text, TextArena arena, out Value replaced)
        {
            replaced = Value.Error;
            var length = text.Length + ((long)text.Count(find) * (with.Length - find.Length));
            if (length > TextArena.BytesPerRowMax || !arena.TryReserve((int)length, out var array, out var start))
            {
                return false;
            }

            var at = start;
            for (var next = text.IndexOf(find); next >= 0; next = text.IndexOf(find))
            {
                text[..next].CopyTo(array.AsSpan(at));
                with.CopyTo(array, at + next);
                at += next + with.Length;
                text = text[(next + find.Length)..];
            }

            text.CopyTo(array.AsSpan(at));
            replaced = Value.Text(array, start, (int)length);
            return true;
        }
    }

    private sealed class Pattern(Regex pattern, string with) : TextReplacer
    {
        private char[] _characters = new char[256];

        public override bool IsMatch(ReadOnlySpan<byte> text) => pattern.IsMatch(Decode(text));

        public override bool TryReplace(ReadOnlySpan<byte> text, TextArena arena, out Value replaced)
        {
            replaced = Value.Error;
            var characters = Decode(text);

            // Every match may grow by the replacement and by a group that is as long as the text: bound it before it is made.
            var matches = (long)pattern.Count(characters);
            var groups = with.AsSpan().Count('$');
            var worst = characters.Length + (matches * (with.Length + ((long)groups * characters.Length)));
            if (worst > TextArena.BytesPerRowMax && !FitsWhenMeasured(characters, groups))
            {
                return false;
            }

            return arena.TryCopy(Encoding.UTF8.GetBytes(pattern.Replace(characters.ToString(), with)), out replaced);
        }

        /// <summary>As the bound above, but with the lengths of the matches themselves; no group is longer than its match.</summary>
        private bool FitsWhenMeasured(ReadOnlySpan<char> characters, int groups)
        {
            long length = characters.Length;
            foreach (var match in pattern.EnumerateMatches(characters))
            {
                length += with.Length + ((long)groups * match.Length);
                if (length > TextArena.BytesPerRowMax)
                {
                    return false;
                }
            }

            return true;
        }

        private ReadOnlySpan<char> Decode(ReadOnlySpan<byte> text)
        {
            if (_characters.Length < text.Length)
            {
                _characters = new char[Math.Max(text.Length, _characters.Length * 2)];
            }

            return _characters.AsSpan(0, Encoding.UTF8.GetChars(text, _characters));
        }
    }
}
