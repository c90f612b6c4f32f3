using System.Numerics;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Exact partial sums of integers, decimals and doubles, with the count of values.</summary>
internal sealed class Totals
{
    // A decimal's digits fill 96 bits: 2^30 of them stay far inside 128.
    private const int AddsBetweenFlushes = 1 << 30;

    private readonly Int128[] _decimals = new Int128[29];
    private BigInteger _flushed;
    private Int128 _integers;
    private ExactSum? _doubles;
    private int _decimalAdds;

    /// <summary>How many values were added.</summary>
    public long Count { get; private set; }

    /// <summary>True if a double is among them.</summary>
    public bool HasDouble => _doubles is not null;

    /// <summary>The most digits behind the point of any decimal.</summary>
    public int ScaleMax { get; private set; }

    /// <summary>The sum of the integers.</summary>
    public Int128 Integers => _integers;

    public void Add(in Value value)
    {
        Count++;
        switch (value.Kind)
        {
            case ValueKind.Integer:
                _integers += value.AsInteger;
                break;
            case ValueKind.Decimal:
                AddDecimal(value.AsDecimal);
                break;
            default:
                (_doubles ??= new ExactSum()).Add(value.AsNumber);
                break;
        }
    }

    public void Add(Totals other)
    {
        Count += other.Count;
        ScaleMax = Math.Max(ScaleMax, other.ScaleMax);
        _integers += other._integers;
        _flushed += other.Decimals();
        if (other._doubles is not null)
        {
            (_doubles ??= new ExactSum()).Add(other._doubles);
        }
    }

    /// <summary>The sum of the decimals and integers in units of 10^-28.</summary>
    public BigInteger Exact() => Decimals() + ((BigInteger)_integers * BigInteger.Pow(10, 28));

    /// <summary>The sum of everything, divided by <paramref name="divisor"/>, rounded once.</summary>
    public double ToDouble(long divisor)
    {
        var unit = BigInteger.One << ExactRatio.UnitBits;
        var exact = Exact();
        if (_doubles is null)
        {
            return ExactRatio.ToDouble(exact, BigInteger.Pow(10, 28) * divisor);
        }

        return exact.IsZero
            ? ExactRatio.ToDouble(_doubles.ToUnits(), unit * divisor)
            : ExactRatio.ToDouble((_doubles.ToUnits() * BigInteger.Pow(10, 28)) + (exact * unit), unit * BigInteger.Pow(10, 28) * divisor);
    }

    private void AddDecimal(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var mantissa = ((Int128)(uint)bits[2] << 64) | ((Int128)(uint)bits[1] << 32) | (uint)bits[0];
        _decimals[value.Scale] += decimal.IsNegative(value) ? -mantissa : mantissa;
        ScaleMax = Math.Max(ScaleMax, value.Scale);
        if (++_decimalAdds == AddsBetweenFlushes)
        {
            _flushed = Decimals();
            Array.Clear(_decimals);
            _decimalAdds = 0;
        }
    }

    private BigInteger Decimals()
    {
        var total = _flushed;
        for (var scale = 0; scale < _decimals.Length; scale++)
        {
            total += (BigInteger)_decimals[scale] * BigInteger.Pow(10, 28 - scale);
        }

        return total;
    }
}

/// <summary>
/// <c>sum(x)</c>, rounded at most once. Integers give an integer: beyond 64 bits an error for a typed column, the nearest
/// double for an untyped one. Decimals give a decimal with as many places as the most precise of them.
/// </summary>
internal sealed class Sum(ColumnType type) : Aggregator
{
    private Totals _totals = new();

    public override Value Result
    {
        get
        {
            if (_totals.Count == 0)
            {
                return Value.Null;
            }

            if (type == ColumnType.Decimal)
            {
                return DecimalResult();
            }

            if (!_totals.HasDouble && _totals.Integers >= long.MinValue && _totals.Integers <= long.MaxValue)
            {
                return Value.Integer((long)_totals.Integers);
            }

            var number = type == ColumnType.Integer ? double.NaN : _totals.ToDouble(divisor: 1);
            return double.IsFinite(number) ? Value.Number(number) : Value.Error;
        }
    }

    protected override void Observe(in Value value)
    {
        if (!value.IsNull)
        {
            _totals.Add(value);
        }
    }

    protected override void Join(Aggregator other) => _totals.Add(((Sum)other)._totals);

    protected override void Forget(Aggregator settled) => _totals = new Totals();

    private Value DecimalResult()
    {
        var digits = _totals.Exact() / BigInteger.Pow(10, 28 - _totals.ScaleMax);
        if (BigInteger.Abs(digits) >= BigInteger.Pow(10, NumberReader.DecimalDigitsMax))
        {
            return Value.Error;
        }

        var bits = decimal.GetBits((decimal)BigInteger.Abs(digits));
        return Value.Decimal(new decimal(bits[0], bits[1], bits[2], digits.Sign < 0, (byte)_totals.ScaleMax));
    }
}

/// <summary><c>avg(x)</c>: the exact sum over the count, rounded once to a double.</summary>
internal sealed class Average : Aggregator
{
    private Totals _totals = new();

    public override Value Result
    {
        get
        {
            // The mean of finite doubles is finite: no error is possible.
            return _totals.Count == 0 ? Value.Null : Value.Number(_totals.ToDouble(_totals.Count));
        }
    }

    protected override void Observe(in Value value)
    {
        if (!value.IsNull)
        {
            _totals.Add(value);
        }
    }

    protected override void Join(Aggregator other) => _totals.Add(((Average)other)._totals);

    protected override void Forget(Aggregator settled) => _totals = new Totals();
}
