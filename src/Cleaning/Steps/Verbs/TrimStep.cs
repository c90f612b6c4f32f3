using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary><c>trim</c>: white space off both ends of cells. The cell then is a shorter slice of the same bytes.</summary>
internal sealed class TrimStep(StepIdentity identity, int[] slots) : RowStep(identity)
{
    public static RowStep Compile(Step.Trim step, StepCompilation compilation)
    {
        // The plain form of a type has no white space at its ends: only text can.
        int[] slots =
        [
            .. compilation.Choose(step.Columns)
                .Where(column => column.Type is ColumnType.Untyped or ColumnType.Text)
                .Select(column => column.Slot),
        ];
        return slots.Length == 0 ? compilation.HeaderOnly() : new TrimStep(compilation.Identity, slots);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var slot in slots)
        {
            row.ReadVerbatim(slot, out var text);
            var bytes = text.AsText;
            if (bytes.IsEmpty || (IsInner(bytes[0]) && IsInner(bytes[^1])))
            {
                continue;
            }

            WhiteSpace.Measure(bytes, out var start, out var length);
            if (length != bytes.Length)
            {
                row.SetText(slot, Value.Text(text.TextArray!, text.TextStart + start, length));
                CellsChanged++;
            }
        }

        return StepResult.Keep;
    }

    /// <summary>True for ASCII that is no white space: most cells begin and end with it.</summary>
    private static bool IsInner(byte c) => c is > (byte)' ' and < 0x80;
}
