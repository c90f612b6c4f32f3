using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Three-valued logic, and the case that the condition could not be evaluated.</summary>
public enum Truth : byte
{
    /// <summary>The condition is false.</summary>
    False,

    /// <summary>The condition is true.</summary>
    True,

    /// <summary>The condition is null.</summary>
    Null,

    /// <summary>The evaluation failed; <see cref="EvaluationContext.Problem"/> says why.</summary>
    Error,
}

/// <summary>A formula compiled against a header: a tree that is walked once per row, without allocation.</summary>
public abstract class Expression
{
    /// <summary>The type that every non-null result has.</summary>
    public abstract ColumnType Type { get; }

    /// <summary>The value for the current row; <see cref="ValueKind.Error"/> if it has none.</summary>
    public abstract void Evaluate(EvaluationContext context, out Value value);

    /// <summary>The value as a double; only numeric expressions are asked.</summary>
    internal virtual Outcome ToDouble(EvaluationContext context, out double number)
    {
        Evaluate(context, out var value);
        return Numbers.ToDouble(value, out number);
    }

    /// <summary>The value as a condition.</summary>
    public virtual Truth Test(EvaluationContext context)
    {
        Evaluate(context, out var value);
        return value.Kind switch
        {
            ValueKind.Null => Truth.Null,
            ValueKind.Boolean => value.AsBoolean ? Truth.True : Truth.False,
            _ => Truth.Error,
        };
    }
}

/// <summary>The aggregates.</summary>
public enum AggregateKind
{
    /// <summary>Smallest value.</summary>
    Min,

    /// <summary>Largest value.</summary>
    Max,

    /// <summary>Sum, rounded once.</summary>
    Sum,

    /// <summary>Mean.</summary>
    Avg,

    /// <summary>Number of rows, or of values that are not null.</summary>
    Count,

    /// <summary>Middle value; the mean of the two middle ones for an even count.</summary>
    Median,
}

/// <summary>One aggregate that a formula uses.</summary>
/// <param name="Kind">Which aggregate.</param>
/// <param name="Argument">What is aggregated; null for <c>count()</c>. Holds no aggregate itself.</param>
/// <param name="Index">Its place in <see cref="EvaluationContext.Aggregates"/>.</param>
public sealed record AggregateUse(AggregateKind Kind, Expression? Argument, int Index);

/// <summary>A formula that is ready to run.</summary>
/// <param name="Root">The tree.</param>
/// <param name="Aggregates">Aggregates that must be measured first, over the rows that reach the step.</param>
/// <param name="MeasurableParts">
/// The largest parts without an aggregate that are evaluated in every row: a row in which one of them fails is rejected
/// by the step, so its values do not count in the step's aggregates.
/// </param>
/// <param name="Columns">The names of the columns that the formula reads.</param>
public sealed record CompiledFormula(
    Expression Root,
    ImmutableArray<AggregateUse> Aggregates,
    ImmutableArray<Expression> MeasurableParts,
    ImmutableArray<string> Columns)
{
    /// <summary>Where it comes from; null for a formula that no step has.</summary>
    internal FormulaOrigin? Origin { get; init; }
}

/// <summary>What a column is when a formula is compiled.</summary>
/// <param name="Name">Its name at this step.</param>
/// <param name="Slot">Its place in <see cref="Row"/>.</param>
/// <param name="Type">Its type at this step.</param>
/// <param name="SourceIndex">Its place in the input from zero, or -1 for a derived column.</param>
public sealed record ColumnBinding(string Name, int Slot, ColumnType Type, int SourceIndex);

/// <summary>The names that a formula may use, while it is compiled against a header.</summary>
public interface IFormulaScope
{
    /// <summary>The column of that name, or null. Names are exact.</summary>
    ColumnBinding? FindColumn(string name);

    /// <summary>All names, for "did you mean".</summary>
    IEnumerable<string> ColumnNames { get; }

    /// <summary>The next free place in <see cref="EvaluationContext.Aggregates"/>.</summary>
    int NextAggregate();
}
