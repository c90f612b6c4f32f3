namespace OrleansClean.Cleaning.Formulas;

/// <summary><c>x in (…)</c> with texts of the plan: found by halving, not one after the other.</summary>
internal sealed class TextInList : Condition
{
    private readonly Expression _operand;
    private readonly byte[][] _items;
    private readonly bool _isNegated;

    public TextInList(Expression operand, IEnumerable<byte[]> items, bool isNegated)
    {
        _operand = operand;
        _items = [.. items];
        Array.Sort(_items, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        _isNegated = isNegated;
    }

    public override Truth Test(EvaluationContext context)
    {
        _operand.Evaluate(context, out var value);
        return Nulls.IsPresent(value) ? Of(Contains(value.AsText) != _isNegated) : Nulls.Of(value, value);
    }

    private bool Contains(ReadOnlySpan<byte> text)
    {
        var low = 0;
        var high = _items.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = text.SequenceCompareTo(_items[middle]);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return false;
    }
}

/// <summary><c>x in (…)</c> with numbers of the plan.</summary>
internal sealed class NumberInList : Condition
{
    private readonly Expression _operand;
    private readonly double[] _keys;
    private readonly Value[] _items;
    private readonly bool _isNegated;

    public NumberInList(Expression operand, IEnumerable<Value> items, bool isNegated)
    {
        _operand = operand;
        _items = [.. items];
        _keys = [.. _items.Select(item => Numbers.AsDouble(item))];
        Array.Sort(_keys, _items);
        _isNegated = isNegated;
    }

    public override Truth Test(EvaluationContext context)
    {
        _operand.Evaluate(context, out var value);
        return Nulls.IsPresent(value) ? Of(Contains(value) != _isNegated) : Nulls.Of(value, value);
    }

    /// <summary>Numbers of one double may still differ, as large integers do: they are compared one by one.</summary>
    private bool Contains(in Value value)
    {
        var key = Numbers.AsDouble(value);
        var found = Array.BinarySearch(_keys, key);
        for (var i = found; i >= 0 && _keys[i] == key; i--)
        {
            if (Numbers.Compare(value, _items[i]) == 0)
            {
                return true;
            }
        }

        for (var i = found + 1; found >= 0 && i < _keys.Length && _keys[i] == key; i++)
        {
            if (Numbers.Compare(value, _items[i]) == 0)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary><c>x in (…)</c> with anything else: true if one is equal, else null if one is null.</summary>
internal sealed class AnyEqual(Expression[] comparisons, bool isNegated) : Condition
{
    public override Truth Test(EvaluationContext context)
    {
        var result = Truth.False;
        foreach (var comparison in comparisons)
        {
            var truth = comparison.Test(context);
            if (truth == Truth.Error)
            {
                return truth;
            }

            if (truth == Truth.True)
            {
                return Of(!isNegated);
            }

            result = truth == Truth.Null ? truth : result;
        }

        return result == Truth.Null ? result : Of(isNegated);
    }
}
