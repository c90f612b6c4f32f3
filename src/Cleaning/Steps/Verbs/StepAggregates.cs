using System.Collections.Immutable;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// The aggregates of one step's formulas. They are taken over the rows that reach the step and that it does not reject; a
/// row that it keeps in spite of a failure counts in those aggregates whose argument has a value.
/// </summary>
internal sealed class StepAggregates
{
    private readonly FormulaAggregates[] _formulas;
    private readonly bool _rejectsFailures;

    public StepAggregates(ImmutableArray<CompiledFormula> formulas, OnError onError)
    {
        IsEmpty = !formulas.Any(formula => formula.Aggregates.Length > 0);
        _formulas = IsEmpty ? [] : [.. formulas.Select(formula => new FormulaAggregates(formula))];
        _rejectsFailures = onError is OnError.Reject or OnError.Fail;
    }

    /// <summary>There is nothing to measure.</summary>
    public bool IsEmpty { get; }

    /// <summary>Adds the current row, unless the step will reject it.</summary>
    public void Measure(EvaluationContext context)
    {
        for (var i = 0; i < _formulas.Length; i++)
        {
            if (!TryObserve(i, context))
            {
                return;
            }
        }

        Commit();
    }

    /// <summary>
    /// Looks at what one formula aggregates in the current row, and keeps it for <see cref="Commit"/>. False if the
    /// formula fails whatever the aggregates will be, and the step rejects the row for it.
    /// </summary>
    public bool TryObserve(int formula, EvaluationContext context)
    {
        var holds = !_rejectsFailures || _formulas[formula].PartsHold(context);
        if (holds)
        {
            _formulas[formula].Observe(context);
        }

        context.Clear();
        return holds;
    }

    /// <summary>Adds what was observed in the current row.</summary>
    public void Commit()
    {
        foreach (var formula in _formulas)
        {
            formula.Commit();
        }
    }

    /// <summary>Adds what the same step measured in the same pass over other rows.</summary>
    public void Merge(StepAggregates other)
    {
        for (var i = 0; i < _formulas.Length; i++)
        {
            _formulas[i].Merge(other._formulas[i]);
        }
    }

    /// <summary>Begins a pass as <paramref name="settled"/> would.</summary>
    public void Restart(StepAggregates settled)
    {
        for (var i = 0; i < _formulas.Length; i++)
        {
            _formulas[i].Restart(settled._formulas[i]);
        }
    }

    /// <summary>Ends a measuring pass; true if another one is needed. Otherwise the results are in their places.</summary>
    public bool EndPass(EvaluationContext context)
    {
        var isUnfinished = false;
        foreach (var formula in _formulas)
        {
            isUnfinished |= formula.EndPass();
        }

        foreach (var formula in _formulas)
        {
            if (!isUnfinished)
            {
                formula.Publish(context);
            }
        }

        return isUnfinished;
    }

    private sealed class FormulaAggregates(CompiledFormula formula)
    {
        private readonly Expression[] _parts = [.. formula.MeasurableParts];
        private readonly AggregateUse[] _uses = [.. formula.Aggregates];
        private readonly Aggregator[] _aggregators = [.. formula.Aggregates.Select(Aggregator.For)];
        private readonly Value[] _observed = new Value[formula.Aggregates.Length];

        public bool PartsHold(EvaluationContext context)
        {
            foreach (var part in _parts)
            {
                part.Evaluate(context, out var value);
                if (value.Kind == ValueKind.Error)
                {
                    return false;
                }
            }

            return true;
        }

        public void Observe(EvaluationContext context)
        {
            for (var i = 0; i < _uses.Length; i++)
            {
                _observed[i] = Value.Null;
                _uses[i].Argument?.Evaluate(context, out _observed[i]);
                if (_observed[i].Kind == ValueKind.Error)
                {
                    _observed[i] = Value.Null;
                }
            }
        }

        public void Commit()
        {
            for (var i = 0; i < _uses.Length; i++)
            {
                _aggregators[i].Add(_observed[i]);
            }
        }

        public void Merge(FormulaAggregates other)
        {
            for (var i = 0; i < _aggregators.Length; i++)
            {
                _aggregators[i].Merge(other._aggregators[i]);
            }
        }

        public void Restart(FormulaAggregates settled)
        {
            for (var i = 0; i < _aggregators.Length; i++)
            {
                _aggregators[i].Restart(settled._aggregators[i]);
            }
        }

        public bool EndPass()
        {
            var isUnfinished = false;
            foreach (var aggregator in _aggregators)
            {
                isUnfinished |= aggregator.EndPass();
            }

            return isUnfinished;
        }

        public void Publish(EvaluationContext context)
        {
            for (var i = 0; i < _uses.Length; i++)
            {
                context.Aggregates[_uses[i].Index] = _aggregators[i].Result;
            }
        }
    }
}
