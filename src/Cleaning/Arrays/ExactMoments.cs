using System.Numerics;
using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// The exact sum of doubles and the exact sum of their squares, in any order and any grouping: mean and deviation come out the same to the
/// last bit for every number of workers and every size of range, and are rounded once.
/// <para>
/// Whole blocks are summed by vectors, without rounding (<see cref="SliceSum"/>). Squares are split in two parts by one fused multiply-add,
/// which loses nothing unless a value is so large or so small that its square leaves the type: those are scaled by a power of two
/// first and summed apart.
/// </para>
/// </summary>
internal sealed class ExactMoments
{
    /// <summary>The sum is in units of 2^-1074, the squares in units of 2^-<see cref="SquareUnitBits"/>.</summary>
    public const int SquareUnitBits = ExactRatio.UnitBits + ScaleBits;

    // Squares of what lies between need no scaling: neither they nor the parts that a fused multiply-add leaves leave the type.
    private const int LargeExponent = 500;
    private const int SmallExponent = -480;

    /// <summary>Scaling a value by 2^±600 scales its square by 2^±1200.</summary>
    private const int ScaleBits = 1200;

    private readonly ExactSum _sum = new();
    private readonly ExactSum _squares = new();
    private readonly ExactSum _squaresOfLarge = new();
    private readonly ExactSum _squaresOfSmall = new();
    private BigInteger _sumAdded;
    private BigInteger _squaresAdded;

    /// <summary>The sum, in units of 2^-1074.</summary>
    public BigInteger Sum => _sumAdded + _sum.ToUnits();

    /// <summary>The sum of squares, in units of 2^-<see cref="SquareUnitBits"/>.</summary>
    public BigInteger Squares =>
        _squaresAdded + (_squares.ToUnits() << ScaleBits) + (_squaresOfLarge.ToUnits() << (2 * ScaleBits)) + _squaresOfSmall.ToUnits();

    /// <summary>Adds finite values, at most <see cref="SliceSum.BlockMax"/>, none of a larger magnitude than <paramref name="magnitudeMax"/>.</summary>
    public void Add(ReadOnlySpan<double> values, double magnitudeMax)
    {
        if (magnitudeMax == 0)
        {
            return;
        }

        if (!SliceSum.TryAdd(values, magnitudeMax, _sum))
        {
            foreach (var value in values)
            {
                _sum.Add(value);
            }
        }

        if (!SliceSum.TryAddSquares(values, magnitudeMax, _squares))
        {
            foreach (var value in values)
            {
                AddSquare(value);
            }
        }
    }

    /// <summary>Adds an integer beyond 2^53, which no double holds, as a sum of doubles that are exact.</summary>
    public void Add(long value)
    {
        double high = value >> 32;
        double low = (uint)value;
        _sum.Add(high * 4294967296.0);
        _sum.Add(low);
        AddProduct(high * 4294967296.0, high * 4294967296.0);
        AddProduct(high * 8589934592.0, low);
        AddProduct(low, low);
    }

    /// <summary>Adds what another one holds.</summary>
    public void Add(ExactMoments other)
    {
        _sum.Add(other._sum);
        _squares.Add(other._squares);
        _squaresOfLarge.Add(other._squaresOfLarge);
        _squaresOfSmall.Add(other._squaresOfSmall);
        Add(other._sumAdded, other._squaresAdded);
    }

    /// <summary>Adds what was summed elsewhere, in the units of <see cref="Sum"/> and <see cref="Squares"/>.</summary>
    public void Add(BigInteger sum, BigInteger squares)
    {
        _sumAdded += sum;
        _squaresAdded += squares;
    }

    private void AddSquare(double value)
    {
        if (value == 0)
        {
            return;
        }

        var exponent = Math.ILogB(value);
        var (scaled, sum) = exponent >= LargeExponent
            ? (Math.ScaleB(value, -ScaleBits / 2), _squaresOfLarge)
            : exponent < SmallExponent ? (Math.ScaleB(value, ScaleBits / 2), _squaresOfSmall) : (value, _squares);
        var high = scaled * scaled;
        sum.Add(high);
        sum.Add(Math.FusedMultiplyAdd(scaled, scaled, -high));
    }

    private void AddProduct(double a, double b)
    {
        var high = a * b;
        _squares.Add(high);
        _squares.Add(Math.FusedMultiplyAdd(a, b, -high));
    }
}
