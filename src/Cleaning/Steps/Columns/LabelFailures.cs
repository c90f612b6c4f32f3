using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>Says what is wrong with a header that does not carry what the plan speaks of.</summary>
/// <param name="planPath">The plan.</param>
/// <param name="stepId">The step that speaks.</param>
/// <param name="stepAt">Where it stands; null for the expectations, which have no place of their own and no modifiers.</param>
internal sealed class LabelFailures(string planPath, string stepId, SourcePosition? stepAt)
{
    /// <summary>Columns that a message lists.</summary>
    private const int ListedMax = 12;

    /// <summary>Characters of a name that a message shows.</summary>
    private const int NameLengthMax = 40;

    /// <summary>
    /// A column is not there. If other files lack it too the plan is wrong, so its exception is the inner one; a file without any column says nothing about
    /// the plan.
    /// </summary>
    public FileFailedException Missing(ColumnName name, IReadOnlyList<ColumnBinding> columns)
    {
        if (columns.Count == 0)
        {
            return Failure(
                ProblemCodes.MissingLabel,
                $"The file is empty, without even a header, and step {stepId} speaks of the column {Show(name.Name)}. Leave the file out with read: {{exclude: …}}"
                + (stepAt is null ? "." : ", or say if_missing: skip to have empty files pass."),
                name.At);
        }

        var nearest = Nearest.Of(name.Name, columns.Select(column => column.Name));
        var hint = nearest is null ? "" : $"The nearest name is {Show(nearest)}. ";
        var problem = new PlanProblem(
            Place(name.At),
            $"Step {stepId} speaks of the column {Show(name.Name)}, which is not there.",
            $"{hint}{List(columns)} Correct the name{(stepAt is null ? "." : ", or say if_missing: skip.")}");
        return new FileFailedException(ProblemCodes.MissingLabel, problem.Render(Path.GetFileName(planPath)), new PlanException(planPath, [problem]));
    }

    public FileFailedException Repeated(string name, IReadOnlyList<ColumnBinding> columns)
    {
        var count = columns.Count(column => string.Equals(column.Name.Trim(), name.Trim(), StringComparison.Ordinal));
        return Failure(
            ProblemCodes.DuplicateLabel,
            $"Step {stepId} speaks of the column {Show(name)}, and {count} columns have that name. Put normalize_headers first:"
            + " it makes names unique.");
    }

    public FileFailedException Blank() => Failure(
        ProblemCodes.BlankHeader,
        $"Step {stepId} speaks of a column without a name. Put normalize_headers first: it gives such columns the names column_N.");

    public FileFailedException Clash(string name) => Failure(
        ProblemCodes.DuplicateLabel,
        $"Step {stepId} would give two columns the name {Show(name)}. Choose another name, or drop one of them first.");

    public FileFailedException Formula(string name) => Failure(
        ProblemCodes.ConstraintError,
        $"Step {stepId} lets no formula pass, and a spreadsheet would take the column's name {Show(name)} for one. Rename the column, or say"
        + " guard: formulas to have names neutralised.");

    public FileFailedException NoneLeft() => Failure(
        ProblemCodes.MissingLabel,
        $"Step {stepId} leaves no column, so there is nothing to write.");

    private SourcePosition Place(SourcePosition at) => at == default ? stepAt ?? default : at;

    /// <summary>The failure of a file is kept in manifests, which are the same wherever the command was typed: no folders there.</summary>
    private FileFailedException Failure(string code, string message, SourcePosition at = default) =>
        new(code, new PlanProblem(Place(at), message).Render(Path.GetFileName(planPath)));

    private static string List(IReadOnlyList<ColumnBinding> columns)
    {
        var names = string.Join(", ", columns.Take(ListedMax).Select(column => Show(column.Name)));
        var rest = columns.Count > ListedMax ? $" and {columns.Count - ListedMax} more" : "";
        return $"There are {names}{rest}.";
    }

    private static string Show(string name) =>
        name.Length > NameLengthMax ? $"'{name[..NameLengthMax]}…'" : $"'{name}'";
}
