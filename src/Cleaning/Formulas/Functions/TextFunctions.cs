using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Functions of UTF-8 text. Parts of a text are slices of it; only new text takes room in the row's arena.</summary>
internal static class TextFunctions
{
    public static void Lower(EvaluationContext context, in Value a, out Value result) => Convert(context, a, LetterCase.Lower, out result);

    public static void Upper(EvaluationContext context, in Value a, out Value result) => Convert(context, a, LetterCase.Upper, out result);

    public static void Title(EvaluationContext context, in Value a, out Value result) => Convert(context, a, LetterCase.Title, out result);

    public static void Trim(EvaluationContext context, in Value a, out Value result)
    {
        WhiteSpace.Measure(a.AsText, out var start, out var length);
        result = Slice(a, start, length);
    }

    public static void TrimStart(EvaluationContext context, in Value a, out Value result)
    {
        WhiteSpace.Measure(a.AsText, out var start, out _);
        result = Slice(a, start, a.TextLength - start);
    }

    public static void TrimEnd(EvaluationContext context, in Value a, out Value result)
    {
        WhiteSpace.Measure(a.AsText, out var start, out var length);
        result = Slice(a, 0, length == 0 ? 0 : start + length);
    }

    public static void Length(EvaluationContext context, in Value a, out Value result) =>
        result = Value.Integer(Characters(a.AsText));

    public static void From(EvaluationContext context, in Value a, in Value start, out Value result) =>
        Part(context, a, start, Value.Integer(int.MaxValue), out result);

    public static void Part(EvaluationContext context, in Value a, in Value start, in Value length, out Value result)
    {
        if (start.AsInteger < 1 || length.AsInteger < 0)
        {
            var why = start.AsInteger < 1 ? "substr() counts characters from 1." : "substr() needs a length that is not negative.";
            result = context.Fail(FormulaProblems.Expression(why));
            return;
        }

        var first = Offset(a.AsText, start.AsInteger - 1);
        result = Slice(a, first, Offset(a.AsText[first..], length.AsInteger));
    }

    public static void Left(EvaluationContext context, in Value a, in Value n, out Value result) =>
        result = Slice(a, 0, Offset(a.AsText, Math.Max(0, n.AsInteger)));

    public static void Right(EvaluationContext context, in Value a, in Value n, out Value result)
    {
        var start = Offset(a.AsText, Math.Max(0, Characters(a.AsText) - Math.Max(0, n.AsInteger)));
        result = Slice(a, start, a.TextLength - start);
    }

    public static void Replace(EvaluationContext context, in Value a, in Value find, in Value with, out Value result)
    {
        var text = a.AsText;
        var matches = find.TextLength == 0 ? 0 : text.Count(find.AsText);
        var length = text.Length + ((long)matches * (with.TextLength - find.TextLength));
        if (matches == 0 || !TryReserve(context, length, out var array, out var start))
        {
            result = matches == 0 ? a : Value.Error;
            return;
        }

        var at = start;
        for (var next = text.IndexOf(find.AsText); next >= 0; next = text.IndexOf(find.AsText))
        {
            text[..next].CopyTo(array.AsSpan(at));
            with.AsText.CopyTo(array.AsSpan(at + next));
            at += next + with.TextLength;
            text = text[(next + find.TextLength)..];
        }

        text.CopyTo(array.AsSpan(at));
        result = Value.Text(array, start, (int)length);
    }

    public static void Repeat(EvaluationContext context, in Value a, in Value n, out Value result)
    {
        var count = Math.Max(0, n.AsInteger);
        var isTooLong = count > TextArena.BytesPerRowMax;
        if (isTooLong || !TryReserve(context, a.TextLength * count, out var array, out var start))
        {
            result = isTooLong ? context.Fail(FormulaProblems.TooMuchText) : Value.Error;
            return;
        }

        for (var i = 0; i < count; i++)
        {
            a.AsText.CopyTo(array.AsSpan(start + (i * a.TextLength)));
        }

        result = Value.Text(array, start, a.TextLength * (int)count);
    }

    public static void Contains(EvaluationContext context, in Value a, in Value part, out Value result) =>
        result = Value.Boolean(a.AsText.IndexOf(part.AsText) >= 0);

    public static void StartsWith(EvaluationContext context, in Value a, in Value part, out Value result) =>
        result = Value.Boolean(a.AsText.StartsWith(part.AsText));

    public static void EndsWith(EvaluationContext context, in Value a, in Value part, out Value result) =>
        result = Value.Boolean(a.AsText.EndsWith(part.AsText));

    public static void PadLeft(EvaluationContext context, in Value a, in Value length, in Value pad, out Value result) =>
        Pad(context, a, length, pad, isLeft: true, out result);

    public static void PadRight(EvaluationContext context, in Value a, in Value length, in Value pad, out Value result) =>
        Pad(context, a, length, pad, isLeft: false, out result);

    public static void SplitPart(EvaluationContext context, in Value a, in Value separator, in Value n, out Value result)
    {
        result = Value.Null;
        if (n.AsInteger < 1 || separator.TextLength == 0)
        {
            result = context.Fail(FormulaProblems.Expression("split_part() counts parts from 1 and needs a separator."));
            return;
        }

        var start = 0;
        for (var part = 1L; ; part++)
        {
            var length = a.AsText[start..].IndexOf(separator.AsText);
            if (part == n.AsInteger)
            {
                result = Slice(a, start, length < 0 ? a.TextLength - start : length);
                return;
            }

            if (length < 0)
            {
                return;
            }

            start += length + separator.TextLength;
        }
    }

    private static void Pad(EvaluationContext context, in Value a, in Value length, in Value pad, bool isLeft, out Value result)
    {
        var missing = Math.Max(0, length.AsInteger - Characters(a.AsText));
        if (Characters(pad.AsText) != 1)
        {
            result = context.Fail(FormulaProblems.Expression("The filling of pad_left() and pad_right() is one character."));
            return;
        }

        Repeat(context, pad, Value.Integer(missing), out result);
        if (result.Kind == ValueKind.Error || missing == 0)
        {
            result = missing == 0 ? a : result;
            return;
        }

        var (left, right) = isLeft ? (result, a) : (a, result);
        if (!TryReserve(context, (long)left.TextLength + right.TextLength, out var array, out var start))
        {
            result = Value.Error;
            return;
        }

        left.AsText.CopyTo(array.AsSpan(start));
        right.AsText.CopyTo(array.AsSpan(start + left.TextLength));
        result = Value.Text(array, start, left.TextLength + right.TextLength);
    }

    private static void Convert(EvaluationContext context, in Value a, LetterCase letterCase, out Value result)
    {
        if (!LetterCasing.Changes(a.AsText, letterCase))
        {
            result = a;
        }
        else if (!LetterCasing.TryConvert(a.AsText, letterCase, context.Row.Arena, out result))
        {
            result = context.Fail(FormulaProblems.TooMuchText);
        }
    }

    private static bool TryReserve(EvaluationContext context, long length, out byte[] array, out int start)
    {
        array = [];
        start = 0;
        var fits = length <= TextArena.BytesPerRowMax && context.Row.Arena.TryReserve((int)length, out array, out start);
        if (!fits)
        {
            context.Fail(FormulaProblems.TooMuchText);
        }

        return fits;
    }

    private static Value Slice(in Value text, int start, int length) =>
        Value.Text(text.TextArray!, text.TextStart + start, length);

    /// <summary>How many code points a text has: every byte but those that continue one.</summary>
    private static int Characters(ReadOnlySpan<byte> text)
    {
        var continuing = 0;
        foreach (var c in text)
        {
            continuing += (c & 0xC0) == 0x80 ? 1 : 0;
        }

        return text.Length - continuing;
    }

    /// <summary>Where the character behind the first <paramref name="characters"/> begins.</summary>
    private static int Offset(ReadOnlySpan<byte> text, long characters)
    {
        var at = 0;
        for (; at < text.Length; at++)
        {
            if ((text[at] & 0xC0) != 0x80 && characters-- == 0)
            {
                break;
            }
        }

        return at;
    }
}
