using System.Diagnostics;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Running;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Arrays;

/// <summary>The library's door to arrays: transform a <c>.npy</c> file, or an array in memory, by a spec.</summary>
public static class ArrayTransform
{
    /// <summary>
    /// Transforms the array at <paramref name="inputPath"/> by the spec at <paramref name="specPath"/> into the new file
    /// <paramref name="outputPath"/>. As <see cref="RunAsync(ArrayRequest, CancellationToken)"/>.
    /// </summary>
    public static Task<ArrayReport> RunAsync(string specPath, string inputPath, string outputPath, CancellationToken cancellationToken = default) =>
        RunAsync(new ArrayRequest { SpecPath = specPath, InputPath = inputPath, OutputPath = outputPath }, cancellationToken);

    /// <summary>
    /// Carries out <paramref name="request"/> and returns what became of the array. What is written does not depend on the number of workers. It may be
    /// called again at any time, also after the process was killed: a new file appears whole or not at all, a job in place is continued, and
    /// what is done is not done twice. Throws <see cref="PlanException"/> for a bad spec, <see cref="UsageException"/> if nothing can be
    /// done, <see cref="FileFailedException"/> if the file is no array that is read or an element cannot take a step,
    /// <c>StorageException</c> if the disk refuses, and <see cref="OperationCanceledException"/> when cancelled.
    /// </summary>
    public static Task<ArrayReport> RunAsync(ArrayRequest request, CancellationToken cancellationToken = default) =>
        RunAsync(request, ArraySeams.Real, cancellationToken);

    /// <summary>
    /// The same with addresses of <paramref name="stores"/> for input and output: an array that one of them names is transformed range by range, as
    /// <see cref="ArrayBatch"/> does.
    /// </summary>
    public static async Task<ArrayReport> RunAsync(ArrayRequest request, IStoreDirectory stores, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var named = Name(request);
        return ArrayBatch.IsAddress(named.Input.Path) || (named.Output is { } output && ArrayBatch.IsAddress(output.Path))
            ? await ArrayBatch.RunAsync(ToBatch(request, named), stores, request.Workers, cancellationToken)
            : await StartAsync(() => Run(request, named, ArraySeams.Real, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// The same request for a host that transforms range by range. Throws <see cref="PlanException"/> for a bad spec and <see cref="UsageException"/> for what such a
    /// host cannot do.
    /// </summary>
    public static ArrayBatchRequest ToBatch(ArrayRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return ToBatch(request, Name(request));
    }

    private static ArrayBatchRequest ToBatch(ArrayRequest request, NamedArrays named)
    {
        if (request.InPlace)
        {
            throw new UsageException("--in-place changes a file of this machine where it stands. In a store, and on a cluster, the result is a new array: name it with --out.");
        }

        return new ArrayBatchRequest(named.SpecText, request.SpecPath, named.Input.Path, (named.Output ?? throw NoOutput(request)).Path)
        {
            Force = request.Force,
            Statistics = request.Statistics,
        };
    }

    /// <summary>
    /// Transforms <paramref name="values"/> where they stand and returns what was measured. If an element cannot take a step, or a step would
    /// change the kind of the elements, it throws and none is changed.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/>, <see cref="double"/>, <see cref="int"/> or <see cref="long"/>.</typeparam>
    public static (ArrayStatistics? Before, ArrayStatistics? After) Apply<T>(
        Memory<T> values,
        ArraySpec spec,
        int? workers = null,
        bool statistics = false,
        CancellationToken cancellationToken = default)
        where T : unmanaged =>
        Apply(values, spec, WorkerCount.For(workers, memoryBytes: null), statistics, ArrayTuning.OfEnvironment(), cancellationToken);

    internal static (ArrayStatistics? Before, ArrayStatistics? After) Apply<T>(
        Memory<T> values,
        ArraySpec spec,
        int workers,
        bool statistics,
        ArrayTuning tuning,
        CancellationToken cancellationToken)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(spec);
        var element = ArrayElements.Of<T>() ?? throw new UsageException($"Arrays are made of float, double, int or long, not of {typeof(T).Name}.");
        var program = ArrayProgram.Compile(spec, element);
        if (program.Result != element)
        {
            throw new UsageException($"The array is {element.Word()} and would become {program.Result.Word()}, but in memory an array keeps its kind. Cast back at the end.");
        }

        var array = new ArrayMemory<T>(values, element);
        var passes = new ArrayPasses(array, program, tuning, workers, statistics);
        var measured = passes.Measure(cancellationToken);
        var figures = program.CanFail || statistics ? passes.Make(measured, sink: null, rangeDone: null, cancellationToken) : default;
        array.Change(measured.Runner, tuning, workers, cancellationToken);
        return figures;
    }

    internal static Task<ArrayReport> RunAsync(ArrayRequest request, ArraySeams seams, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        return StartAsync(() => Run(request, Name(request), seams, cancellationToken), cancellationToken);
    }

    /// <summary>The work is a thread of its own and others like it, and blocks them: none of the shared pool.</summary>
    private static Task<ArrayReport> StartAsync(Func<ArrayReport> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    internal static ArrayReport Report(ArrayJob job, ArrayFile input, string output, ArrayProgram program) => new()
    {
        Status = "done",
        Input = input.Name,
        Output = output,
        InPlace = job.Request.InPlace,
        Fingerprint = job.Spec.Fingerprint,
        Steps = [.. job.Spec.Steps.Select(step => step.Words)],
        Element = program.Input.Word(),
        Result = program.Result.Word(),
        Shape = input.Header.Shape,
        BytesIn = input.Header.DataBytes,
        Workers = job.Workers,
    };

    private static ArrayReport Run(ArrayRequest request, NamedArrays named, ArraySeams seams, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var (inputName, input) = named.Input;
        var job = new ArrayJob(named.Spec, request with { InputPath = inputName }, input, WorkerCount.For(request.Workers, memoryBytes: null), seams);
        ArrayReport report;
        if (request.InPlace)
        {
            if (request.OutputPath is not null)
            {
                throw new UsageException("--in-place writes no other file: leave --out away, or --in-place.");
            }

            // A lock and a journal belong to the file, by whatever link it was named.
            report = new InPlaceJob(job, LocalFile.RealPathOf(input) ?? input, inputName).Run(cancellationToken);
        }
        else
        {
            var (outputName, output) = named.Output ?? throw NoOutput(request);
            report = new NewFileJob(job, output, outputName).Run(cancellationToken);
        }

        return report with { WallSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds };
    }

    private static UsageException NoOutput(ArrayRequest request) =>
        new($"Where to? Name the new file with --out, write `write:` into {request.SpecPath}, or change the array where it stands with --in-place.");

    /// <summary>What a request names, with what its spec adds.</summary>
    private static NamedArrays Name(ArrayRequest request)
    {
        var specPath = Path.GetFullPath(request.SpecPath, request.WorkingDirectory);
        var text = ReadSpec(specPath, request.SpecPath);
        var spec = ArraySpecLoader.Load(text, request.SpecPath);
        var specFolder = Path.GetDirectoryName(specPath)!;
        var input = Resolve(request.InputPath, request.WorkingDirectory, spec.Input, specFolder)
            ?? throw new UsageException($"Which array? Name it behind the spec, or write `input:` into {request.SpecPath}.");
        var file = Path.GetFileName(input.Name);
        var stem = file.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? file[..^4] : file;
        return new NamedArrays(
            text, spec, input, Resolve(request.OutputPath, request.WorkingDirectory, spec.Write?.Replace("{name}", stem, StringComparison.Ordinal), specFolder));
    }

    private static string ReadSpec(string path, string name)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"'{name}' is a folder, not a spec. A spec is a small YAML file that begins with `array: 1`.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"There is no spec '{name}'. A spec is a small YAML file that begins with `array: 1`.");
        }

        if (RegularFile.LengthOf(path) is not { } bytes || bytes > ArraySpecLoader.BytesMax)
        {
            throw new UsageException($"'{name}' is no spec: it is a pipe or device, or far larger than one.");
        }

        return File.ReadAllText(path);
    }

    /// <summary>The path that the request names, else the spec's: as it is shown, and in full.</summary>
    private static (string Name, string Path)? Resolve(string? asked, string workingDirectory, string? written, string specFolder)
    {
        if ((asked ?? written) is { } place && ArrayBatch.IsAddress(place))
        {
            return (place, place);
        }

        if (asked is not null)
        {
            return (asked, Path.GetFullPath(asked, workingDirectory));
        }

        if (written is null)
        {
            return null;
        }

        var path = Path.GetFullPath(written, specFolder);
        return (Path.GetRelativePath(workingDirectory, path), path);
    }

    /// <param name="SpecText">The spec.</param>
    /// <param name="Spec">The spec, read.</param>
    /// <param name="Input">The array: as it is shown, and in full.</param>
    /// <param name="Output">The new array; null if nobody names one.</param>
    private sealed record NamedArrays(string SpecText, ArraySpec Spec, (string Name, string Path) Input, (string Name, string Path)? Output);
}
