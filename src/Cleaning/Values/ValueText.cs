namespace OrleansClean.Cleaning;

/// <summary>The plain text form of every kind of value: what formulas write and what <c>parse</c> keeps.</summary>
internal static class ValueText
{
    /// <summary>The longest plain form of a value that is not text, in bytes.</summary>
    public const int LengthMax = 64;

    /// <summary>The plain form of <paramref name="value"/> as text in <paramref name="arena"/>; empty text for null.</summary>
    public static Value Format(in Value value, TextArena arena)
    {
        if (value.Kind == ValueKind.Text)
        {
            return value;
        }

        Span<byte> text = stackalloc byte[LengthMax];
        var length = Format(value, text);

        // So short a text always fits.
        arena.TryCopy(text[..length], out var copy);
        return copy;
    }

    /// <summary>Writes the plain form of a value that is not text; returns its length, 0 for null.</summary>
    public static int Format(in Value value, Span<byte> destination)
    {
        int written;
        switch (value.Kind)
        {
            case ValueKind.Integer:
                System.Buffers.Text.Utf8Formatter.TryFormat(value.AsInteger, destination, out written);
                return written;
            case ValueKind.Number:
                return NumberText.Format(value.AsNumber, destination);
            case ValueKind.Decimal:
                System.Buffers.Text.Utf8Formatter.TryFormat(value.AsDecimal, destination, out written);
                return written;
            case ValueKind.Date:
                value.AsDate.TryFormat(destination, out written, "yyyy-MM-dd", null);
                return written;
            case ValueKind.DateTime:
                var time = value.AsDateTime;
                var form = time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-ddTHH:mm:ss.FFFFFFF";
                time.TryFormat(destination, out written, form, null);
                return written;
            case ValueKind.Boolean:
                ReadOnlySpan<byte> word = value.AsBoolean ? "true"u8 : "false"u8;
                word.CopyTo(destination);
                return word.Length;
            default:
                return 0;
        }
    }
}
