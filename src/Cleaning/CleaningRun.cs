using OrleansClean.Cleaning.Csv;
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

    private readonly FileCleaning _job;
    private readonly CancellationToken _cancellationToken;
    private readonly RowWork _work;
    private readonly PassProgress _progress;

    private long _records;
    private long _blankLines;
    private long _bytesIn;

    public CleaningRun(FileCleaning job, CancellationToken cancellationToken)
        : this(job, InputFile.Open(() => new WatchedStream(job.OpenInput(), cancellationToken), job.Plan.Read, job.Limits), cancellationToken)
    {
    }

    public CleaningRun(FileCleaning job, InputFile input, CancellationToken cancellationToken)
    {
        _job = job;
        _cancellationToken = cancellationToken;
        Input = input;
        _work = new RowWork(job, Input);
        _progress = new PassProgress(job.Progress, 1 + _work.Steps.Count(step => step.IsBarrier));
    }

    /// <summary>The opened input.</summary>
    public InputFile Input { get; }

    /// <summary>The compiled plan.</summary>
    public RowProgram Program => _work.Program;

    /// <summary>Runs all passes and hands the rows of the last one to <paramref name="sink"/>.</summary>
    public void Run(IRowSink sink)
    {
        for (var barrier = 0; barrier < _work.Steps.Count; barrier++)
        {
            if (_work.Steps[barrier].IsBarrier)
            {
                do
                {
                    Pass(barrier, null);
                }
                while (_work.EndPass(barrier));
            }
        }

        Pass(_work.Steps.Count, sink);
    }

    /// <summary>The file's ledger, after <see cref="Run"/>.</summary>
    public FileReport Report(long bytesOut) => _work.Report(Input, _records) with
    {
        BlankLines = Input.BlankLines + _blankLines,
        BytesIn = _bytesIn,
        BytesOut = bytesOut,
        Passes = _progress.Passes,
    };

    private void FlushBeforeWaiting(IRowSink sink)
    {
        if (sink is WritingSink writing && !_job.InputIsReady!())
        {
            writing.Flush();
        }
    }

    /// <summary>Reads the file once: up to the barrier <paramref name="end"/>, or through all steps into <paramref name="sink"/>.</summary>
    private void Pass(int end, IRowSink? sink)
    {
        _progress.BeginPass();
        _work.BeginPass();
        using var reader = Input.OpenReader(_job.Tuning, _job.InputIsReady is null || sink is null ? null : () => FlushBeforeWaiting(sink));
        var record = new Record();
        var watcher = sink as IStepWatcher;
        var rows = 0L;
        for (var result = reader.Read(record); result != ReadResult.End; result = reader.Read(record))
        {
            if (++rows % RowsPerCheck == 0)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                _progress.Tell(reader.BytesRead, sink is null ? 0 : rows);
            }

            var problem = result == ReadResult.Broken ? reader.Problem! : _work.WidthProblem(record);
            if (sink is not null)
            {
                if (!_work.Decide(record, problem, sink, watcher))
                {
                    break;
                }
            }
            else if (problem is null)
            {
                _work.Measure(record, end);
            }
        }

        _cancellationToken.ThrowIfCancellationRequested();
        _records = rows;
        _blankLines = reader.BlankLines;
        _bytesIn = reader.BytesRead;
        _progress.EndPass(_bytesIn, sink is null ? 0 : rows);
    }
}
