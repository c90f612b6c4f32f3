using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Steps;

/// <summary>A plan compiled against one file's header.</summary>
internal sealed record RowProgram
{
    /// <summary>One per step of the plan, in order, then one for the expectations if there are any (id <c>expect</c>).</summary>
    public required ImmutableArray<RowStep> Steps { get; init; }

    /// <summary>The output's columns, in order.</summary>
    public required ImmutableArray<OutputColumn> Outputs { get; init; }

    /// <summary>The last name that each slot had, for people: of columns that did not reach the output, too.</summary>
    public required ImmutableArray<string> SlotNames { get; init; }

    /// <summary>Slots of a row: the header's columns, then the derived ones.</summary>
    public required int SlotCount { get; init; }

    /// <summary>Columns of the header.</summary>
    public required int SourceCount { get; init; }

    /// <summary>Places in <see cref="Formulas.EvaluationContext.Aggregates"/>.</summary>
    public required int AggregateCount { get; init; }

    /// <summary>A <c>guard</c> looks at every column: then the engine's own column, <c>_file</c>, is neutralised too.</summary>
    public bool IsGuarded { get; init; }
}

/// <summary>A column of the output.</summary>
internal sealed record OutputColumn(string Name, int Slot);
