using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning;

/// <summary>Keeps what each step did to the selected records, and writes nothing.</summary>
internal sealed class TracingSink(CleaningRun run, TraceSelection selection) : IRowSink, IStepWatcher
{
    private readonly ImmutableArray<RowTrace>.Builder _traces = ImmutableArray.CreateBuilder<RowTrace>();
    private readonly ImmutableArray<StepTrace>.Builder _steps = ImmutableArray.CreateBuilder<StepTrace>();
    private ImmutableArray<CellText> _before = [];
    private string?[] _texts = [];
    private Row? _row;

    /// <summary>The traces, in file order.</summary>
    public ImmutableArray<RowTrace> Traces => _traces.ToImmutable();

    /// <summary>The last line that any record touched.</summary>
    public long LineSeen { get; private set; }

    public void Loaded(Row row)
    {
        _row = IsSelected(row.Record) ? row : null;
        if (_row is null)
        {
            return;
        }

        _steps.Clear();
        _texts = [.. Enumerable.Range(0, run.Program.SlotCount).Select(slot => slot < run.Program.SourceCount ? Text(slot) : null)];
        var start = row.Record.RawStart;
        _before =
        [
            .. run.Input.Header.Select((name, i) =>
                new CellText(name, _texts[i]!, row.Record.IsDecoded ? -1 : row.Record.Bounds[row.Record.First + i] + 1 - start)),
        ];
    }

    public void Applied(RowStep step, StepResult result, Problem? problem)
    {
        if (_row is null)
        {
            return;
        }

        var changes = ImmutableArray.CreateBuilder<CellChange>();
        for (var slot = 0; slot < _texts.Length; slot++)
        {
            var isUnset = _texts[slot] is null && _row.IsVerbatim(slot);
            var text = isUnset ? null : Text(slot);
            if (text != _texts[slot])
            {
                changes.Add(new CellChange(run.Program.SlotNames[slot], _texts[slot], text!));
                _texts[slot] = text;
            }
        }

        _steps.Add(new StepTrace(step.Index, step.Id, Name(result), result == StepResult.Keep ? null : problem, changes.ToImmutable()));
    }

    public bool Finished(Row row) => Add(
        row.Record,
        "written",
        null,
        _row is null ? [] : [.. run.Program.Outputs.Select(column => new CellText(column.Name, Text(column.Slot)))]);

    public bool Dropped(Record record, RowStep step) => Add(record, "dropped", null, []);

    public bool Rejected(Record record, RowStep? step, Problem problem)
    {
        if (step is null)
        {
            _steps.Clear();
            _before = [];
        }

        return Add(record, "rejected", step is null ? problem : null, []);
    }

    private bool Add(Record record, string outcome, Problem? readProblem, ImmutableArray<CellText> after)
    {
        LineSeen = record.LineEnd;
        if (IsSelected(record))
        {
            _traces.Add(new RowTrace
            {
                Record = record.Number,
                Line = record.Line,
                LineEnd = record.LineEnd,
                ByteOffset = record.ByteOffset,
                Raw = Encoding.UTF8.GetString(record.Raw),
                ReadProblem = readProblem,
                Before = _before,
                Steps = _steps.ToImmutable(),
                After = after,
                Outcome = outcome,
            });
        }

        return selection.Line is { } line ? record.LineEnd < line : _traces.Count < selection.RecordsMax;
    }

    private bool IsSelected(Record record) =>
        selection.Line is { } line ? record.Line <= line && line <= record.LineEnd : _traces.Count < selection.RecordsMax;

    private string Text(int slot)
    {
        _row!.ReadVerbatim(slot, out var text);
        return Encoding.UTF8.GetString(text.AsText);
    }

    private static string Name(StepResult result) => result switch
    {
        StepResult.Keep => "kept",
        StepResult.DropNull => "dropped: null",
        StepResult.DropFalse => "dropped: false",
        StepResult.Drop => "dropped",
        StepResult.Reject => "rejected",
        _ => "failed",
    };
}
