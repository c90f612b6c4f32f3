using System.Globalization;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// <c>dedupe</c>: one row per key, among the rows that reach the step. To keep the first, keys are remembered as rows
/// pass; to keep the last, the step is a barrier that learns first which record of each key is the last.
/// </summary>
internal sealed class DedupeStep : RowStep
{
    /// <summary>Keys of one file, at most: 20 million, which take up to 805 MB.</summary>
    public const int KeysMax = 20_000_000;

    private readonly ColumnBinding _firstColumn;
    private readonly bool _keepsLast;
    private readonly bool _rejects;
    private readonly RowKey _key;
    private readonly RowKeyTable _table;
    private readonly int _keysMax;
    private readonly string _expected;

    public DedupeStep(StepIdentity identity, IReadOnlyList<ColumnBinding> columns, Step.Dedupe step, int keysMax)
        : base(identity)
    {
        _firstColumn = columns[0];
        _keepsLast = step.KeepLast;
        _rejects = step.OnMatch == OnMatch.Reject;
        _key = new RowKey([.. columns.Select(column => column.Slot)]);
        _table = new RowKeyTable(hasNumbers: _keepsLast || _rejects, keysMax);
        _keysMax = keysMax;
        _expected = step.By.All
            ? "one row of these cells"
            : $"one row per {string.Join(", ", columns.Select(column => column.Name))}";
    }

    public override bool IsBarrier => _keepsLast;

    public override string WhyInOrder => $"step {Id} keeps the {(_keepsLast ? "last" : "first")} row of each key, so rows are decided in file order";

    public static RowStep Compile(Step.Dedupe step, StepCompilation compilation)
    {
        var columns = compilation.Choose(step.By);
        return columns.Count == 0
            ? compilation.HeaderOnly()
            : new DedupeStep(compilation.Identity, columns, step, KeysMax);
    }

    public override void BeginPass()
    {
        // The last records that a measuring pass has found stay; the keys that passed do not.
        if (!_keepsLast && _table.Count > 0)
        {
            _table.Clear();
        }
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        var key = _key.Of(row);
        var isKnown = _table.TryGet(key, out var number);
        if (_keepsLast)
        {
            return !isKnown || number == row.Record.Number ? StepResult.Keep : Remove(row, context, number);
        }

        if (isKnown)
        {
            return Remove(row, context, number);
        }

        if (_table.IsFull)
        {
            context.Fail(TooManyKeys());
            return StepResult.Fail;
        }

        _table.Set(key, row.Record.Line);
        return StepResult.Keep;
    }

    public override void Measure(Row row, EvaluationContext context)
    {
        var key = _key.Of(row);
        if (_table.IsFull && !_table.TryGet(key, out _))
        {
            var problem = TooManyKeys();
            throw new FileFailedException(problem.Code, problem.Message) { Line = row.Record.Line };
        }

        _table.Set(key, row.Record.Number);
    }

    private StepResult Remove(Row row, EvaluationContext context, long number)
    {
        if (!_rejects)
        {
            return StepResult.Drop;
        }

        var kept = number.ToString(CultureInfo.InvariantCulture);
        var message = _keepsLast
            ? $"A later row has the same key: record {kept} is kept."
            : $"The row repeats the key of line {kept}, which is kept.";
        row.ReadVerbatim(_firstColumn.Slot, out var text);
        context.Fail(CellProblem.Of(ProblemCodes.UniqueError, message, _firstColumn, _expected, text.AsText));
        return StepResult.Reject;
    }

    private Problem TooManyKeys() => new(
        ProblemCodes.MemoryLimit,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Step {Id} has {_keysMax:N0} different keys, as many as it remembers. Split the file, or take the step out."));
}
