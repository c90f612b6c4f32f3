using System.Text;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// Turns a number as a plan describes it into the one form that numbers have: symbols off, thousands separators out, the
/// decimal point a point. It does not judge what is left.
/// </summary>
internal sealed class NumberCellForm
{
    /// <summary>Bytes of a number with symbols and separators, at most.</summary>
    private const int LengthMax = 512;

    private readonly byte[][] _symbols;
    private readonly byte[] _point;
    private readonly byte[] _separator;
    private readonly byte[] _stripped = new byte[LengthMax];

    private NumberCellForm(ColumnParse parse)
    {
        // The longest first: "US$" before "$".
        _symbols = [.. parse.Symbols.OrderByDescending(symbol => symbol.Length).Select(Encoding.UTF8.GetBytes)];
        _point = Encoding.UTF8.GetBytes([parse.DecimalPoint]);
        _separator = parse.ThousandsSeparator is { } separator ? Encoding.UTF8.GetBytes([separator]) : [];
    }

    /// <summary>The form of a column, or null if the plan describes no other than the usual one.</summary>
    public static NumberCellForm? For(ColumnParse parse) =>
        parse.Symbols.IsEmpty && parse.DecimalPoint == '.' && parse.ThousandsSeparator is null
            ? null
            : new NumberCellForm(parse);

    /// <summary>
    /// Strips <paramref name="text"/>; <paramref name="stripped"/> is valid until the next call. False if separators stand
    /// where none may: they part groups of three digits from the right, in front of the decimal point.
    /// </summary>
    public bool TryStrip(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> stripped)
    {
        stripped = default;
        if (text.Length > LengthMax)
        {
            return false;
        }

        var at = 0;
        TakeSign(ref text, ref at);
        TakeSymbol(ref text);
        if (at == 0)
        {
            TakeSign(ref text, ref at);
        }

        var point = text.IndexOf(_point);
        var whole = point < 0 ? WholePart(text) : text[..point];
        if (!TryCopyWhole(whole, ref at))
        {
            return false;
        }

        text = text[whole.Length..];
        if (point >= 0)
        {
            _stripped[at++] = (byte)'.';
            text = text[_point.Length..];
        }

        // A point that is not the decimal point is no part of a number.
        if (text.Contains((byte)'.'))
        {
            return false;
        }

        text.CopyTo(_stripped.AsSpan(at));
        stripped = _stripped.AsSpan(0, at + text.Length);
        return true;
    }

    /// <summary>Digits and separators at the beginning: behind them an exponent may stand.</summary>
    private static ReadOnlySpan<byte> WholePart(ReadOnlySpan<byte> text)
    {
        var exponent = text.IndexOfAny((byte)'e', (byte)'E');
        return exponent < 0 ? text : text[..exponent];
    }

    private void TakeSign(ref ReadOnlySpan<byte> text, ref int at)
    {
        if (!text.IsEmpty && text[0] is (byte)'-' or (byte)'+')
        {
            _stripped[at++] = text[0];
            text = text[1..];
        }
    }

    /// <summary>Takes one symbol off, in front or behind, with the white space between it and the number.</summary>
    private void TakeSymbol(ref ReadOnlySpan<byte> text)
    {
        foreach (var symbol in _symbols)
        {
            if (text.StartsWith(symbol))
            {
                text = WhiteSpace.Trim(text[symbol.Length..]);
                return;
            }

            if (text.EndsWith(symbol))
            {
                text = WhiteSpace.Trim(text[..^symbol.Length]);
                return;
            }
        }
    }

    private bool TryCopyWhole(ReadOnlySpan<byte> whole, ref int at)
    {
        var isGrouped = false;
        while (!whole.IsEmpty)
        {
            var next = _separator.Length == 0 ? -1 : whole.IndexOf(_separator);
            var group = next < 0 ? whole : whole[..next];
            if (!IsGroup(group, isGrouped, isLast: next < 0))
            {
                return false;
            }

            group.CopyTo(_stripped.AsSpan(at));
            at += group.Length;
            isGrouped |= next >= 0;
            whole = next < 0 ? default : whole[(next + _separator.Length)..];
            if (next >= 0 && whole.IsEmpty)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One to three digits first, then three each; without any separator as many as there are.</summary>
    private static bool IsGroup(ReadOnlySpan<byte> group, bool isGrouped, bool isLast)
    {
        var lengthFits = isGrouped ? group.Length == 3 : isLast || group.Length is >= 1 and <= 3;
        return lengthFits && group.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }
}
