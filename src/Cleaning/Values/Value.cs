using System.Runtime.CompilerServices;

namespace OrleansClean.Cleaning;

/// <summary>What a <see cref="Value"/> holds at run time.</summary>
public enum ValueKind : byte
{
    /// <summary>No value: an empty cell, a word of <c>read.nulls</c>, or the result of a function of null.</summary>
    Null,

    /// <summary>UTF-8 text. An untyped cell is text until a number is needed.</summary>
    Text,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>An IEEE 754 double; always finite.</summary>
    Number,

    /// <summary>A decimal, exact to 28 digits.</summary>
    Decimal,

    /// <summary>A calendar day.</summary>
    Date,

    /// <summary>A calendar day and time of day, without a zone (ticks of 100 ns).</summary>
    DateTime,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>The evaluation failed; <see cref="Formulas.EvaluationContext.Problem"/> says why.</summary>
    Error,
}

/// <summary>
/// One cell's value: 32 bytes, no allocation. Text is a slice of a byte array that lives as long as the current row.
/// </summary>
public readonly struct Value
{
    private readonly byte[]? _bytes;
    private readonly long _a;
    private readonly long _b;

    private Value(ValueKind kind, long a, long b = 0, byte[]? bytes = null)
    {
        Kind = kind;
        _a = a;
        _b = b;
        _bytes = bytes;
    }

    /// <summary>What this value holds.</summary>
    public ValueKind Kind { get; }

    /// <summary>True if there is no value.</summary>
    public bool IsNull => Kind == ValueKind.Null;

    /// <summary>The null value.</summary>
    public static Value Null => default;

    /// <summary>The mark of a failed evaluation.</summary>
    public static Value Error => new(ValueKind.Error, 0);

    /// <summary>Text in <paramref name="bytes"/>; the array must not change while the row is processed.</summary>
    public static Value Text(byte[] bytes, int start, int length) => new(ValueKind.Text, start, length, bytes);

    /// <summary>Text that fills <paramref name="bytes"/>.</summary>
    public static Value Text(byte[] bytes) => new(ValueKind.Text, 0, bytes.Length, bytes);

    /// <summary>An integer.</summary>
    public static Value Integer(long value) => new(ValueKind.Integer, value);

    /// <summary>A double. The caller has checked that it is finite.</summary>
    public static Value Number(double value) => new(ValueKind.Number, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A decimal, with its scale.</summary>
    public static Value Decimal(decimal value)
    {
        var halves = Unsafe.As<decimal, (long A, long B)>(ref value);
        return new(ValueKind.Decimal, halves.A, halves.B);
    }

    /// <summary>A calendar day.</summary>
    public static Value Date(DateOnly value) => new(ValueKind.Date, value.DayNumber);

    /// <summary>A day and time without a zone.</summary>
    public static Value DateTime(DateTime value) => new(ValueKind.DateTime, value.Ticks);

    /// <summary>True or false.</summary>
    public static Value Boolean(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    /// <summary>The bytes of a text value.</summary>
    public ReadOnlySpan<byte> AsText => new(_bytes, (int)_a, (int)_b);

    /// <summary>The array that holds a text value, with <see cref="TextStart"/> and <see cref="TextLength"/>.</summary>
    public byte[]? TextArray => _bytes;

    /// <summary>Where a text value starts in <see cref="TextArray"/>.</summary>
    public int TextStart => (int)_a;

    /// <summary>Length of a text value in bytes.</summary>
    public int TextLength => (int)_b;

    /// <summary>The integer.</summary>
    public long AsInteger => _a;

    /// <summary>The double.</summary>
    public double AsNumber => BitConverter.Int64BitsToDouble(_a);

    /// <summary>The decimal.</summary>
    public decimal AsDecimal
    {
        get
        {
            var halves = (_a, _b);
            return Unsafe.As<(long, long), decimal>(ref halves);
        }
    }

    /// <summary>The calendar day.</summary>
    public DateOnly AsDate => DateOnly.FromDayNumber((int)_a);

    /// <summary>The day and time.</summary>
    public DateTime AsDateTime => new(_a, DateTimeKind.Unspecified);

    /// <summary>True or false.</summary>
    public bool AsBoolean => _a != 0;
}
