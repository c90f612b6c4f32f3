using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// The plan's expectations, behind its last step. A row that breaks one of severity <c>error</c> is rejected; one of
/// severity <c>warn</c> only counts the rows that stay and break it, or for which it fails.
/// </summary>
internal sealed class ExpectStep : RowStep
{
    /// <summary>The id of this step in ledgers and rejects.</summary>
    public const string StepId = "expect";

    /// <summary>Characters of a cell that a sample shows.</summary>
    private const int SampleLengthMax = 200;

    private readonly Counted[] _errors;
    private readonly Counted[] _warnings;
    private readonly Counted[] _all;
    private readonly StepAggregates _aggregates;

    private ExpectStep(StepIdentity identity, Counted[] all)
        : base(identity)
    {
        _all = all;
        _errors = [.. all.Where(one => one.Severity == Severity.Error)];
        _warnings = [.. all.Where(one => one.Severity == Severity.Warn)];

        // Only a failure in an error expectation rejects a row, so the others must not take rows out of the aggregates.
        _aggregates = new StepAggregates(
            [.. _errors.Select(one => one.Condition.Compiled), .. _warnings.Select(one => one.Condition.Compiled with { MeasurableParts = [] })],
            OnError.Reject);
    }

    public override bool IsBarrier => !_aggregates.IsEmpty;

    protected override StepAggregates Aggregates => _aggregates;

    /// <summary>The step for all expectations of rows, or null if there are none: those of batches speak of totals.</summary>
    public static ExpectStep? Compile(ImmutableArray<Expectation> expectations, StepCompilation compilation)
    {
        var all = new List<Counted>();
        foreach (var expectation in expectations)
        {
            if (!expectation.OfBatch && compilation.Compile(expectation.Check, isCondition: true, out _) is { } compiled)
            {
                var condition = new CheckedCondition(compiled, expectation.Check, expectation.Message, compilation.Columns);
                all.Add(new Counted(condition, expectation.Severity));
            }
        }

        return all.Count == 0 ? null : new ExpectStep(compilation.Identity, [.. all]);
    }

    /// <summary>What the current pass has counted, in the order of the plan.</summary>
    public override ImmutableArray<ExpectationReport> ExpectationReports() => [.. _all.Select(one => one.Report())];

    public override void BeginPass()
    {
        foreach (var one in _all)
        {
            one.Reset();
        }
    }

    public override void Merge(RowStep other)
    {
        base.Merge(other);
        for (var i = 0; i < _all.Length; i++)
        {
            _all[i].Add(((ExpectStep)other)._all[i]);
        }
    }

    public override void Restore(ImmutableArray<ExpectationReport> reports)
    {
        for (var i = 0; i < _all.Length; i++)
        {
            _all[i].Restore(reports[i]);
        }
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        // Every expectation is counted for every row, also behind the first that the row breaks.
        Problem? first = null;
        foreach (var one in _errors)
        {
            if (IsBroken(one, row, context, out var problem))
            {
                first ??= problem;
            }
        }

        if (first is not null)
        {
            context.Fail(first);
            return StepResult.Reject;
        }

        foreach (var one in _warnings)
        {
            IsBroken(one, row, context, out _);
        }

        return StepResult.Keep;
    }

    public override void Measure(Row row, EvaluationContext context)
    {
        // A row that breaks an expectation without an aggregate is rejected here, so no aggregate may count it.
        foreach (var one in _errors)
        {
            if (one.Condition.Compiled.Aggregates.IsEmpty && one.Condition.Compiled.Root.Test(context) == Truth.False)
            {
                return;
            }

            context.Clear();
        }

        _aggregates.Measure(context);
    }

    public override bool EndPass(EvaluationContext context) => _aggregates.EndPass(context);

    /// <summary>Counts one expectation. A warning behind the last sample needs no problem, and none is made.</summary>
    private static bool IsBroken(Counted one, Row row, EvaluationContext context, out Problem? problem)
    {
        problem = null;
        one.Evaluated++;
        var truth = one.Condition.Compiled.Root.Test(context);
        if (truth is Truth.True or Truth.Null)
        {
            return false;
        }

        one.Unexpected++;
        var isSample = one.Samples.Count < ExpectationReport.SamplesMax;
        if (isSample || one.Severity == Severity.Error)
        {
            context.Explain(one.Condition.Compiled);
            problem = truth == Truth.False ? one.Condition.Broken(row) : context.Problem!;
        }

        context.Clear();
        if (isSample)
        {
            one.Samples.Add(Sample(row, problem!));
        }

        return true;
    }

    private static RejectPlace Sample(Row row, Problem problem)
    {
        var text = problem.Value is null ? null : Encoding.UTF8.GetString(problem.Value);
        text = text?.Length > SampleLengthMax ? text[..SampleLengthMax] : text;
        return new RejectPlace(row.Record.Line, problem.Column, problem.Code, text, problem.Expected);
    }

    /// <summary>An expectation with its counters.</summary>
    private sealed class Counted(CheckedCondition condition, Severity severity)
    {
        public CheckedCondition Condition => condition;

        public Severity Severity => severity;

        public long Evaluated { get; set; }

        public long Unexpected { get; set; }

        public List<RejectPlace> Samples { get; } = [];

        /// <summary>Adds what was counted in rows behind these.</summary>
        public void Add(Counted later)
        {
            Evaluated += later.Evaluated;
            Unexpected += later.Unexpected;
            Samples.AddRange(later.Samples.Take(ExpectationReport.SamplesMax - Samples.Count));
        }

        public void Restore(ExpectationReport report)
        {
            Reset();
            (Evaluated, Unexpected) = (report.Evaluated, report.Unexpected);
            Samples.AddRange(report.Samples);
        }

        public void Reset()
        {
            Evaluated = 0;
            Unexpected = 0;
            Samples.Clear();
        }

        public ExpectationReport Report() => new()
        {
            Check = condition.Text,
            Severity = severity == Severity.Error ? "error" : "warn",
            Evaluated = Evaluated,
            Unexpected = Unexpected,
            Samples = [.. Samples],
        };
    }
}
