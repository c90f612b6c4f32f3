using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansClean.Execution.Mapping.Workers;

/// <summary>The worker processes of one map: as many as there are workers, and a new one for each that is gone.</summary>
internal sealed class WorkerCrew : IAsyncDisposable
{
    /// <summary>The share of this process's memory that all workers together may have unless somebody says otherwise.</summary>
    private const double MemoryShare = 0.75;

    /// <summary>Bytes that a worker process needs to be one.</summary>
    public const long WorkerBytesMin = 16 << 20;

    private readonly LineMapRequest _request;
    private readonly WorkerOpening _opening;
    private readonly long _memoryBytes;
    // Started and not heard of yet; heard of and without work.
    private readonly ConcurrentQueue<WorkerProcess> _ready = new();
    private readonly ConcurrentQueue<WorkerProcess> _idle = new();
    private readonly ConcurrentDictionary<WorkerProcess, bool> _all = new();
    private int _started;
    private int _replaced;

    private WorkerCrew(LineMapRequest request, int workers)
    {
        _request = request;
        var function = request.Function;
        _opening = new WorkerOpening(
            Path.GetFullPath(function.LibraryPath!),
            function.Name,
            new Dictionary<string, string>(function.Parameters, StringComparer.Ordinal),
            request.RetriesMax,
            request.RetryDelay.TotalMilliseconds);
        _memoryBytes = request.WorkerMemoryBytes
            ?? Math.Max(WorkerBytesMin, (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * MemoryShare / workers));
    }

    /// <summary>The function says that it is pure.</summary>
    public bool IsPure { get; private set; }

    /// <summary>Processes that were started in place of others.</summary>
    public int Replaced => Volatile.Read(ref _replaced);

    /// <summary>Starts all side by side and waits for the first. Throws <see cref="UsageException"/> if the function cannot be called.</summary>
    public static async Task<WorkerCrew> StartAsync(LineMapRequest request, int workers, CancellationToken cancellationToken)
    {
        CheckLibrary(request.Function.LibraryPath!);
        var crew = new WorkerCrew(request, workers);
        try
        {
            for (var i = 0; i < workers; i++)
            {
                crew._ready.Enqueue(crew.StartOne());
            }

            crew._ready.TryDequeue(out var first);
            await using var cancelled = cancellationToken.Register(first!.Kill);
            var hello = await Task.Run(first.WaitHello, CancellationToken.None);
            if (hello.Problem is { } problem)
            {
                throw new UsageException(problem);
            }

            crew.IsPure = hello.IsPure;
            crew.GiveBack(first);
            return crew;
        }
        catch
        {
            await crew.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>The functions of a library.</summary>
    public static async Task<IReadOnlyList<MapFunctionInfo>> ListAsync(string libraryPath, WorkerCommand command, CancellationToken cancellationToken)
    {
        CheckLibrary(libraryPath);
        using var worker = WorkerProcess.Start(
            command, FrameKind.List, new WorkerOpening(Path.GetFullPath(libraryPath), null, [], 0, 0), memoryBytes: null, said: null);
        await using var cancelled = cancellationToken.Register(worker.Kill);
        var hello = await Task.Run(worker.WaitHello, CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        return hello.Problem is { } problem ? throw new UsageException(problem) : hello.Functions!;
    }

    /// <summary>A worker that is ready for inputs.</summary>
    public WorkerProcess Take()
    {
        if (_idle.TryDequeue(out var idle))
        {
            return idle;
        }

        if (!_ready.TryDequeue(out var worker))
        {
            Interlocked.Increment(ref _replaced);
            worker = StartOne();
        }

        return worker.WaitHello().Problem is { } problem ? throw new UsageException(problem) : worker;
    }

    /// <summary>A worker has nothing to do and may be taken again.</summary>
    public void GiveBack(WorkerProcess worker) => _idle.Enqueue(worker);

    /// <summary>A worker is gone, or is not wanted any more.</summary>
    public void Drop(WorkerProcess worker)
    {
        _all.TryRemove(worker, out _);
        worker.Dispose();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        foreach (var worker in _all.Keys)
        {
            Drop(worker);
        }

        return ValueTask.CompletedTask;
    }

    private WorkerProcess StartOne()
    {
        var command = _request.Worker ?? throw new UsageException("A library needs a worker command.");
        var name = string.Create(CultureInfo.InvariantCulture, $"worker {Interlocked.Increment(ref _started)}");
        var worker = WorkerProcess.Start(
            command, FrameKind.Open, _opening, _memoryBytes, _request.WorkerSaid is { } said ? line => said(name, line) : null);
        _all.TryAdd(worker, true);
        return worker;
    }

    private static void CheckLibrary(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"'{path}' is a folder. Give the library itself: a .dll in it.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"There is no library '{path}'. `dotnet build` makes one from a project, in a folder below bin.");
        }
    }
}
