using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Steps;
using OrleansClean.Cleaning.Writing;

namespace OrleansClean.Cleaning;

/// <summary>Writes good rows to the output and bad ones to the rejects.</summary>
internal sealed class WritingSink : IRowSink, IDisposable
{
    private readonly OutputBuffer _output;
    private readonly RowWriter _rows;
    private readonly RejectWriter _rejects;
    private readonly RejectingStep _read;

    public WritingSink(FileCleaning job, InputFile input, RowProgram program, RowTargets targets)
    {
        _output = new OutputBuffer(targets.Output(), holdBytes: targets.HoldBytes);
        _rows = new RowWriter(_output, job.Plan.Write, program, input.Dialect, job.InputName);
        _rejects = new RejectWriter(job, targets);
        _read = new RejectingStep("read", PlanFingerprint.OfRead(job.Plan));
        if (targets.WriteHeader)
        {
            _rows.WriteHeader(program);
        }
    }

    /// <summary>Bytes of output, once everything is flushed.</summary>
    public long BytesOut => _output.Length;

    public bool Finished(Row row)
    {
        _rows.Write(row);
        return true;
    }

    public bool Dropped(Record record, RowStep step) => true;

    public bool Rejected(Record record, RowStep? step, Problem problem)
    {
        _rejects.Add(record, step is null ? _read : new RejectingStep(step.Id, step.Fingerprint), problem);
        return true;
    }

    /// <summary>The rejected rows have begun.</summary>
    public bool HasRejectRows => _rejects.HasRows;

    /// <summary>Appends what the sink of a range holds back, and empties it.</summary>
    public void Take(WritingSink range)
    {
        _output.Take(range._output);
        _rejects.Take(range._rejects);
    }

    /// <summary>Where the sink of a range writes what it cannot hold back, once all ranges before it are written.</summary>
    public RowTargets TargetsOfRange(Action waitForTurn, int holdBytes) => new()
    {
        Output = () => new TurnStream(waitForTurn, _output.Append),
        RejectRecords = () => new TurnStream(waitForTurn, _rejects.AppendRecords),
        RejectRows = () => new TurnStream(waitForTurn, _rejects.AppendRows),
        HoldBytes = holdBytes,
    };

    /// <summary>Forgets what is held back.</summary>
    public void Clear()
    {
        _output.Clear();
        _rejects.Clear();
    }

    /// <summary>Writes everything out.</summary>
    public void Flush()
    {
        _output.Flush();
        _rejects.Flush();
    }

    public void Dispose()
    {
        _rejects.Dispose();
        _output.Dispose();
    }
}
