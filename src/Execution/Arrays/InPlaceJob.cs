using System.Security.Cryptography;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// Changes an array where it stands. Everything is measured, and every element tried, before the first one is changed; then the journal is
/// written, and range by range a copy is flushed, the range changed and flushed. A job that was killed is continued by the same command:
/// the range in doubt is restored from its copy and done again, so nothing is applied twice.
/// </summary>
internal sealed class InPlaceJob(ArrayJob job, string realPath, string name)
{
    private const int NonceBytes = 16;

    private readonly ArrayState _state = new(realPath);

    public ArrayReport Run(CancellationToken cancellationToken)
    {
        using var array = ArrayFile.Open(realPath, name, toChange: true);
        var program = ArrayProgram.Compile(job.Spec, array.Header.Element);
        if (program.Result != program.Input)
        {
            throw new UsageException($"'{name}' is {program.Input.Word()} and would become {program.Result.Word()}, but in place an array keeps its kind. Write a new file with --out, or cast back at the end.");
        }

        var record = _state.Read();
        if (record?.Work is not null)
        {
            return Continue(array, program, record, cancellationToken);
        }

        if (!job.Request.Force && record?.Fingerprint == job.Spec.Fingerprint && record.OutputTag == array.Tag.Value && record.Report.InPlace)
        {
            // A job that was killed at its very end has left its copies.
            ArrayState.Remove(_state.UndoPath);
            return record.Report with { Status = "unchanged", Input = name, Output = name, WallSeconds = 0 };
        }

        return Begin(array, program, cancellationToken);
    }

    private ArrayReport Begin(ArrayFile array, ArrayProgram program, CancellationToken cancellationToken)
    {
        var passes = new ArrayPasses(array, program, job.Seams.Tuning, job.Workers, job.Request.Statistics);
        var measured = passes.Measure(cancellationToken);
        var (before, after) = program.CanFail || job.Request.Statistics ? passes.Make(measured, sink: null, rangeDone: null, cancellationToken) : (null, null);
        array.CheckUnchanged();

        var elementBytes = program.Input.Bytes();
        var rangeElements = Math.Min(job.Seams.Tuning.RangeOf(elementBytes), Math.Max(1, array.Header.Count));
        var ranges = (array.Header.Count + rangeElements - 1) / rangeElements;
        var work = new InPlaceWork(
            KeyOf(array), rangeElements, (int)Math.Min(job.Workers, ranges), RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true), [.. measured.Barriers]);
        _state.Create();
        using var undo = UndoFile.Create(_state.UndoPath, work.Lanes, rangeElements * elementBytes, work.Nonce);
        job.Seams.Points.Pass(ArrayPoints.UndoCreated);
        var record = new ArrayRecord
        {
            Fingerprint = job.Spec.Fingerprint,
            Report = ArrayTransform.Report(job, array, name, program) with { Before = before, After = after },
            Work = work,
        };
        _state.Write(record);
        job.Seams.Points.Pass(ArrayPoints.JournalWritten);
        return Work(array, measured.Runner, record, undo, cancellationToken);
    }

    private ArrayReport Continue(ArrayFile array, ArrayProgram program, ArrayRecord record, CancellationToken cancellationToken)
    {
        var work = record.Work!;
        if (work.FileKey != KeyOf(array))
        {
            throw new UsageException(
                $"A job on '{name}' is unfinished, and this is another file than the one it was changing. Put that file back, or give the job up by removing {_state.RecordPath}.");
        }

        if (record.Fingerprint != job.Spec.Fingerprint)
        {
            throw new UsageException(
                $"A job on '{name}' with another spec is unfinished: {string.Join(", ", record.Report.Steps)}. Finish it with that spec first; the array is partly transformed.");
        }

        if (!File.Exists(_state.UndoPath))
        {
            throw new UsageException(
                $"A job on '{name}' is unfinished, and {_state.UndoPath}, which says how far it got, is not there. Put it back, or restore the array from a copy and remove {_state.RecordPath}.");
        }

        using var undo = UndoFile.Open(_state.UndoPath, work.RangeElements * program.Input.Bytes(), work.Nonce);
        return Work(array, program.Until(work.Barriers), record, undo, cancellationToken);
    }

    private ArrayReport Work(ArrayFile array, ArrayRunner runner, ArrayRecord record, UndoFile undo, CancellationToken cancellationToken)
    {
        var lanes = new InPlaceLanes(array, runner, record.Work!, undo, job.Seams);
        var doneBefore = lanes.Run(job.Workers, cancellationToken);
        ArrayState.Try(realPath, () =>
        {
            // A map does not say when it changed the time of the file; from here on it stays.
            File.SetLastWriteTimeUtc(array.Handle, DateTime.UtcNow);
            RandomAccess.FlushToDisk(array.Handle);
        });
        job.Seams.Points.Pass(ArrayPoints.ArrayFlushed);
        var report = record.Report with { RangesDoneBefore = doneBefore, Workers = job.Workers };
        _state.Write(record with { Work = null, OutputTag = array.Tag.Value, Report = report });
        job.Seams.Points.Pass(ArrayPoints.DoneRecorded);
        undo.Dispose();
        ArrayState.Remove(_state.UndoPath);
        return report;
    }

    /// <summary>The file, and the header that says what its elements are.</summary>
    private static string KeyOf(ArrayFile array) => $"{array.Key}-{Convert.ToHexStringLower(SHA256.HashData(array.Header.Bytes.AsSpan()))[..16]}";
}
