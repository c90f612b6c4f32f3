using System.Text;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary><c>nulls</c>: cells that hold one of the words, white space around it aside, become empty.</summary>
internal sealed class NullsStep(StepIdentity identity, int[] slots, byte[][] words) : RowStep(identity)
{
    public static RowStep Compile(Step.Nulls step, StepCompilation compilation)
    {
        int[] slots = [.. compilation.Choose(step.Columns).Select(column => column.Slot)];
        byte[][] words = [.. step.Words.Select(Encoding.UTF8.GetBytes)];
        return slots.Length == 0 ? compilation.HeaderOnly() : new NullsStep(compilation.Identity, slots, words);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var slot in slots)
        {
            row.ReadVerbatim(slot, out var text);
            if (text.TextLength > 0 && IsWord(WhiteSpace.Trim(text.AsText)))
            {
                row.SetText(slot, Value.Null);
                CellsChanged++;
            }
        }

        return StepResult.Keep;
    }

    private bool IsWord(ReadOnlySpan<byte> text)
    {
        foreach (var word in words)
        {
            if (text.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
