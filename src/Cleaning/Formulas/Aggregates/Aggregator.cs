namespace OrleansClean.Cleaning.Formulas;

/// <summary>
/// Measures one aggregate over the rows of one or more passes. The result does not depend on the order of the values nor
/// on how partial measures were merged, to the last bit. Nulls are skipped; <c>count()</c> counts them.
/// </summary>
internal abstract class Aggregator
{
    private bool _isDone;

    /// <summary>The measure for one use of an aggregate.</summary>
    public static Aggregator For(AggregateUse use)
    {
        var type = use.Argument?.Type ?? ColumnType.Untyped;
        return use.Kind switch
        {
            AggregateKind.Count => new Counter(countsNulls: use.Argument is null),
            AggregateKind.Min => new Extremum(isMax: false),
            AggregateKind.Max => new Extremum(isMax: true),
            AggregateKind.Sum => new Sum(type),
            AggregateKind.Avg => new Average(),
            _ => new Median(type),
        };
    }

    /// <summary>Adds the value of one row; text may change afterwards. Ignored once the last pass has ended.</summary>
    public void Add(in Value value)
    {
        if (!_isDone)
        {
            Observe(value);
        }
    }

    /// <summary>Adds what <paramref name="other"/> measured in the same pass over other rows.</summary>
    public void Merge(Aggregator other)
    {
        if (!_isDone)
        {
            Join(other);
        }
    }

    /// <summary>Begins a pass as <paramref name="settled"/> would: has measured nothing, and looks where that one looks next.</summary>
    public void Restart(Aggregator settled)
    {
        _isDone = settled._isDone;
        Forget(settled);
    }

    /// <summary>Ends a pass; true if the same values must be added once more.</summary>
    public bool EndPass()
    {
        _isDone = _isDone || !NeedsAnotherPass();
        return !_isDone;
    }

    /// <summary>The result after the last pass; <see cref="Value.Error"/> if no type can hold it.</summary>
    public abstract Value Result { get; }

    protected abstract void Observe(in Value value);

    protected abstract void Join(Aggregator other);

    /// <summary>Forgets what was measured; takes over what earlier passes of <paramref name="settled"/> found.</summary>
    protected abstract void Forget(Aggregator settled);

    protected virtual bool NeedsAnotherPass() => false;
}

/// <summary><c>count()</c> and <c>count(x)</c>.</summary>
internal sealed class Counter(bool countsNulls) : Aggregator
{
    private long _count;

    public override Value Result => Value.Integer(_count);

    protected override void Observe(in Value value) => _count += countsNulls || !value.IsNull ? 1 : 0;

    protected override void Join(Aggregator other) => _count += ((Counter)other)._count;

    protected override void Forget(Aggregator settled) => _count = 0;
}

/// <summary><c>min(x)</c> and <c>max(x)</c> of numbers, days, times or texts.</summary>
internal sealed class Extremum(bool isMax) : Aggregator
{
    private Value _best;

    public override Value Result => _best;

    protected override void Observe(in Value value)
    {
        if (value.IsNull || (!_best.IsNull && !IsBetter(value)))
        {
            return;
        }

        // A text lies in the row's memory, which the next row takes over.
        _best = value.Kind == ValueKind.Text ? Value.Text(value.AsText.ToArray()) : value;
    }

    protected override void Join(Aggregator other) => Observe(((Extremum)other)._best);

    protected override void Forget(Aggregator settled) => _best = Value.Null;

    private bool IsBetter(in Value value)
    {
        var order = value.Kind switch
        {
            ValueKind.Text => value.AsText.SequenceCompareTo(_best.AsText),
            ValueKind.Date or ValueKind.DateTime => Times.Ticks(value).CompareTo(Times.Ticks(_best)),
            _ => NumberOrder.Compare(value, _best),
        };
        return isMax ? order > 0 : order < 0;
    }
}

/// <summary>
/// A total order of numbers of mixed kinds: by double first. Equal ones are told apart by kind and scale, so that the
/// survivor among equals does not depend on who came first.
/// </summary>
internal static class NumberOrder
{
    public static int Compare(in Value a, in Value b)
    {
        if (a.Kind == ValueKind.Integer && b.Kind == ValueKind.Integer)
        {
            return a.AsInteger.CompareTo(b.AsInteger);
        }

        var order = 0;
        if (a.Kind == ValueKind.Decimal && b.Kind == ValueKind.Decimal)
        {
            order = a.AsDecimal.CompareTo(b.AsDecimal);
            return order != 0 ? order : a.AsDecimal.Scale.CompareTo(b.AsDecimal.Scale);
        }

        // Adding zero turns -0 into 0.
        order = (Numbers.AsDouble(a) + 0.0).CompareTo(Numbers.AsDouble(b) + 0.0);
        return order != 0 ? order : a.Kind.CompareTo(b.Kind);
    }
}
