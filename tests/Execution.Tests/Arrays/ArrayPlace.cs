using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Arrays;

namespace OrleansClean.Execution.Tests.Arrays;

/// <summary>A folder with a spec and arrays, and the words to transform them and look at what came out.</summary>
internal sealed class ArrayPlace : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("array-");

    public ArrayPlace(params string[] steps) => Spec("spec.yaml", steps.Length == 0 ? ["scale: 2"] : steps);

    public string Root => _folder.FullName;

    /// <summary>Elements of a range and of a block.</summary>
    public (long Range, int Block) Cut { get; set; }

    public ArrayPoints Points { get; set; } = new Recorder();

    public string PathOf(string name) => Path.Combine(Root, name);

    public ArrayPlace Spec(string name, params string[] steps)
    {
        File.WriteAllText(PathOf(name), $"array: 1\nsteps:\n{string.Concat(steps.Select(step => $"  - {step}\n"))}");
        return this;
    }

    public ArrayPlace Write<T>(string name, params T[] values)
        where T : unmanaged
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), FileOf(values));
        return this;
    }

    /// <summary>The elements of a file.</summary>
    public T[] Read<T>(string name)
        where T : unmanaged
    {
        var bytes = File.ReadAllBytes(PathOf(name));
        var header = NpyHeader.Read(new MemoryStream(bytes), name);
        header.Check(bytes.Length, name);
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(header.Bytes.Length)).ToArray();
    }

    public Task<ArrayReport> RunAsync(string? output = "out.npy", string input = "in.npy", string spec = "spec.yaml", int workers = 2, bool force = false, bool statistics = true, CancellationToken cancellationToken = default) =>
        RunAsync(
            new ArrayRequest
            {
                SpecPath = spec,
                InputPath = input,
                OutputPath = output,
                InPlace = output is null,
                Workers = workers,
                Force = force,
                Statistics = statistics,
                WorkingDirectory = Root,
            },
            cancellationToken);

    public Task<ArrayReport> RunAsync(ArrayRequest request, CancellationToken cancellationToken = default) =>
        ArrayTransform.RunAsync(request, new ArraySeams(new ArrayTuning(Cut.Range, Cut.Block), Points), cancellationToken);

    public async Task<string> RefusedAsync(string? output = "out.npy", string input = "in.npy", string spec = "spec.yaml", bool force = false) =>
        (await Assert.ThrowsAsync<UsageException>(() => RunAsync(output, input, spec, force: force))).Message;

    /// <summary>What lies in the state folder, in order.</summary>
    public string[] State() => Directory.Exists(PathOf(".orleansclean/arrays"))
        ? [.. Directory.GetFiles(PathOf(".orleansclean/arrays")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
        : [];

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A whole file as numpy writes it.</summary>
    public static byte[] FileOf<T>(T[] values)
        where T : unmanaged
    {
        var element = ArrayElements.Of<T>()!.Value;
        var other = element is ArrayElement.I32 ? ArrayElement.I64 : ArrayElement.I32;
        var header = new NpyHeader { Element = other, Shape = [values.Length], Count = values.Length, Bytes = [] }.With(element);
        return [.. header.Bytes, .. MemoryMarshal.AsBytes<T>(values)];
    }
}

/// <summary>The process that did the job was killed.</summary>
public sealed class ArrayKilledException : Exception;

/// <summary>Notes the points that a job passes and lets it live.</summary>
internal sealed class Recorder : ArrayPoints
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _passed = new();

    public IReadOnlyCollection<string> Passed => _passed;

    public override void Pass(string point) => _passed.Enqueue(point);
}

/// <summary>Kills a job at the n-th point that it passes: from there on no thread of it does anything.</summary>
internal sealed class Killer(int lastPoint) : ArrayPoints
{
    private int _passed;

    public bool HasKilled => _passed >= lastPoint;

    public override void Pass(string point)
    {
        if (Interlocked.Increment(ref _passed) >= lastPoint)
        {
            throw new ArrayKilledException();
        }
    }
}
