using System.Collections.Immutable;
using System.Globalization;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.Publishing;

/// <summary>The totals that limits and expectations of a batch speak of.</summary>
internal sealed record GateCounts(long RowsIn, long RowsOut, long Rejected, long Dropped, long Files, long Failed);

/// <summary>
/// Decides whether a batch may be published: <c>max_rejects</c> and the expectations of <c>scope: batch</c>. With a gate
/// every output is held back until all files are done.
/// </summary>
internal sealed class BatchGate
{
    private static readonly string[] Names = ["rows_in", "rows_out", "rejected", "dropped", "files", "failed"];

    private readonly RejectLimit? _limit;
    private readonly ImmutableArray<(Expectation Expectation, Expression Condition)> _expectations;

    private BatchGate(Plan plan, ImmutableArray<(Expectation, Expression)> expectations)
    {
        _limit = plan.Run.MaxRejects;
        _expectations = expectations;
        HoldsBack = _limit is not null || plan.Run.PublishTogether || plan.Expectations.Any(e => e is { OfBatch: true, Severity: Severity.Error });
    }

    /// <summary>True if nothing is published before all files are done.</summary>
    public bool HoldsBack { get; }

    /// <summary>The gate of a plan. Throws <see cref="PlanException"/> for an expectation that names anything but totals.</summary>
    public static BatchGate For(Plan plan, string planPath)
    {
        var problems = new List<PlanProblem>();
        var compiled = ImmutableArray.CreateBuilder<(Expectation, Expression)>();
        foreach (var expectation in plan.Expectations.Where(e => e.OfBatch))
        {
            if (FormulaCompiler.Compile(expectation.Check, new Totals(), isCondition: true, problems) is { } formula)
            {
                compiled.Add((expectation, formula.Root));
                if (!formula.Aggregates.IsEmpty)
                {
                    problems.Add(new PlanProblem(expectation.Check.At, "An expectation of scope batch has totals, not rows, to aggregate.", $"The totals are {string.Join(' ', Names)}."));
                }
            }
        }

        return problems.Count == 0 ? new BatchGate(plan, compiled.DrainToImmutable()) : throw new PlanException(planPath, problems);
    }

    /// <summary>Says why the batch may not be published, or null.</summary>
    public string? FindExcess(GateCounts counts)
    {
        if (_limit?.IsExceededBy(counts.Rejected, counts.RowsIn) == true)
        {
            var limit = _limit.Rows is { } rows
                ? string.Create(CultureInfo.InvariantCulture, $"{rows} rows")
                : string.Create(CultureInfo.InvariantCulture, $"{_limit.Share!.Value * 100:0.####} %");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{counts.Rejected} of {counts.RowsIn} rows were rejected and max_rejects allows {limit}. Nothing was published.");
        }

        var broken = Evaluate(counts).FirstOrDefault(e => e is { Ok: false, Severity: "error" });
        return broken is null ? null : $"The batch does not meet the expectation '{broken.Check}'. Nothing was published.";
    }

    /// <summary>The expectations of the batch.</summary>
    public IEnumerable<ExpectationSummary> Evaluate(GateCounts counts)
    {
        long[] values = [counts.RowsIn, counts.RowsOut, counts.Rejected, counts.Dropped, counts.Files, counts.Failed];
        var row = new Row(values.Length, 0, []);
        for (var slot = 0; slot < values.Length; slot++)
        {
            row.SetValue(slot, Value.Integer(values[slot]));
        }

        foreach (var (expectation, condition) in _expectations)
        {
            // Null passes, as in every check; what cannot be evaluated, such as a division by zero rows, does not.
            var ok = condition.Test(new EvaluationContext(row, DateTime.UnixEpoch)) is Truth.True or Truth.Null;
            yield return new ExpectationSummary
            {
                Check = expectation.Check.Text,
                Severity = expectation.Severity == Severity.Warn ? "warn" : "error",
                Ok = ok,
                Evaluated = 1,
                Unexpected = ok ? 0 : 1,
            };
        }
    }

    private sealed class Totals : IFormulaScope
    {
        public IEnumerable<string> ColumnNames => Names;

        public ColumnBinding? FindColumn(string name) => Array.IndexOf(Names, name) is var slot and >= 0
            ? new ColumnBinding(name, slot, ColumnType.Integer, -1)
            : null;

        public int NextAggregate() => 0;
    }
}
