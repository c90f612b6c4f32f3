using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// A step whose work was done when it was compiled: <c>normalize_headers rename select drop</c>, and every step that is
/// left out because the header lacks its columns.
/// </summary>
internal sealed class HeaderStep(StepIdentity identity) : RowStep(identity, seesRows: false)
{
    public static RowStep Compile(Step.NormalizeHeaders step, StepCompilation compilation)
    {
        var columns = compilation.Columns.All;
        var labels = columns.Select(column => column.Name.Trim()).ToArray();
        var byHand = new string?[labels.Length];
        foreach (var (from, to) in step.Names)
        {
            var first = Array.IndexOf(labels, from.Name.Trim());
            if (first < 0)
            {
                // Fails with the nearest name, unless the step may lack the column.
                compilation.Lack(from);
            }
            else if (Array.IndexOf(labels, labels[first], first + 1) >= 0)
            {
                throw compilation.Repeated(labels[first]);
            }
            else
            {
                byHand[first] = Array.IndexOf(byHand, to) < 0 ? to : throw compilation.Clash(to);
            }
        }

        var names = HeaderNames.Normalize(labels, byHand);
        compilation.Columns.Replace(columns.Select((column, place) => column with { Name = names[place] }));
        return compilation.HeaderOnly();
    }

    public static RowStep Compile(Step.Rename step, StepCompilation compilation)
    {
        var newBySlot = new Dictionary<int, string>();
        foreach (var (from, to) in step.Names)
        {
            if (compilation.Find(from) is { } column)
            {
                newBySlot[column.Slot] = to;
            }
        }

        var columns = compilation.Columns.All
            .Select(column => newBySlot.TryGetValue(column.Slot, out var name) ? column with { Name = name } : column)
            .ToArray();
        var renamed = newBySlot.Values.ToHashSet(StringComparer.Ordinal);
        var clash = columns.GroupBy(column => column.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => renamed.Contains(group.Key) && group.Count() > 1);
        if (clash is not null)
        {
            throw compilation.Clash(clash.Key);
        }

        compilation.Columns.Replace(columns);
        return compilation.HeaderOnly();
    }

    public static RowStep Compile(Step.Select step, StepCompilation compilation)
    {
        var chosen = new List<ColumnBinding>();
        foreach (var name in step.Columns)
        {
            if (compilation.Find(name) is { } column)
            {
                chosen.Add(chosen.Contains(column) ? throw compilation.Clash(name.Name) : column);
            }
        }

        return Keep(chosen, compilation);
    }

    public static RowStep Compile(Step.Drop step, StepCompilation compilation)
    {
        var dropped = step.Columns.Select(compilation.Find).OfType<ColumnBinding>().ToHashSet();
        return Keep([.. compilation.Columns.All.Where(column => !dropped.Contains(column))], compilation);
    }

    public override StepResult Apply(Row row, EvaluationContext context) => StepResult.Keep;

    private static RowStep Keep(List<ColumnBinding> columns, StepCompilation compilation)
    {
        // An empty file has none to begin with.
        if (columns.Count == 0 && compilation.Columns.All.Count > 0)
        {
            throw compilation.NoneLeft();
        }

        compilation.Columns.Replace(columns);
        return compilation.HeaderOnly();
    }
}
