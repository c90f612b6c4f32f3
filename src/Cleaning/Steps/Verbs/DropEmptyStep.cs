using System.Runtime.CompilerServices;
using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Steps;

/// <summary><c>drop_empty: rows</c>: drops rows in which every cell is null or nothing but white space.</summary>
internal sealed class DropEmptyStep(StepIdentity identity, int[] slots) : RowStep(identity)
{
    public static RowStep Compile(StepCompilation compilation) =>
        new DropEmptyStep(compilation.Identity, [.. compilation.Columns.All.Select(column => column.Slot)]);

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var slot in slots)
        {
            if (IsVisible(row, slot))
            {
                return StepResult.Keep;
            }
        }

        return StepResult.Drop;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsVisible(Row row, int slot)
    {
        // A value that has no text yet is no text of the file: it cannot be blank, and need not be formatted to know that.
        if (row.TryGetUnformatted(slot, out _))
        {
            return true;
        }

        row.ReadText(slot, out var text);
        return !text.IsNull && !WhiteSpace.IsBlank(text.AsText);
    }
}
