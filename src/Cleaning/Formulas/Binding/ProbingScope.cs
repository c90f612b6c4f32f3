namespace OrleansClean.Cleaning.Formulas;

/// <summary>A scope for asking what type a node would have, without taking places for aggregates.</summary>
internal sealed class ProbingScope(IFormulaScope scope) : IFormulaScope
{
    public IEnumerable<string> ColumnNames => scope.ColumnNames;

    public ColumnBinding? FindColumn(string name) => scope.FindColumn(name);

    public int NextAggregate() => 0;
}
