using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>Says what is wrong with a header that does not carry what the plan speaks of.</summary>
internal static class LabelFailures
{
    /// <summary>Columns that a message lists.</summary>
    private const int ListedMax = 12;

    /// <summary>Characters of a name that a message shows.</summary>
    private const int NameLengthMax = 40;

    public static FileFailedException Missing(string name, string step, IReadOnlyList<ColumnBinding> columns)
    {
        var nearest = Nearest.Of(name, columns.Select(column => column.Name));
        var hint = nearest is null ? "" : $" The nearest name is {Show(nearest)}.";
        return new FileFailedException(
            ProblemCodes.MissingLabel,
            $"{step} speaks of the column {Show(name)}, which is not there.{hint} {List(columns)}"
            + " Correct the name, or say if_missing: skip.");
    }

    public static FileFailedException Repeated(string name, string step, IReadOnlyList<ColumnBinding> columns)
    {
        var count = columns.Count(column => string.Equals(column.Name.Trim(), name.Trim(), StringComparison.Ordinal));
        return new FileFailedException(
            ProblemCodes.DuplicateLabel,
            $"{step} speaks of the column {Show(name)}, and {count} columns have that name. Put normalize_headers first:"
            + " it makes names unique.");
    }

    public static FileFailedException Blank(string step) => new(
        ProblemCodes.BlankHeader,
        $"{step} speaks of a column without a name. Put normalize_headers first: it gives such columns the names column_N.");

    public static FileFailedException Clash(string name, string step) => new(
        ProblemCodes.DuplicateLabel,
        $"{step} would give two columns the name {Show(name)}. Choose another name, or drop one of them first.");

    public static FileFailedException Formula(string name, string step) => new(
        ProblemCodes.ConstraintError,
        $"{step} lets no formula pass, and a spreadsheet would take the column's name {Show(name)} for one. Rename the column, or say"
        + " guard: formulas to have names neutralised.");

    public static FileFailedException NoneLeft(string step) => new(
        ProblemCodes.MissingLabel,
        $"{step} leaves no column, so there is nothing to write.");

    private static string List(IReadOnlyList<ColumnBinding> columns)
    {
        if (columns.Count == 0)
        {
            return "There are no columns.";
        }

        var names = string.Join(", ", columns.Take(ListedMax).Select(column => Show(column.Name)));
        var rest = columns.Count > ListedMax ? $" and {columns.Count - ListedMax} more" : "";
        return $"There are {names}{rest}.";
    }

    private static string Show(string name) =>
        name.Length > NameLengthMax ? $"'{name[..NameLengthMax]}…'" : $"'{name}'";
}
