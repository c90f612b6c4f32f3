using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// A column that a <c>derive</c> makes or overwrites. It <paramref name="IsTyped"/> if all its cells have the formula's
/// type; otherwise (text, or old cells that stay among new ones) its cells are text.
/// </summary>
/// <param name="Slot">Where it goes.</param>
/// <param name="IsNew">No column of that name was there: its cells do not count as changed.</param>
/// <param name="IsTyped">Its cells are typed values.</param>
/// <param name="Formula">What it becomes; null if it becomes <paramref name="Literal"/>.</param>
/// <param name="Literal">What it becomes because the header lacks a column of its formula.</param>
/// <param name="IsMeasurable">Its formula depends on no aggregate of this step, so that a measuring pass can tell it.</param>
internal sealed record DerivedColumn(
    int Slot,
    bool IsNew,
    bool IsTyped,
    CompiledFormula? Formula,
    Value Literal,
    bool IsMeasurable)
{
    private static readonly CompiledFormula Nothing = new(new NoValue(), [], [], []);

    /// <summary>
    /// What a measuring pass looks at. A formula without an aggregate that reads a column made with one cannot be told
    /// before that one is, so its failures do not take rows out of the aggregates.
    /// </summary>
    public CompiledFormula Measured => Formula switch
    {
        null => Nothing,
        { Aggregates.IsEmpty: true } => Formula with { MeasurableParts = [] },
        _ => Formula,
    };

    /// <summary>The value for the current row.</summary>
    public void Evaluate(EvaluationContext context, out Value value)
    {
        if (Formula is null)
        {
            value = Literal;
        }
        else
        {
            Formula.Root.Evaluate(context, out value);
        }
    }

    /// <summary>Writes the value; true if the text of a cell that was there is another one now.</summary>
    public bool Write(Row row, in Value value)
    {
        if (IsNew)
        {
            if (IsTyped)
            {
                row.SetValue(Slot, value);
            }
            else
            {
                row.SetText(Slot, value);
            }

            return false;
        }

        return Overwrite(row, value);
    }

    /// <summary>Leaves the cell as it was.</summary>
    public void Leave(Row row)
    {
        if (!IsNew && !IsTyped)
        {
            row.Untype(Slot);
        }
    }

    private bool Overwrite(Row row, in Value value)
    {
        row.ReadVerbatim(Slot, out var before);
        var text = ValueText.Format(value, row.Arena);
        var isChanged = !before.AsText.SequenceEqual(text.AsText);
        switch (isChanged, IsTyped)
        {
            case (true, true):
                row.SetTyped(Slot, value, text);
                break;
            case (true, false):
                row.SetText(Slot, text);
                break;
            case (false, true):
                // The text stays as it is, so that an untouched field keeps its bytes.
                row.SetTyped(Slot, value);
                break;
            default:
                row.Untype(Slot);
                break;
        }

        return isChanged;
    }

    private sealed class NoValue : Expression
    {
        public override ColumnType Type => ColumnType.Untyped;

        public override void Evaluate(EvaluationContext context, out Value value) => value = Value.Null;
    }
}
