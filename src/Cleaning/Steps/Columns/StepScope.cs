using OrleansClean.Cleaning.Formulas;

namespace OrleansClean.Cleaning.Steps;

/// <summary>What one formula of a step may speak of; it remembers the first column that the header lacks.</summary>
internal sealed class StepScope(StepCompilation compilation) : IFormulaScope
{
    /// <summary>The first name that no column has, or null.</summary>
    public string? Missing { get; private set; }

    public IEnumerable<string> ColumnNames => compilation.Columns.All.Select(column => column.Name);

    public ColumnBinding? FindColumn(string name)
    {
        var found = compilation.FindUnique(name);
        Missing ??= found is null ? name : null;
        return found;
    }

    public int NextAggregate() => compilation.AggregateCount++;
}
