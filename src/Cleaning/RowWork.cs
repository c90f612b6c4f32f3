using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning;

/// <summary>
/// Takes one row after the other through a plan's steps and counts what becomes of them. Several may work on one file, each on
/// rows of its own: they begin a pass alike (<see cref="Adopt"/>) and are added up in file order (<see cref="Merge"/>).
/// </summary>
internal sealed class RowWork
{
    private readonly RowStep[] _steps;
    private readonly StepCounts[] _counts;
    private readonly StepCounts _readCounts = new();
    private readonly Row _row;
    private readonly EvaluationContext _context;

    public RowWork(FileCleaning job, InputFile input)
    {
        Program = RowProgramCompiler.Compile(job.Plan, input.Header);
        _steps = [.. Program.Steps];
        _counts = [.. _steps.Select(_ => new StepCounts())];
        _row = new Row(Program.SlotCount, Program.SourceCount, [.. job.Plan.Read.Nulls.Select(Encoding.UTF8.GetBytes)]);
        _context = new EvaluationContext(_row, job.Now) { Aggregates = new Value[Program.AggregateCount] };
    }

    /// <summary>The compiled plan.</summary>
    public RowProgram Program { get; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<RowStep> Steps => _steps;

    /// <summary>The first rejected row, or null.</summary>
    public RejectPlace? FirstReject { get; private set; }

    /// <summary>A formula asked for the time.</summary>
    public bool ClockWasRead => _context.ClockWasRead;

    /// <summary>Begins a pass over the file.</summary>
    public void BeginPass()
    {
        foreach (var step in _steps)
        {
            step.BeginPass();
        }
    }

    /// <summary>Ends a measuring pass for the barrier <paramref name="barrier"/>; true if another one is needed.</summary>
    public bool EndPass(int barrier) => _steps[barrier].EndPass(_context);

    /// <summary>Begins a pass over some of the rows with all that <paramref name="settled"/> has decided, and nothing counted.</summary>
    public void Adopt(RowWork settled)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            _steps[i].Adopt(settled._steps[i]);
            _counts[i].Clear();
        }

        _readCounts.Clear();
        _context.Aggregates = settled._context.Aggregates;
        _context.ClockWasRead = false;
        FirstReject = null;
    }

    /// <summary>Adds what <paramref name="later"/> measured and counted in rows that follow these.</summary>
    public void Merge(RowWork later)
    {
        for (var i = 0; i < _steps.Length; i++)
        {
            _steps[i].Merge(later._steps[i]);
            _counts[i].Add(later._counts[i]);
        }

        _readCounts.Add(later._readCounts);
        _context.ClockWasRead |= later._context.ClockWasRead;
        FirstReject ??= later.FirstReject;
    }

    /// <summary>Adds what was counted to <paramref name="checkpoint"/>. Cells stay out of it.</summary>
    public RangeCheckpoint Save(RangeCheckpoint checkpoint) => checkpoint with
    {
        Steps = [_readCounts.Checkpoint(), .. _counts.Select(counts => counts.Checkpoint())],
        Expectations = [.. _steps.SelectMany(step => step.ExpectationReports()).Select(WithoutCells)],
        FirstReject = FirstReject is { } reject ? reject with { Value = null } : null,
        ClockWasRead = ClockWasRead,
    };

    /// <summary>Goes on counting from <paramref name="checkpoint"/>, in a pass that has begun.</summary>
    public void Restore(RangeCheckpoint checkpoint)
    {
        _readCounts.Restore(checkpoint.Steps[0]);
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i].Restore(checkpoint.Steps[i + 1]);
            _steps[i].Restore(checkpoint.Expectations);
        }

        FirstReject = checkpoint.FirstReject;
        _context.ClockWasRead |= checkpoint.ClockWasRead;
    }

    /// <summary>What is wrong with a record as such, or null.</summary>
    public Problem? WidthProblem(Record record) =>
        record.FieldCount == Program.SourceCount ? null : RecordProblems.OfWidth(record.FieldCount, Program.SourceCount);

    /// <summary>Takes a record up to the barrier and has it measured there; a negative one stands for none.</summary>
    public void Measure(Record record, int barrier)
    {
        if (barrier < 0)
        {
            return;
        }

        _row.Load(record);
        for (var i = 0; i < barrier; i++)
        {
            _context.Clear();
            if (_steps[i].SeesRows && _steps[i].Apply(_row, _context) is var result and not StepResult.Keep)
            {
                FailIfAsked(result, record, _steps[i]);
                return;
            }
        }

        _context.Clear();
        _steps[barrier].Measure(_row, _context);
    }

    /// <summary>Takes a record through all steps; false if the sink wants no more.</summary>
    public bool Decide(Record record, Problem? problem, IRowSink sink, IStepWatcher? watcher = null)
    {
        if (problem is not null)
        {
            _readCounts.Reject(problem.Code);
            NoteReject(record, problem);
            return sink.Rejected(record, null, problem);
        }

        _row.Load(record);
        watcher?.Loaded(_row);
        var steps = _steps;
        for (var i = 0; i < steps.Length; i++)
        {
            var step = steps[i];
            if (!step.SeesRows)
            {
                continue;
            }

            _context.Clear();
            step.CellsChanged = 0;
            var result = step.Apply(_row, _context);
            watcher?.Applied(step, result, _context.Problem);
            if (result != StepResult.Keep)
            {
                FailIfAsked(result, record, step);
                return Remove(record, step, _counts[i], result, sink);
            }

            _counts[i].CellsChanged += step.CellsChanged;
        }

        return sink.Finished(_row);
    }

    /// <summary>The ledger of <paramref name="records"/> records, without what only the file's reader knows.</summary>
    public FileReport Report(InputFile input, long records)
    {
        var reports = ImmutableArray.CreateBuilder<StepReport>(_steps.Length + 1);
        reports.Add(_readCounts.Report(0, "read", "", records, null));
        for (var i = 0; i < _steps.Length; i++)
        {
            var step = _steps[i];
            reports.Add(_counts[i].Report(step.Index, step.Id, step.Verb, reports[i].Rows.Out, step));
        }

        var expectations = _steps.SelectMany(step => step.ExpectationReports()).ToImmutableArray();
        return new FileReport
        {
            Dialect = input.Dialect,
            Rows = new RowCounts(
                records, reports[^1].Rows.Out, reports.Sum(step => step.Rows.Dropped), reports.Sum(step => step.Rows.Rejected)),
            Steps = reports.DrainToImmutable(),
            Expectations = expectations,
            PreambleLines = input.Dialect.PreambleLines,
            CellsChanged = _counts.Sum(count => count.CellsChanged),
            Renamed = RenamedColumns(input),
            Columns = [.. Program.Outputs.Select(column => column.Name)],
            InputColumns = input.Header.Count,
            FirstReject = FirstReject,
            Warnings = expectations.Where(check => check.Severity == "warn").Sum(check => check.Unexpected),
            ClockWasRead = ClockWasRead,
        };
    }

    private ImmutableArray<ColumnMapping> RenamedColumns(InputFile input) =>
    [
        .. Program.Outputs
            .Where(column => column.Slot < Program.SourceCount && column.Name != input.Header[column.Slot])
            .Select(column => new ColumnMapping(input.Header[column.Slot], column.Name)),
    ];

    private static ExpectationReport WithoutCells(ExpectationReport report) =>
        report with { Samples = [.. report.Samples.Select(sample => sample with { Value = null })] };

    private bool Remove(Record record, RowStep step, StepCounts counts, StepResult result, IRowSink sink)
    {
        if (result != StepResult.Reject)
        {
            counts.Drop(result);
            return sink.Dropped(record, step);
        }

        var problem = _context.Problem!;
        counts.Reject(problem.Code);
        NoteReject(record, problem);
        return sink.Rejected(record, step, problem);
    }

    private void FailIfAsked(StepResult result, Record record, RowStep step)
    {
        if (result == StepResult.Fail)
        {
            var problem = _context.Problem!;
            var place = problem.Column is null ? "" : $", column {problem.Column}";
            throw new FileFailedException(problem.Code, $"Step {step.Id} fails the file at line {record.Line}{place}: {problem.Message}")
            {
                Line = record.Line,
            };
        }
    }

    private void NoteReject(Record record, Problem problem) =>
        FirstReject ??= new RejectPlace(
            record.Line,
            problem.Column,
            problem.Code,
            problem.Value is null ? null : ShortText(problem.Value),
            problem.Expected);

    private static string ShortText(byte[] value)
    {
        const int charsMax = 200;
        var text = Encoding.UTF8.GetString(value, 0, Math.Min(value.Length, charsMax * 4));
        return text.Length > charsMax ? text[..charsMax] : text;
    }
}
