using OrleansClean.Execution.Mapping.Functions;
using OrleansClean.Execution.Mapping.Lines;
using OrleansClean.Execution.Mapping.Pools;
using OrleansClean.Execution.Mapping.Workers;

namespace OrleansClean.Execution.Mapping;

/// <summary>Calls a named function for every line of a stream: what <c>orleansclean map</c> does.</summary>
public static class LineMap
{
    /// <summary>
    /// Maps until the inputs end. A function that comes with the command is called in this process; one of a library in worker processes, which
    /// may loop, crash or eat their memory: that costs the input that did it, and a new process goes on behind it. Memory does not grow with
    /// the number of inputs. Throws <see cref="UsageException"/> before anything is read if the function cannot be called.
    /// </summary>
    public static async Task<LineMapReport> RunAsync(LineMapRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var workers = new MapOptions { Workers = request.Workers }.CountWorkers();
        if (request.Function.LibraryPath is null)
        {
            var marked = FunctionSource.BuiltIn.Find(request.Function.Name);
            CheckMemo(request, marked.Mark.IsPure);
            var function = FunctionBinder.Bind(marked, request.Function.Parameters);
            return await Run(request, workers, call => new LocalLane(call, function)).RunAsync(replaced: () => 0, cancellationToken);
        }

        await using var crew = await WorkerCrew.StartAsync(request, workers, cancellationToken);
        CheckMemo(request, crew.IsPure);
        return await Run(request, workers, call => new WorkerLane(call, crew)).RunAsync(() => crew.Replaced, cancellationToken);
    }

    /// <summary>
    /// The functions that come with the command, or those of the library at <paramref name="libraryPath"/>, which a worker process looks at.
    /// Throws <see cref="UsageException"/> if it is none.
    /// </summary>
    public static async Task<IReadOnlyList<MapFunctionInfo>> ListAsync(string? libraryPath, WorkerCommand? worker, CancellationToken cancellationToken) =>
        libraryPath is null
            ? [.. FunctionSource.BuiltIn.All().Select(marked => marked.ToInfo())]
            : await WorkerCrew.ListAsync(libraryPath, worker ?? throw new UsageException("A library needs a worker command."), cancellationToken);

    private static LineMapRun Run(LineMapRequest request, int workers, Func<LineMapCall, IMapLane<LineChunk>> open) =>
        new(request, workers, open, new LineReader(request.Inputs), NewMemo(request), isPart: false) { Told = request.Progress };

    /// <summary>What remembers results, if that is asked for.</summary>
    internal static Memo<string, byte[]>? NewMemo(LineMapRequest request) =>
        request.MemoMax > 0 ? new Memo<string, byte[]>(request.MemoMax, StringComparer.Ordinal) : null;

    /// <summary>Refuses to remember results of a function that does not say that it is pure.</summary>
    internal static void CheckMemo(LineMapRequest request, bool isPure)
    {
        if (request.MemoMax > 0 && !isPure)
        {
            throw new UsageException(
                $"'{request.Function.Name}' does not say that it is pure, so its results cannot be remembered. If equal inputs have equal results, mark it with IsPure = true; else leave out --memo.");
        }
    }
}
