using OrleansClean.Cleaning;
using OrleansClean.Execution.Arrays;

namespace OrleansClean.Execution.Tests.Arrays;

public sealed class NewFileTests
{
    private static readonly string[] Everything =
        ["replace_nan: 0.5", "scale: 3.7", "normalize: zscore", "clip: {min: -2, max: 2}", "normalize: {by: minmax, low: -1, high: 1}", "cast: f32"];

    [Fact]
    public async Task The_bytes_and_the_figures_are_the_same_for_every_number_of_workers_and_every_cut()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, 5_003).Select(i => i % 97 == 0 ? double.NaN : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-9, 9)))];
        using var place = new ArrayPlace(Everything).Write("in.npy", values);
        var report = await place.RunAsync("one.npy", workers: 1);
        var expected = File.ReadAllBytes(place.PathOf("one.npy"));
        foreach (var (workers, range, block) in ((int, long, int)[])[(1, 1, 1), (2, 1, 1), (3, 17, 5), (8, 64, 64), (5, 1_000, 999), (2, 10_000, 2_049), (8, 0, 0)])
        {
            place.Cut = (range, block);

            var other = await place.RunAsync("other.npy", workers: workers, force: true);

            Assert.True(expected.AsSpan().SequenceEqual(File.ReadAllBytes(place.PathOf("other.npy"))), $"seed={seed} workers={workers} range={range} block={block}");
            Assert.True((report.Before, report.After) == (other.Before, other.After), $"seed={seed} workers={workers} range={range} block={block}: {report.Before} {other.Before}");
        }
    }

    [Fact]
    public async Task The_report_says_what_the_array_was_and_what_it_became()
    {
        using var place = new ArrayPlace("scale: 2").Write("in.npy", 1L, 2, 3, 4);

        var report = await place.RunAsync();

        Assert.Equal(("done", "i64", "i64", false), (report.Status, report.Element, report.Result, report.InPlace));
        Assert.Equal(new ArrayStatistics(4, 0, 0, new(1L), new(4L), 2.5, Math.Sqrt(1.25)), report.Before);
        Assert.Equal(new ArrayStatistics(4, 0, 0, new(2L), new(8L), 5, Math.Sqrt(5)), report.After);
        Assert.Equal([2L, 4, 6, 8], place.Read<long>("out.npy"));
    }

    [Fact]
    public async Task Without_statistics_the_same_is_written()
    {
        using var place = new ArrayPlace(Everything).Write("in.npy", 1.0, 2, 3, double.NaN);
        await place.RunAsync("a.npy");

        var report = await place.RunAsync("b.npy", statistics: false);

        Assert.Equal((null, null), (report.Before, report.After));
        Assert.Equal(File.ReadAllBytes(place.PathOf("a.npy")), File.ReadAllBytes(place.PathOf("b.npy")));
    }

    [Fact]
    public async Task The_statistics_before_are_of_the_input_wherever_the_first_barrier_stands()
    {
        using var place = new ArrayPlace("normalize: minmax").Spec("late.yaml", "scale: 2", "normalize: minmax").Write("in.npy", 1.0, 2, 3);

        var early = await place.RunAsync("a.npy");
        var late = await place.RunAsync("b.npy", spec: "late.yaml");

        Assert.Equal(new ArrayStatistics(3, 0, 0, new(1.0), new(3.0), 2, Math.Sqrt(2.0 / 3)), early.Before);
        Assert.Equal(early.Before, late.Before);
        Assert.Equal(early.After, late.After);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task The_first_element_that_cannot_take_a_step_is_named_and_nothing_is_written(int workers)
    {
        var values = new int[5_000];
        values[4_000] = values[1_234] = values[1_235] = int.MinValue;
        using var place = new ArrayPlace("offset: -2147483647", "scale: 1").Write("in.npy", values);
        place.Cut = (100, 30);

        var failure = await Assert.ThrowsAsync<FileFailedException>(() => place.RunAsync(workers: workers));

        Assert.Equal(ProblemCodes.ElementError, failure.Code);
        Assert.StartsWith("in.npy cannot be transformed: element [1234] cannot take `offset -2147483647`: it is -2147483648, and -4294967295 is beyond i32", failure.Message, StringComparison.Ordinal);
        Assert.Empty(place.State());
        Assert.False(File.Exists(place.PathOf("out.npy")));
    }

    [Fact]
    public async Task The_same_command_again_has_nothing_to_do_until_input_spec_or_output_change()
    {
        using var place = new ArrayPlace("scale: 2").Write("in.npy", 1.0, 2);
        Assert.Equal("done", (await place.RunAsync()).Status);
        var again = await place.RunAsync();
        Assert.Equal("unchanged", again.Status);
        Assert.Equal(3, again.After!.Mean);

        Assert.Equal("done", (await place.RunAsync(force: true)).Status);
        place.Write("in.npy", 5.0);
        Assert.Equal("done", (await place.RunAsync()).Status);
        Assert.Equal([10.0], place.Read<double>("out.npy"));
        place.Spec("spec.yaml", "scale: 3");
        Assert.Equal("done", (await place.RunAsync()).Status);
        Assert.Equal([15.0], place.Read<double>("out.npy"));
        place.Write("out.npy", 1.0, 1.0);
        Assert.Equal("'out.npy' is there already, and not by this command. Name another file with --out, or replace it with --force.", await place.RefusedAsync());
        Assert.Equal([1.0, 1.0], place.Read<double>("out.npy"));
    }

    [Fact]
    public async Task An_output_that_is_the_input_is_refused_by_whatever_name()
    {
        using var place = new ArrayPlace().Write("in.npy", 1.0);
        File.CreateSymbolicLink(place.PathOf("link.npy"), place.PathOf("in.npy"));

        Assert.StartsWith("'in.npy' is the input. Name another file with --out, or change the array where it stands with --in-place.", await place.RefusedAsync("in.npy", force: true), StringComparison.Ordinal);
        Assert.StartsWith("'link.npy' is the input.", await place.RefusedAsync("link.npy", force: true), StringComparison.Ordinal);
        Assert.Equal([1.0], place.Read<double>("in.npy"));
    }

    [Fact]
    public async Task A_link_is_read_through_and_never_written_through()
    {
        using var place = new ArrayPlace().Write("in.npy", 1.0).Write("other.npy", 7.0);
        File.CreateSymbolicLink(place.PathOf("from.npy"), "in.npy");
        File.CreateSymbolicLink(place.PathOf("to.npy"), "other.npy");

        await place.RunAsync("to.npy", "from.npy", force: true);

        Assert.Equal((2.0, 7.0), (place.Read<double>("to.npy")[0], place.Read<double>("other.npy")[0]));
        Assert.Null(new FileInfo(place.PathOf("to.npy")).LinkTarget);
    }

    [Fact]
    public async Task What_cannot_be_carried_out_says_what_to_type()
    {
        using var place = new ArrayPlace().Write("in.npy", 1.0);

        Assert.Equal("There is no array 'none.npy'.", await place.RefusedAsync(input: "none.npy"));
        Assert.Equal("'.' is a folder. Name one .npy file of it.", await place.RefusedAsync(input: "."));
        Assert.StartsWith("There is no spec 'none.yaml'. A spec is a small YAML file", await place.RefusedAsync(spec: "none.yaml"), StringComparison.Ordinal);
        Assert.StartsWith("'.' is a folder, not a spec.", await place.RefusedAsync(spec: "."), StringComparison.Ordinal);
        Assert.Equal("'.' is a folder. Name a file in it.", await place.RefusedAsync(output: "."));
        var request = new ArrayRequest { SpecPath = "spec.yaml", WorkingDirectory = place.Root };
        Assert.StartsWith("Which array? Name it behind the spec", (await Assert.ThrowsAsync<UsageException>(() => place.RunAsync(request))).Message, StringComparison.Ordinal);
        request = request with { InputPath = "in.npy" };
        Assert.StartsWith("Where to? Name the new file with --out", (await Assert.ThrowsAsync<UsageException>(() => place.RunAsync(request))).Message, StringComparison.Ordinal);
        request = request with { OutputPath = "x.npy", InPlace = true };
        Assert.StartsWith("--in-place writes no other file", (await Assert.ThrowsAsync<UsageException>(() => place.RunAsync(request))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spec_names_its_files_relative_to_itself()
    {
        using var place = new ArrayPlace().Write("data/in.npy", 1.0);
        File.WriteAllText(place.PathOf("data/spec.yaml"), "array: 1\ninput: in.npy\nsteps: [{scale: 2}]\nwrite: out/{name}-twice.npy\n");

        var report = await place.RunAsync(new ArrayRequest { SpecPath = "data/spec.yaml", WorkingDirectory = place.Root });

        Assert.Equal(("data/in.npy", "data/out/in-twice.npy"), (report.Input, report.Output));
        Assert.Equal([2.0], place.Read<double>("data/out/in-twice.npy"));
    }

    [Fact]
    public async Task A_job_that_is_killed_at_any_point_leaves_no_part_of_an_output()
    {
        for (var point = 1; ; point++)
        {
            var killer = new Killer(point);
            using var place = new ArrayPlace().Write("in.npy", [.. Enumerable.Range(0, 40)]).Write("out.npy", 7);
            place.Cut = (10, 5);
            place.Points = killer;
            try
            {
                await place.RunAsync(force: true, workers: 1);
            }
            catch (ArrayKilledException)
            {
                Assert.True(place.Read<int>("out.npy") is [7] or { Length: 40 });
            }

            place.Points = new Recorder();
            Assert.Contains((await place.RunAsync(force: true)).Status, (string[])["done", "unchanged"]);
            Assert.Equal(Enumerable.Range(0, 40).Select(i => 2 * i), place.Read<int>("out.npy"));
            Assert.Equal(["out.npy.json"], place.State());
            if (!killer.HasKilled)
            {
                Assert.True(point > 8, $"Only {point} points were passed.");
                return;
            }
        }
    }

    [Fact]
    public async Task Two_jobs_do_not_write_one_output()
    {
        using var place = new ArrayPlace().Write("in.npy", 1.0);
        Directory.CreateDirectory(place.PathOf(".orleansclean/arrays"));
        using (new FileStream(place.PathOf(".orleansclean/arrays/out.npy.partial"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal("'out.npy' is in use by another process. Wait until it is done, or end it; nothing was changed.", await place.RefusedAsync());
        }

        Assert.Equal("done", (await place.RunAsync()).Status);
    }

    [Fact]
    public async Task An_input_that_changes_meanwhile_is_no_input()
    {
        using var place = new ArrayPlace().Write("in.npy", 1.0, 2);
        place.Points = new Meddler(ArrayPoints.RangeWritten, () => place.Write("in.npy", 3.0, 4, 5));

        var failure = await Assert.ThrowsAsync<FileFailedException>(() => place.RunAsync());

        Assert.Equal(ProblemCodes.InputChanged, failure.Code);
        Assert.False(File.Exists(place.PathOf("out.npy")));
    }

    [Fact]
    public async Task A_cancelled_job_leaves_nothing()
    {
        using var place = new ArrayPlace().Write("in.npy", [.. Enumerable.Range(0, 100)]);
        using var stop = new CancellationTokenSource();
        place.Cut = (10, 5);
        place.Points = new Meddler(ArrayPoints.RangeWritten, stop.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => place.RunAsync(cancellationToken: stop.Token));

        Assert.Empty(place.State());
        Assert.False(File.Exists(place.PathOf("out.npy")));
    }
}
