using Microsoft.Win32.SafeHandles;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// Writes the result to a new file. It grows out of sight, is flushed, and appears by one rename: the output's name shows its old content or
/// all of the new one. A killed job leaves nothing that is seen, and the same command starts anew.
/// </summary>
internal sealed class NewFileJob(ArrayJob job, string outputPath, string outputName)
{
    private readonly ArrayState _state = new(outputPath);

    public ArrayReport Run(CancellationToken cancellationToken)
    {
        using var input = ArrayFile.Open(job.Input, job.Request.InputPath!, toChange: false);
        CheckOutput();
        CheckWhole(input.Name);
        var inputTag = input.Tag;
        var program = ArrayProgram.Compile(job.Spec, input.Header.Element);
        var standing = LocalFile.TagOf(outputPath);
        var record = ReadRecord();
        var isOurs = standing is not null && record?.OutputTag == standing.Value.Value;
        if (isOurs && !job.Request.Force && record!.Fingerprint == job.Spec.Fingerprint && record.InputTag == inputTag.Value)
        {
            return record.Report with { Status = "unchanged", Input = input.Name, Output = outputName, WallSeconds = 0 };
        }

        if (standing is not null && !isOurs && !job.Request.Force)
        {
            throw new UsageException($"'{outputName}' is there already, and not by this command. Name another file with --out, or replace it with --force.");
        }

        _state.Create();
        using var partial = FileLocks.Open(_state.PartialPath, outputName, FileAccess.ReadWrite, FileShare.None, FileMode.OpenOrCreate);
        try
        {
            return Make(input, inputTag, program, partial, cancellationToken);
        }
        catch (Exception)
        {
            Discard();
            throw;
        }
    }

    private ArrayReport Make(ArrayFile input, ETag inputTag, ArrayProgram program, SafeFileHandle partial, CancellationToken cancellationToken)
    {
        var header = input.Header.With(program.Result);
        var passes = new ArrayPasses(input, program, job.Seams.Tuning, job.Workers, job.Request.Statistics);
        var measured = passes.Measure(cancellationToken);
        Write(() =>
        {
            RandomAccess.SetLength(partial, 0);
            RandomAccess.SetLength(partial, header.Bytes.Length + header.DataBytes);
            LocalFile.Reserve(partial, 0, header.Bytes.Length + header.DataBytes);
            RandomAccess.Write(partial, header.Bytes.AsSpan(), 0);
        });
        job.Seams.Points.Pass(ArrayPoints.PartialCreated);
        var bytes = program.Result.Bytes();
        var (before, after) = passes.Make(
            measured,
            (index, elements) => WriteElements(partial, elements, header.Bytes.Length + (index * bytes)),
            () => job.Seams.Points.Pass(ArrayPoints.RangeWritten),
            cancellationToken);
        input.CheckUnchanged();
        var report = ArrayTransform.Report(job, input, outputName, program) with { Before = before, After = after };
        Publish(partial, new ArrayRecord { Fingerprint = job.Spec.Fingerprint, InputTag = inputTag.Value, Report = report });
        return report;
    }

    private void Publish(SafeFileHandle partial, ArrayRecord record)
    {
        Write(() => RandomAccess.FlushToDisk(partial));
        job.Seams.Points.Pass(ArrayPoints.PartialFlushed);

        // First what will stand there, then that it stands there: a record without its output is one that nothing matches.
        _state.Write(record with { OutputTag = LocalFile.TagOf(partial, _state.PartialPath)!.Value.Value });
        job.Seams.Points.Pass(ArrayPoints.RecordWritten);
        Write(() =>
        {
            File.Move(_state.PartialPath, outputPath, overwrite: true);
            LocalFile.FlushFolder(Path.GetDirectoryName(outputPath)!);
        });
        job.Seams.Points.Pass(ArrayPoints.Renamed);
    }

    private void CheckOutput()
    {
        if (Directory.Exists(outputPath))
        {
            throw new UsageException($"'{outputName}' is a folder. Name a file in it.");
        }

        if (LocalFile.RealPathOf(outputPath) is not { } real || real == LocalFile.RealPathOf(job.Input))
        {
            throw new UsageException($"'{outputName}' is the input. Name another file with --out, or change the array where it stands with --in-place.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(outputPath)))
        {
            Write(() => Directory.CreateDirectory(Path.GetDirectoryName(outputPath)!));
        }
    }

    /// <summary>An array that a job in place has half done is no input.</summary>
    private void CheckWhole(string name)
    {
        if (new ArrayState(LocalFile.RealPathOf(job.Input) ?? job.Input).Read() is { Work: not null } unfinished)
        {
            throw new UsageException($"A job in place on '{name}' is unfinished: {string.Join(", ", unfinished.Report.Steps)}. Finish it with that spec first; the array is partly transformed.");
        }
    }

    private ArrayRecord? ReadRecord()
    {
        try
        {
            return _state.Read() is { Work: null } done ? done : null;
        }
        catch (StorageException)
        {
            // Damaged. Of a new file it only says that nothing need be done.
            return null;
        }
    }

    private void WriteElements(SafeFileHandle partial, ReadOnlySpan<byte> elements, long offset)
    {
        try
        {
            RandomAccess.Write(partial, elements, offset);
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            throw LocalFile.Explain(e, outputName, "written");
        }
    }

    private void Write(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            throw LocalFile.Explain(e, outputName, "written");
        }
    }

    private void Discard()
    {
        try
        {
            File.Delete(_state.PartialPath);
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            // Nobody sees the file, the next job empties it, and there is a more important failure to tell.
        }
    }
}
