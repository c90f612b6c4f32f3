using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// What is measured of elements. Measures of parts add up to the measure of the whole, in any order, to the same bits: counts and extremes are
/// exact, and so are the sums behind mean and deviation, which are rounded once. NaN and infinite elements are counted and left out of
/// everything else.
/// </summary>
public sealed class ArrayMeasure
{
    /// <summary>Integers up to here are doubles, too.</summary>
    private const long ExactIntegerMax = 1L << 53;

    private const string TextVersion = "1";

    private const string NoMoments = "-";

    private readonly ArrayElement _element;
    private readonly ExactMoments? _moments;
    private readonly double[] _block = new double[SliceSum.BlockMax];
    private double _min = double.PositiveInfinity;
    private double _max = double.NegativeInfinity;
    private long _wholeMin = long.MaxValue;
    private long _wholeMax = long.MinValue;

    /// <summary>Nothing measured yet. Without <paramref name="moments"/> mean and deviation are not measured, which is faster.</summary>
    public ArrayMeasure(ArrayElement element, bool moments)
    {
        _element = element;
        _moments = moments ? new ExactMoments() : null;
    }

    /// <summary>Elements.</summary>
    public long Count { get; private set; }

    /// <summary>Elements that are not a number.</summary>
    public long Nan { get; private set; }

    /// <summary>Elements that are infinite, of either sign.</summary>
    public long Infinite { get; private set; }

    /// <summary>Elements that are finite.</summary>
    public long Finite => Count - Nan - Infinite;

    /// <summary>The smallest finite element; null if there is none. Zero is positive.</summary>
    public ArrayNumber? Min => Finite == 0 ? null : _element.IsFloat() ? new ArrayNumber(_min) : new ArrayNumber(_wholeMin);

    /// <summary>The largest finite element; null if there is none.</summary>
    public ArrayNumber? Max => Finite == 0 ? null : _element.IsFloat() ? new ArrayNumber(_max) : new ArrayNumber(_wholeMax);

    /// <summary>The mean of the finite elements, exact and rounded once; null if there is none, or it was not measured.</summary>
    public double? Mean => Finite == 0 || _moments is null ? null : ExactRatio.ToDouble(_moments.Sum, (BigInteger)Finite << ExactRatio.UnitBits);

    /// <summary>
    /// The standard deviation of the finite elements with the divisor count - <paramref name="ddof"/>: the root of the exact variance. Null if
    /// there are not more elements than that, or it was not measured.
    /// </summary>
    public double? Deviation(int ddof)
    {
        if (Finite <= ddof || _moments is null)
        {
            return null;
        }

        // n times the sum of squares less the square of the sum, in units of 2^-SquareUnitBits; over n (n - ddof).
        var sum = _moments.Sum;
        var above = (Finite * _moments.Squares) - ((sum * sum) << (ExactMoments.SquareUnitBits - (2 * ExactRatio.UnitBits)));
        var below = ((BigInteger)Finite * (Finite - ddof)) << ExactMoments.SquareUnitBits;
        return Root(above, below);
    }

    /// <summary>All of it as a line of text, from which <see cref="Parse"/> makes a measure that adds up to the same bits: what travels between machines.</summary>
    public string ToText() => string.Join(
        ' ',
        TextVersion,
        _element.Word(),
        ArrayWords.Of(Count),
        ArrayWords.Of(Nan),
        ArrayWords.Of(Infinite),
        ArrayWords.Of(BitConverter.DoubleToInt64Bits(_min)),
        ArrayWords.Of(BitConverter.DoubleToInt64Bits(_max)),
        ArrayWords.Of(_wholeMin),
        ArrayWords.Of(_wholeMax),
        _moments is null ? NoMoments : Convert.ToHexString(_moments.Sum.ToByteArray()),
        _moments is null ? NoMoments : Convert.ToHexString(_moments.Squares.ToByteArray()));

    /// <summary>Reads what <see cref="ToText"/> wrote; throws <see cref="FormatException"/> for anything else.</summary>
    public static ArrayMeasure Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split(' ') is not [TextVersion, var word, var count, var nan, var infinite, var min, var max, var wholeMin, var wholeMax, var sum, var squares])
        {
            throw new FormatException("The text is no measure of an array of a version that is known.");
        }

        ArrayElement[] kinds = [.. Enum.GetValues<ArrayElement>().Where(kind => kind.Word() == word)];
        var measure = new ArrayMeasure(kinds is [var element] ? element : throw new FormatException("The measure is of elements that are not known."), moments: sum != NoMoments)
        {
            Count = Number(count),
            Nan = Number(nan),
            Infinite = Number(infinite),
            _min = BitConverter.Int64BitsToDouble(Number(min)),
            _max = BitConverter.Int64BitsToDouble(Number(max)),
            _wholeMin = Number(wholeMin),
            _wholeMax = Number(wholeMax),
        };
        measure._moments?.Add(new BigInteger(Convert.FromHexString(sum)), new BigInteger(Convert.FromHexString(squares)));
        return measure;

        static long Number(string digits) => long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }

    /// <summary>Adds the elements in <paramref name="bytes"/>.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Count += bytes.Length / _element.Bytes();
        switch (_element)
        {
            case ArrayElement.F64:
                AddReals(MemoryMarshal.Cast<byte, double>(bytes));
                break;
            case ArrayElement.F32:
                AddWidened(MemoryMarshal.Cast<byte, float>(bytes));
                break;
            case ArrayElement.I32:
                AddIntegers(MemoryMarshal.Cast<byte, int>(bytes));
                break;
            default:
                AddIntegers(MemoryMarshal.Cast<byte, long>(bytes));
                break;
        }
    }

    /// <summary>Adds what another one measured of elements of the same kind.</summary>
    public void Add(ArrayMeasure other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Count += other.Count;
        Nan += other.Nan;
        Infinite += other.Infinite;
        (_min, _max) = (Math.Min(_min, other._min), Math.Max(_max, other._max));
        (_wholeMin, _wholeMax) = (Math.Min(_wholeMin, other._wholeMin), Math.Max(_wholeMax, other._wholeMax));
        if (_moments is not null && other._moments is not null)
        {
            _moments.Add(other._moments);
        }
    }

    private void AddReals(ReadOnlySpan<double> values)
    {
        for (; !values.IsEmpty; values = values[Math.Min(SliceSum.BlockMax, values.Length)..])
        {
            AddBlock(values[..Math.Min(SliceSum.BlockMax, values.Length)]);
        }
    }

    private void AddWidened(ReadOnlySpan<float> values)
    {
        for (; !values.IsEmpty; values = values[Math.Min(SliceSum.BlockMax, values.Length)..])
        {
            var block = _block.AsSpan(0, Math.Min(SliceSum.BlockMax, values.Length));
            TensorPrimitives.ConvertTruncating(values[..block.Length], block);
            AddBlock(block);
        }
    }

    private void AddIntegers<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (; !values.IsEmpty; values = values[Math.Min(SliceSum.BlockMax, values.Length)..])
        {
            var part = values[..Math.Min(SliceSum.BlockMax, values.Length)];
            var (min, max) = (long.CreateTruncating(TensorPrimitives.Min(part)), long.CreateTruncating(TensorPrimitives.Max(part)));
            (_wholeMin, _wholeMax) = (Math.Min(_wholeMin, min), Math.Max(_wholeMax, max));
            if (_moments is null)
            {
                continue;
            }

            if (min >= -ExactIntegerMax && max <= ExactIntegerMax)
            {
                var block = _block.AsSpan(0, part.Length);
                TensorPrimitives.ConvertTruncating(part, block);
                _moments.Add(block, Math.Max(Math.Abs((double)min), Math.Abs((double)max)));
                continue;
            }

            foreach (var value in part)
            {
                _moments.Add(long.CreateTruncating(value));
            }
        }
    }

    private void AddBlock(ReadOnlySpan<double> values)
    {
        var extent = BlockExtent.Of(values);
        Nan += extent.Nan;
        Infinite += extent.Infinite;
        if (extent.IsEmpty)
        {
            return;
        }

        (_min, _max) = (Math.Min(_min, extent.Min), Math.Max(_max, extent.Max));
        if (_moments is null)
        {
            return;
        }

        if (extent.Nan + extent.Infinite > 0)
        {
            // What is not finite adds nothing. The values may lie in the block already.
            var block = _block.AsSpan(0, values.Length);
            for (var i = 0; i < values.Length; i++)
            {
                block[i] = double.IsFinite(values[i]) ? values[i] : 0;
            }

            values = block;
        }

        _moments.Add(values, Math.Max(Math.Abs(extent.Min), Math.Abs(extent.Max)));
    }

    /// <summary>The root of an exact ratio, scaled by an even power of two so that the ratio itself is within the type.</summary>
    private static double Root(BigInteger above, BigInteger below)
    {
        if (above.IsZero)
        {
            return 0;
        }

        var shift = (int)((above.GetBitLength() - below.GetBitLength()) / 2) * 2;
        var ratio = shift >= 0 ? ExactRatio.ToDouble(above, below << shift) : ExactRatio.ToDouble(above << -shift, below);
        return Math.ScaleB(Math.Sqrt(ratio), shift / 2);
    }
}
