using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>What verbs share while a plan is compiled against a header, one step after the other.</summary>
internal sealed class StepCompilation(IReadOnlyList<string> header, string planPath)
{
    private bool _mayLackColumns;
    private LabelFailures _failures = new(planPath, "", null);

    /// <summary>The columns before the current step, or behind it once its verb has been compiled.</summary>
    public ColumnSet Columns { get; } = new(header);

    /// <summary>What does not fit, in the order in which it was found.</summary>
    public List<PlanProblem> Problems { get; } = [];

    /// <summary>Places given to aggregates so far.</summary>
    public int AggregateCount { get; set; }

    /// <summary>The current step's identity.</summary>
    public StepIdentity Identity { get; private set; } = new(0, "", "", "");

    /// <summary>True if a condition decides which rows the current step touches.</summary>
    public bool IsConditional { get; private set; }

    /// <summary>Turns to the next step; <paramref name="step"/> is null for the expectations.</summary>
    public void Begin(StepIdentity identity, Step? step)
    {
        Identity = identity;
        IsConditional = step?.When is not null;
        _mayLackColumns = step is not null && (step.IfMissing.Skip || step.IfMissing.Literal is not null);
        _failures = new LabelFailures(planPath, identity.Id, step?.At);
    }

    /// <summary>The step that lets every row pass: for steps that only change the header, and for those left out.</summary>
    public RowStep HeaderOnly() => new HeaderStep(Identity);

    /// <summary>The column of that name, or null if the header lacks it and the step may lack it.</summary>
    public ColumnBinding? Find(ColumnName name) => FindUnique(name.Name) ?? Lack(name);

    /// <summary>The column of that name, or null. A name that several columns have, or a blank one, costs the file.</summary>
    public ColumnBinding? FindUnique(string name)
    {
        var found = Columns.Find(name, out var isRepeated);
        if ((found is not null || isRepeated) && string.IsNullOrWhiteSpace(name))
        {
            throw _failures.Blank();
        }

        return isRepeated ? throw Repeated(name) : found;
    }

    /// <summary>The chosen columns; those that the header lacks are left out if the step may lack them.</summary>
    public List<ColumnBinding> Choose(ColumnChoice choice) =>
        choice.All ? [.. Columns.All] : [.. choice.Names.Select(Find).OfType<ColumnBinding>()];

    /// <summary>
    /// Compiles a formula. Null if it does not fit, which is then among <see cref="Problems"/>, or if it speaks of a column
    /// that the header lacks and the step may lack: then <paramref name="isMissing"/> is true.
    /// </summary>
    public CompiledFormula? Compile(Formula formula, bool isCondition, out bool isMissing)
    {
        var scope = new StepScope(this);
        var problems = new List<PlanProblem>();
        var compiled = FormulaCompiler.Compile(formula, scope, isCondition, problems);
        isMissing = scope.Missing is not null;
        if (scope.Missing is not null)
        {
            Lack(new ColumnName(scope.Missing, formula.Syntax.ColumnsRead.FirstOrDefault(column => column.Name == scope.Missing).At));
            return null;
        }

        Problems.AddRange(problems);
        return compiled is null ? null : compiled with { Origin = OriginOf(formula) };
    }

    private FormulaOrigin OriginOf(Formula formula) => new(
        Shown.Shorten(formula.Text),
        [.. formula.Syntax.ColumnsRead.Select(column => column.Name).Distinct(StringComparer.Ordinal).Select(name => Columns.Find(name, out _)).OfType<ColumnBinding>()]);

    /// <summary>Fails the file because two columns would have one name.</summary>
    public FileFailedException Clash(string name) => _failures.Clash(name);

    /// <summary>Fails the file because a spreadsheet would take a column's name for a formula.</summary>
    public FileFailedException IsFormula(string name) => _failures.Formula(name);

    /// <summary>Fails the file because no column would be left.</summary>
    public FileFailedException NoneLeft() => _failures.NoneLeft();

    /// <summary>Fails the file because several columns have the name that the plan speaks of.</summary>
    public FileFailedException Repeated(string name) => _failures.Repeated(name, Columns.All);

    /// <summary>Fails the file because the header lacks a column, unless the step may lack it: then null.</summary>
    public ColumnBinding? Lack(ColumnName name) =>
        _mayLackColumns ? null : throw _failures.Missing(name, Columns.All);
}
