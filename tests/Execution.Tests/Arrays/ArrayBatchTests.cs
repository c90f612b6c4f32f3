using System.Runtime.InteropServices;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Arrays;
using OrleansClean.Execution.Arrays.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Hosting.Works;
using OrleansClean.Execution.Tests.Vocabulary;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Arrays;

/// <summary>Arrays that are transformed range by range between stores: the same bytes and figures as the command's own file.</summary>
public sealed class ArrayBatchTests : IDisposable
{
    private static readonly string[] Everything =
        ["replace_nan: 0.5", "scale: 3.7", "normalize: zscore", "clip: {min: -2, max: 2}", "normalize: {by: minmax, low: -1, high: 1}", "cast: f32"];

    private readonly ArrayPlace _place = new(Everything);

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(3, 7)]
    [InlineData(2, 5_003)]
    [InlineData(2, 0)]
    public async Task The_bytes_and_the_figures_are_those_of_one_file_whatever_the_ranges(int workers, long range)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        _place.Write("in.npy", [.. Enumerable.Range(0, 5_003).Select(i => i % 97 == 0 ? double.NaN : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-9, 9)))]);
        var expected = await _place.RunAsync("one.npy");

        var report = await RunAsync(Request("out/many.npy") with { RangeElements = range }, workers: workers);

        Assert.True(File.ReadAllBytes(_place.PathOf("one.npy")).AsSpan().SequenceEqual(File.ReadAllBytes(_place.PathOf("out/many.npy"))), $"seed={seed}");
        Assert.Equal($"{seed} {expected.Before} {expected.After}", $"{seed} {report.Before} {report.After}");
        Assert.Equal(("done", "f64", "f32", expected.Fingerprint), (report.Status, report.Element, report.Result, report.Fingerprint));
        Assert.Empty(Parts());
    }

    [Theory]
    [InlineData("scale: 2")]
    [InlineData("normalize: minmax")]
    public async Task Figures_before_are_measured_by_the_ranges_where_nothing_else_needs_them(string step)
    {
        _place.Spec("spec.yaml", step).Write("in.npy", 1.0, 2, 3, double.NaN, double.PositiveInfinity * 0);

        var report = await RunAsync(Request() with { RangeElements = 2 });

        Assert.Equal($"{new ArrayStatistics(5, 2, 0, new(1.0), new(3.0), 2, Math.Sqrt(2.0 / 3))}", $"{report.Before}");
        Assert.Equal(5, report.After!.Count);
    }

    [Fact]
    public async Task An_array_of_nothing_stays_one()
    {
        _place.Spec("spec.yaml", "cast: f32").Write<double>("in.npy");

        var report = await RunAsync(Request());

        Assert.Equal(0, report.Before!.Count);
        Assert.Empty(_place.Read<float>("out.npy"));
    }

    [Fact]
    public async Task The_same_request_again_finds_what_stands_and_force_makes_it_again()
    {
        _place.Spec("spec.yaml", "scale: 2").Write("in.npy", 1.0, 2);
        await RunAsync(Request());
        var tag = LocalFile.TagOf(_place.PathOf("out.npy"));

        var again = await RunAsync(Request());
        var unchanged = LocalFile.TagOf(_place.PathOf("out.npy"));
        var forced = await RunAsync(Request() with { Force = true });

        Assert.Equal(("unchanged", "done"), (again.Status, forced.Status));
        Assert.Equal(tag, unchanged);
        Assert.NotEqual(tag, LocalFile.TagOf(_place.PathOf("out.npy")));
    }

    [Fact]
    public async Task What_others_wrote_is_not_replaced_unless_that_is_asked_for_and_what_was_made_here_is()
    {
        _place.Spec("spec.yaml", "scale: 2").Spec("other.yaml", "scale: 3").Write("in.npy", 1.0, 2).Write("out.npy", 7.0);

        var refusal = await Assert.ThrowsAsync<UsageException>(() => RunAsync(Request()));
        var standing = _place.Read<double>("out.npy");
        await RunAsync(Request() with { Force = true });
        await RunAsync(Request(spec: "other.yaml"));

        Assert.Contains("is there already, and not by this command", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([7.0], standing);
        Assert.Equal([3.0, 6.0], _place.Read<double>("out.npy"));
    }

    [Fact]
    public async Task An_element_that_cannot_take_a_step_is_named_and_nothing_is_written()
    {
        _place.Spec("spec.yaml", "scale: 2").Write("in.npy", 1, 2, int.MaxValue);

        var failure = await Assert.ThrowsAsync<FileFailedException>(() => RunAsync(Request() with { RangeElements = 1 }));

        Assert.Equal(ProblemCodes.ElementError, failure.Code);
        Assert.Contains("element [2] cannot take", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_place.PathOf("out.npy")));
    }

    [Fact]
    public async Task What_is_no_array_is_refused_with_its_code_and_a_missing_one_by_name()
    {
        File.WriteAllText(_place.PathOf("in.npy"), "no array");

        var failure = await Assert.ThrowsAsync<FileFailedException>(() => RunAsync(Request()));
        var missing = await Assert.ThrowsAsync<UsageException>(() => RunAsync(Request(input: "none.npy")));

        Assert.Equal(ProblemCodes.UnsupportedArray, failure.Code);
        Assert.Contains("There is no array", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_somebody_writes_meanwhile_is_kept_and_the_next_run_starts_anew()
    {
        _place.Spec("spec.yaml", "scale: 2").Write("in.npy", 1.0, 2);
        var isWritten = false;
        var stores = Stores(inner => new Meanwhile(inner, name =>
        {
            if (!isWritten && name.Value.Contains("/parts/", StringComparison.Ordinal))
            {
                isWritten = true;
                File.WriteAllText(_place.PathOf("out.npy"), "mine");
            }
        }));

        var failure = await Assert.ThrowsAsync<FileFailedException>(() => RunAsync(Request(), stores));
        var kept = File.ReadAllText(_place.PathOf("out.npy"));
        await RunAsync(Request() with { Force = true });

        Assert.Equal(("output-conflict", "mine"), (failure.Code, kept));
        Assert.Equal([2.0, 4.0], _place.Read<double>("out.npy"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_the_same_request_goes_on_and_writes_the_same_bytes(bool after)
    {
        const int writesMax = 300;
        _place.Spec("spec.yaml", "normalize: minmax", "cast: f32").Write("in.npy", [.. Enumerable.Range(0, 10).Select(i => (double)i)]);
        await _place.RunAsync("expected.npy");
        var expected = File.ReadAllBytes(_place.PathOf("expected.npy"));
        for (var write = 1; write <= writesMax; write++)
        {
            var output = $"killed-{write}/out.npy";
            var request = Request(output) with { RangeElements = 4 };
            var wasKilled = false;
            try
            {
                await RunAsync(request, Stores(inner => new MortalStore(inner, write, after)));
            }
            catch (Exception e) when (e is StorageException or OperationCanceledException or KilledException)
            {
                wasKilled = true;
            }

            Assert.True(!File.Exists(_place.PathOf(output)) || File.ReadAllBytes(_place.PathOf(output)).AsSpan().SequenceEqual(expected), $"A part was seen after write {write}.");
            var report = await RunAsync(request);

            Assert.True(File.ReadAllBytes(_place.PathOf(output)).AsSpan().SequenceEqual(expected), $"Other bytes after write {write}.");
            Assert.Equal(10, report.After!.Count);
            Assert.Empty(Parts($"killed-{write}"));
            if (!wasKilled)
            {
                Assert.True(write > 15, $"Only {write} writes were counted: the sweep swept nothing.");
                return;
            }
        }

        Assert.Fail($"An array of three ranges took more than {writesMax} writes.");
    }

    [Fact]
    public async Task Stores_at_addresses_take_arrays_too()
    {
        var store = new MemoryStore(TimeProvider.System);
        var stores = new OneStore(store);
        _place.Spec("spec.yaml", "scale: 2");
        await store.WriteDocumentAsync(ObjectName.Parse("in/a.npy"), ArrayPlace.FileOf([1.5, 2.5]), Precondition.Absent, CancellationToken.None);

        var report = await ArrayTransform.RunAsync(
            new ArrayRequest { SpecPath = _place.PathOf("spec.yaml"), InputPath = "blob://lake/data/in/a.npy", OutputPath = "blob://lake/data/out/a.npy", Workers = 2 }, stores);

        var made = await store.ReadDocumentAsync(ObjectName.Parse("out/a.npy"), CancellationToken.None);
        Assert.Equal("blob://lake/data/out/a.npy", report.Output);
        Assert.Equal([3.0, 5.0], MemoryMarshal.Cast<byte, double>(made!.Content.Span[NpyHeader.Read(new MemoryStream(made.Content.ToArray()), "made").Bytes.Length..]).ToArray());
    }

    [Fact]
    public async Task In_a_store_nothing_is_changed_where_it_stands()
    {
        var request = new ArrayRequest { SpecPath = _place.PathOf("spec.yaml"), InputPath = "blob://lake/data/in/a.npy", InPlace = true };

        var refusal = await Assert.ThrowsAsync<UsageException>(() => ArrayTransform.RunAsync(request, new OneStore(new MemoryStore(TimeProvider.System))));

        Assert.StartsWith("--in-place changes a file of this machine", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_submissions_of_one_id_with_other_bodies_are_a_conflict()
    {
        _place.Spec("spec.yaml", "scale: 2").Write("in.npy", 1.0);
        var submission = new ArraySubmission
        {
            Spec = File.ReadAllText(_place.PathOf("spec.yaml")),
            SpecPath = "spec.yaml",
            InputRoot = _place.Root,
            Input = "in.npy",
            InputTag = LocalFile.TagOf(_place.PathOf("in.npy"))!.Value.Value,
            OutputRoot = _place.Root,
            Output = "out.npy",
        };
        var stores = Stores(inner => inner);
        await using (var host = new LocalWorkHost(stores, new ArrayAttempts(stores), slots: 1))
        {
            await WorkRun.ToEndAsync(host, "mine", submission, progress: null, CancellationToken.None);
        }

        await using var next = new LocalWorkHost(stores, new ArrayAttempts(stores), slots: 1);
        var reply = await next.SubmitWorkAsync("mine", submission with { Statistics = true }, CancellationToken.None);

        Assert.Equal(HostOutcome.Conflict, reply.Outcome);
    }

    private static LocalStores Stores(Func<IObjectStore, IObjectStore> wrap) => new(name => wrap(new FolderStore(name)));

    private static Task<ArrayReport> RunAsync(ArrayBatchRequest request, IStoreDirectory? stores = null, int workers = 2)
    {
        var all = stores ?? Stores(inner => inner);
        return HereAsync();

        async Task<ArrayReport> HereAsync()
        {
            await using var host = new LocalWorkHost(all, new ArrayAttempts(all), workers) { GivingBack = TimeSpan.Zero };
            return await ArrayBatch.RunAsync(request, host, progress: null, CancellationToken.None);
        }
    }

    private ArrayBatchRequest Request(string output = "out.npy", string input = "in.npy", string spec = "spec.yaml") =>
        new(File.ReadAllText(_place.PathOf(spec)), spec, _place.PathOf(input), _place.PathOf(output));

    private string[] Parts(string folder = "out")
    {
        var state = _place.PathOf(Path.Combine(folder, ".orleansclean/array-batches"));
        return Directory.Exists(state) ? [.. Directory.GetFiles(state, "*", SearchOption.AllDirectories).Where(path => path.Contains("/parts/", StringComparison.Ordinal))] : [];
    }

    private sealed class OneStore(IObjectStore store) : IStoreDirectory
    {
        public IObjectStore Open(string name) => name.StartsWith("blob://lake/data", StringComparison.Ordinal) ? store : throw new UsageException(name);
    }

    /// <summary>Something happens before each write that is staged.</summary>
    private sealed class Meanwhile(IObjectStore inner, Action<ObjectName> before) : StoreDecorator(inner)
    {
        public override ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken)
        {
            before(name);
            return Inner.StageAsync(name, stage, cancellationToken);
        }
    }
}
