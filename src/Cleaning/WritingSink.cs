using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
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

    public WritingSink(FileCleaning job, CleaningRun run)
    {
        _output = new OutputBuffer(job.Outputs.OpenOutput());
        _rows = new RowWriter(_output, job.Plan.Write, run.Program, run.Input.Dialect, job.InputName);
        _rejects = new RejectWriter(job, run.Input);
        _read = new RejectingStep("read", PlanFingerprint.OfRead(job.Plan));
        if (job.WriteHeader)
        {
            _rows.WriteHeader(run.Program);
        }
    }

    /// <summary>Bytes of output, once everything is flushed.</summary>
    public long BytesOut => _output.Length;

    public void Loaded(Row row)
    {
    }

    public void Applied(RowStep step, StepResult result, Problem? problem)
    {
    }

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
