using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning;

/// <summary>A sum of integers and finite doubles: the same in every order, exact while it is added up, rounded once at the end.</summary>
public sealed class ExactTotal
{
    private readonly Totals _totals = new();

    /// <summary>Adds an integer.</summary>
    public void Add(long number) => _totals.Add(Value.Integer(number));

    /// <summary>Adds a finite double.</summary>
    public void Add(double number) => _totals.Add(Value.Number(number));

    /// <summary>Adds another total.</summary>
    public void Add(ExactTotal other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _totals.Add(other._totals);
    }

    /// <summary>The sum if it is of integers only and fits in 64 bits, or null.</summary>
    public long? AsInteger => !_totals.HasDouble && _totals.Integers >= long.MinValue && _totals.Integers <= long.MaxValue ? (long)_totals.Integers : null;

    /// <summary>The double nearest to the sum; infinite if it is beyond all doubles.</summary>
    public double ToDouble() => _totals.ToDouble(divisor: 1);
}
