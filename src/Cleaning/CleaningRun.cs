using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Formulas;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning;

/// <summary>
/// One file on its way through a plan: measuring passes for the barriers, then one pass that decides every row. What
/// becomes of the rows is up to the <see cref="IRowSink"/>: writing them, or telling what happened to them.
/// </summary>
internal sealed class CleaningRun
{
    private const int RowsPerCheck = 1024;
    private const int BytesPerProgress = 512 << 10;

    private readonly FileCleaning _job;
    private readonly CancellationToken _cancellationToken;
    private readonly RowStep[] _steps;
    private readonly bool[] _isMeasured;
    private readonly StepCounts[] _counts;
    private readonly StepCounts _readCounts = new();
    private readonly Row _row;
    private readonly EvaluationContext _context;
    private readonly int _passesExpected;

    private int _passes;
    private long _records;
    private long _blankLines;
    private long _bytesIn;
    private long _bytesReported;
    private long _rowsReported;

    public CleaningRun(FileCleaning job, CancellationToken cancellationToken)
    {
        _job = job;
        _cancellationToken = cancellationToken;
        Input = InputFile.Open(() => new WatchedStream(job.OpenInput(), cancellationToken), job.Plan.Read, job.Limits);
        Program = RowProgramCompiler.Compile(job.Plan, Input.Header);
        _steps = [.. Program.Steps];
        _isMeasured = [.. _steps.Select(step => !step.IsBarrier)];
        _counts = [.. _steps.Select(_ => new StepCounts())];
        _passesExpected = 1 + _isMeasured.Count(isMeasured => !isMeasured);
        _row = new Row(Program.SlotCount, Program.SourceCount, [.. job.Plan.Read.Nulls.Select(Encoding.UTF8.GetBytes)]);
        _context = new EvaluationContext(_row, job.Now) { Aggregates = new Value[Program.AggregateCount] };
    }

    /// <summary>The opened input.</summary>
    public InputFile Input { get; }

    /// <summary>The compiled plan.</summary>
    public RowProgram Program { get; }

    /// <summary>The first rejected row, or null.</summary>
    public RejectPlace? FirstReject { get; private set; }

    /// <summary>Runs all passes and hands the rows of the last one to <paramref name="sink"/>.</summary>
    public void Run(IRowSink sink)
    {
        for (var barrier = 0; barrier < _steps.Length; barrier++)
        {
            if (!_isMeasured[barrier])
            {
                do
                {
                    Pass(barrier, null);
                }
                while (_steps[barrier].EndPass(_context));

                _isMeasured[barrier] = true;
            }
        }

        Pass(_steps.Length, sink);
    }

    /// <summary>The file's ledger, after <see cref="Run"/>.</summary>
    public FileReport Report(long bytesOut)
    {
        var reports = ImmutableArray.CreateBuilder<StepReport>(_steps.Length + 1);
        reports.Add(_readCounts.Report(0, "read", "", _records, null));
        for (var i = 0; i < _steps.Length; i++)
        {
            var step = _steps[i];
            reports.Add(_counts[i].Report(step.Index, step.Id, step.Verb, reports[i].Rows.Out, step));
        }

        var expectations = _steps.SelectMany(step => step.ExpectationReports()).ToImmutableArray();
        return new FileReport
        {
            Dialect = Input.Dialect,
            Rows = new RowCounts(
                _records, reports[^1].Rows.Out, reports.Sum(step => step.Rows.Dropped), reports.Sum(step => step.Rows.Rejected)),
            Steps = reports.DrainToImmutable(),
            Expectations = expectations,
            PreambleLines = Input.Dialect.PreambleLines,
            BlankLines = Input.BlankLines + _blankLines,
            CellsChanged = _counts.Sum(count => count.CellsChanged),
            BytesIn = _bytesIn,
            BytesOut = bytesOut,
            Renamed = RenamedColumns(),
            Columns = [.. Program.Outputs.Select(column => column.Name)],
            InputColumns = Input.Header.Count,
            FirstReject = FirstReject,
            Warnings = expectations.Where(check => check.Severity == "warn").Sum(check => check.Unexpected),
            ClockWasRead = _context.ClockWasRead,
            Passes = _passes,
        };
    }

    private ImmutableArray<ColumnMapping> RenamedColumns() =>
    [
        .. Program.Outputs
            .Where(column => column.Slot < Program.SourceCount && column.Name != Input.Header[column.Slot])
            .Select(column => new ColumnMapping(Input.Header[column.Slot], column.Name)),
    ];

    /// <summary>Reads the file once: up to the barrier <paramref name="end"/>, or through all steps into <paramref name="sink"/>.</summary>
    private void Pass(int end, IRowSink? sink)
    {
        _passes++;
        foreach (var step in _steps)
        {
            step.BeginPass();
        }

        using var reader = Input.OpenReader(_job.Tuning);
        var record = new Record();
        var rows = 0L;
        for (var result = reader.Read(record); result != ReadResult.End; result = reader.Read(record))
        {
            if (++rows % RowsPerCheck == 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                TellProgress(reader.BytesRead, sink is null ? 0 : rows);
            }

            var problem = result == ReadResult.Broken ? reader.Problem! : WidthProblem(record);
            if (sink is null)
            {
                MeasureRow(record, problem, end);
            }
            else if (!DecideRow(record, problem, sink))
            {
                break;
            }
        }

        _cancellationToken.ThrowIfCancellationRequested();
        TellProgress(reader.BytesRead, sink is null ? 0 : rows, isLast: true);
        _records = rows;
        _blankLines = reader.BlankLines;
        _bytesIn = reader.BytesRead;
    }

    private Problem? WidthProblem(Record record) =>
        record.FieldCount == Program.SourceCount ? null : RecordProblems.OfWidth(record.FieldCount, Program.SourceCount);

    private void MeasureRow(Record record, Problem? problem, int barrier)
    {
        if (problem is not null)
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

    /// <summary>Takes a row through all steps; false if the sink wants no more.</summary>
    private bool DecideRow(Record record, Problem? problem, IRowSink sink)
    {
        if (problem is not null)
        {
            _readCounts.Reject(problem.Code);
            NoteReject(record, problem);
            return sink.Rejected(record, null, problem);
        }

        _row.Load(record);
        sink.Loaded(_row);
        for (var i = 0; i < _steps.Length; i++)
        {
            var step = _steps[i];
            if (!step.SeesRows)
            {
                continue;
            }

            _context.Clear();
            step.CellsChanged = 0;
            var result = step.Apply(_row, _context);
            sink.Applied(step, result, _context.Problem);
            if (result != StepResult.Keep)
            {
                FailIfAsked(result, record, step);
                return Remove(record, step, _counts[i], result, sink);
            }

            _counts[i].CellsChanged += step.CellsChanged;
        }

        return sink.Finished(_row);
    }

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

    private void TellProgress(long bytesRead, long rows, bool isLast = false)
    {
        // Every pass reads the file once; together they count as its bytes, once.
        var bytes = ((_passes - 1) * Math.Max(_bytesIn, bytesRead) + bytesRead) / Math.Max(_passes, _passesExpected);
        if (_job.Progress is { } progress && (isLast || bytes - _bytesReported >= BytesPerProgress))
        {
            progress(Math.Max(0, bytes - _bytesReported), rows - _rowsReported);
            _bytesReported = Math.Max(bytes, _bytesReported);
            _rowsReported = rows;
        }
    }
}
