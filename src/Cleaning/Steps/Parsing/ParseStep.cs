using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Steps;

/// <summary>
/// <c>parse</c>: checks that cells are of a type, brings them into its plain form and types the column. Columns of dates
/// whose order must be proven make it a barrier. Where cells may stay as they were (<c>on_error: keep</c>, or a
/// <c>when</c>), the column is checked and rewritten but has no type afterwards, unless it had that type before.
/// </summary>
internal sealed class ParseStep(StepIdentity identity, OnError onError, ParseStep.ParsedColumn[] columns) : RowStep(identity)
{
    public override bool IsBarrier { get; } = Array.Exists(columns, column => column.Proof is not null);

    public override IEnumerable<StepDecision> Decisions => columns
        .Select(column => column.Proof?.Proof.Decision(column.Cell.Column.Name))
        .OfType<StepDecision>();

    public override void Adopt(RowStep settled)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Proof?.Proof.Restart(((ParseStep)settled).Columns[i].Proof!.Proof);
        }
    }

    public override void Merge(RowStep other)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i].Proof?.Proof.Merge(((ParseStep)other).Columns[i].Proof!.Proof);
        }
    }

    public static RowStep Compile(Step.Parse step, StepCompilation compilation)
    {
        var mayStay = compilation.IsConditional || step.OnError == OnError.Keep;
        var columns = new List<ParsedColumn>();
        foreach (var parse in step.Columns)
        {
            if (compilation.Find(parse.Column) is not { } column)
            {
                continue;
            }

            // Text is what untyped cells are already; a cell that has a value loses it.
            var isTyped = !mayStay || column.Type == parse.Type || parse.Type == ColumnType.Text;
            var wasTyped = column.Type is not (ColumnType.Untyped or ColumnType.Text);
            var cell = new RewrittenColumn(column, wasTyped && (!isTyped || parse.Type == ColumnType.Text));
            compilation.Columns.Retype(column.Slot, isTyped ? parse.Type : ColumnType.Untyped);
            if (parse.Type == ColumnType.Text)
            {
                columns.Add(new ParsedColumn(cell, Reader: null, isTyped, parse.Type));
            }
            else if (CellReader.Create(parse, out var error) is { } reader)
            {
                columns.Add(new ParsedColumn(cell, reader, isTyped, parse.Type));
            }
            else
            {
                compilation.Problems.Add(new PlanProblem(parse.Column.At, error));
            }
        }

        return columns.TrueForAll(column => column.Reader is null && !column.Cell.WasTyped)
            ? compilation.HeaderOnly()
            : new ParseStep(compilation.Identity, step.OnError, [.. columns]);
    }

    public override StepResult Apply(Row row, EvaluationContext context)
    {
        foreach (var column in columns)
        {
            var result = column.Reader is null ? Untype(row, column) : Apply(row, context, column, column.Reader);
            if (result != StepResult.Keep)
            {
                return result;
            }
        }

        return StepResult.Keep;
    }

    public override void Measure(Row row, EvaluationContext context)
    {
        foreach (var column in columns)
        {
            if (column.Proof is not null)
            {
                row.ReadText(column.Cell.Slot, out var text);
                if (!text.IsNull)
                {
                    column.Proof.Measure(text.AsText);
                }
            }
        }
    }

    public override bool EndPass(EvaluationContext context)
    {
        foreach (var column in columns)
        {
            column.Proof?.Proof.Settle();
        }

        return false;
    }

    private ParsedColumn[] Columns => columns;

    private static StepResult Untype(Row row, ParsedColumn column)
    {
        column.Cell.Leave(row);
        return StepResult.Keep;
    }

    private StepResult Apply(Row row, EvaluationContext context, ParsedColumn column, CellReader reader)
    {
        row.ReadText(column.Cell.Slot, out var text);
        if (text.IsNull)
        {
            Leave(row, column, Value.Null);
            return StepResult.Keep;
        }

        var status = reader.Read(text, row.Arena, out var typed, out var plain);
        switch (status)
        {
            case CellStatus.Plain:
                Leave(row, column, typed);
                return StepResult.Keep;
            case CellStatus.Rewritten or CellStatus.Blank:
                if (column.IsTyped && status == CellStatus.Rewritten)
                {
                    row.SetTyped(column.Cell.Slot, typed, plain);
                }
                else
                {
                    row.SetText(column.Cell.Slot, plain);
                }

                CellsChanged++;
                return StepResult.Keep;
            default:
                var problem = onError is OnError.Reject or OnError.Fail
                    ? WhatIsWrong(status, column, reader, text.AsText)
                    : null;
                return column.Cell.Fail(row, context, this, onError, problem!);
        }
    }

    /// <summary>Leaves the text as it is and gives it its value.</summary>
    private static void Leave(Row row, ParsedColumn column, in Value typed)
    {
        if (column.IsTyped)
        {
            row.SetTyped(column.Cell.Slot, typed);
        }
        else
        {
            column.Cell.Leave(row);
        }
    }

    private static Problem WhatIsWrong(CellStatus status, ParsedColumn column, CellReader reader, ReadOnlySpan<byte> text)
    {
        if (status == CellStatus.Ambiguous)
        {
            return CellProblem.Of(
                ProblemCodes.AmbiguousDate,
                "Day and month could change places, and the rest of the column does not prove their order."
                + " Say which one it is, with formats: [d/M/yyyy] or [M/d/yyyy].",
                column.Cell.Column,
                reader.Expected,
                text);
        }

        return CellProblem.Of(
            ProblemCodes.TypeError,
            $"The cell is not {Words.Of(column.Type)}.",
            column.Cell.Column,
            reader.Expected,
            text);
    }

    /// <summary>One column and how it is read; without a reader it is text.</summary>
    internal sealed record ParsedColumn(RewrittenColumn Cell, CellReader? Reader, bool IsTyped, ColumnType Type)
    {
        /// <summary>The reader, if the column must prove the order of its dates first.</summary>
        public DateCellReader? Proof { get; } = Reader is DateCellReader { NeedsProof: true } dates ? dates : null;
    }
}
