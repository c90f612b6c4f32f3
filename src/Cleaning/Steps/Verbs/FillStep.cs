using System.Text;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary><c>fill</c>: null cells get a literal. Cells of nothing but white space are not null.</summary>
internal sealed class FillStep(StepIdentity identity, FillStep.FilledColumn[] columns) : RowStep(identity)
{
    public static RowStep Compile(Step.Fill step, StepCompilation compilation)
    {
        var columns = new List<FilledColumn>();
        foreach (var (name, literal) in step.Columns)
        {
            if (compilation.Find(name) is not { } column)
            {
                continue;
            }

            if (TryConvert(literal, column, out var typed, out var text))
            {
                columns.Add(new FilledColumn(column.Slot, typed, text));
            }
            else
            {
                compilation.Problems.Add(new PlanProblem(
                    name.At,
                    $"The column '{column.Name}' is {Words.Of(column.Type)} here, and '{literal.Written}' is not.",
                    "Fill it before it is parsed, or with a value of that type."));
            }
        }

        return columns.Count == 0 ? compilation.HeaderOnly() : new FillStep(compilation.Identity, [.. columns]);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var column in columns)
        {
            if (row.HasValue(column.Slot))
            {
                continue;
            }

            row.ReadVerbatim(column.Slot, out var before);
            CellsChanged += before.AsText.SequenceEqual(column.Text.AsText) ? 0 : 1;
            if (column.Typed.IsNull)
            {
                row.SetText(column.Slot, column.Text);
            }
            else
            {
                row.SetTyped(column.Slot, column.Typed, column.Text);
            }
        }

        return StepResult.Keep;
    }

    /// <summary>The literal as a value of the column's type, null for a column of text, with its text.</summary>
    private static bool TryConvert(Literal literal, ColumnBinding column, out Value typed, out Value text)
    {
        // A word of the plan stands in a cell as it is written: 00501 is not 501.
        var written = literal.Value.Kind == ValueKind.Text
            ? literal.Value.AsText.ToArray()
            : Encoding.UTF8.GetBytes(literal.Written);
        typed = Value.Null;
        text = Value.Text(written);
        if (literal.Value.IsNull)
        {
            return false;
        }

        if (column.Type is ColumnType.Untyped or ColumnType.Text)
        {
            return true;
        }

        var reader = CellReader.Plain(column.Type);
        var arena = new TextArena();
        var status = reader.Read(text, arena, out typed, out var plain);
        text = status == CellStatus.Rewritten ? Value.Text(plain.AsText.ToArray()) : text;
        return status is CellStatus.Plain or CellStatus.Rewritten;
    }

    /// <summary>One column and what its null cells become.</summary>
    internal sealed record FilledColumn(int Slot, Value Typed, Value Text);
}
