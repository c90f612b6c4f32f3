using System.Diagnostics;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Arrays;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Arrays;

public sealed class InPlaceTests
{
    private const int Count = 47;

    private static readonly int[] Original = [.. Enumerable.Range(1, Count)];
    private static readonly int[] Doubled = [.. Original.Select(i => 2 * i)];

    [Fact]
    public async Task An_array_is_changed_where_it_stands_and_the_report_says_how()
    {
        using var place = Place();

        var report = await place.RunAsync(output: null);

        Assert.Equal(("done", true, 0), (report.Status, report.InPlace, report.RangesDoneBefore));
        Assert.Equal((24, 48), (report.Before!.Mean, report.After!.Mean));
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
        Assert.Equal(["in.npy.json"], place.State());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Killed_at_any_point_the_same_command_applies_every_step_once(int workers)
    {
        for (var point = 1; ; point++)
        {
            var killer = new Killer(point);
            using var place = Place();
            place.Points = killer;
            await DieAsync(place, workers);

            // Whoever continues may have another number of workers, and may be killed, too.
            place.Points = new Killer(7);
            await DieAsync(place, workers: 2);
            place.Points = new Recorder();
            var report = await place.RunAsync(output: null, workers: 4);

            Assert.Equal(Doubled, place.Read<int>("in.npy"));
            Assert.Equal((24, 48), (report.Before!.Mean, report.After!.Mean));
            Assert.Equal(["in.npy.json"], place.State());
            if (!killer.HasKilled)
            {
                Assert.True(point > 40, $"Only {point} points were passed.");
                return;
            }
        }
    }

    [Fact]
    public async Task Every_point_is_passed()
    {
        var recorder = new Recorder();
        using var place = Place();
        place.Points = recorder;

        await place.RunAsync(output: null);

        Assert.Equal(ArrayPoints.OfInPlace.Order(StringComparer.Ordinal), recorder.Passed.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_copy_is_flushed_before_its_range_is_touched_and_the_range_before_the_next()
    {
        var recorder = new Recorder();
        using var place = Place();
        place.Cut = (10, 10);
        place.Points = recorder;

        await place.RunAsync(output: null, workers: 1);

        string[] range = [ArrayPoints.UndoWritten, ArrayPoints.UndoFlushed, ArrayPoints.BlockWritten, ArrayPoints.RangeFlushed];
        Assert.Equal(
            [
                ArrayPoints.UndoCreated, ArrayPoints.JournalWritten, .. range, .. range, .. range, .. range, .. range,
                ArrayPoints.LaneDone, ArrayPoints.ArrayFlushed, ArrayPoints.DoneRecorded,
            ],
            recorder.Passed);
    }

    [Fact]
    public async Task A_continued_job_uses_the_measures_that_were_taken_before_anything_was_changed()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(i => (double)i)];
        using var whole = new ArrayPlace("normalize: zscore", "normalize: minmax").Write("in.npy", values);
        await whole.RunAsync(output: null);
        using var place = new ArrayPlace("normalize: zscore", "normalize: minmax").Write("in.npy", values);
        place.Cut = (10, 5);
        place.Points = new Killer(12);
        await DieAsync(place, workers: 2);

        place.Points = new Recorder();
        await place.RunAsync(output: null);

        Assert.Equal(whole.Read<double>("in.npy"), place.Read<double>("in.npy"));
    }

    [Fact]
    public async Task What_is_done_is_not_done_twice_unless_it_is_asked_for()
    {
        using var place = Place();
        await place.RunAsync(output: null);

        Assert.Equal("unchanged", (await place.RunAsync(output: null)).Status);
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
        Assert.Equal("done", (await place.RunAsync(output: null, force: true)).Status);
        Assert.Equal(Doubled.Select(i => 2 * i), place.Read<int>("in.npy"));
        place.Write("in.npy", Original);
        Assert.Equal("done", (await place.RunAsync(output: null)).Status);
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
    }

    [Fact]
    public async Task An_element_that_cannot_take_a_step_is_found_before_the_first_one_is_changed()
    {
        using var place = Place();
        place.Write("in.npy", [.. Original, int.MaxValue]);

        var failure = await Assert.ThrowsAsync<FileFailedException>(() => place.RunAsync(output: null, statistics: false));

        Assert.Contains("element [47] cannot take `scale 2`", failure.Message, StringComparison.Ordinal);
        Assert.Equal([.. Original, int.MaxValue], place.Read<int>("in.npy"));
        Assert.Empty(place.State());
    }

    [Fact]
    public async Task An_unfinished_job_refuses_every_other_one_and_says_how_to_go_on()
    {
        using var place = Place().Spec("other.yaml", "scale: 3");
        place.Points = new Killer(20);
        await DieAsync(place, workers: 1);
        place.Points = new Recorder();

        Assert.Equal(
            "A job on 'in.npy' with another spec is unfinished: scale 2. Finish it with that spec first; the array is partly transformed.",
            await place.RefusedAsync(output: null, spec: "other.yaml", force: true));
        Assert.Equal(
            "A job in place on 'in.npy' is unfinished: scale 2. Finish it with that spec first; the array is partly transformed.",
            await place.RefusedAsync(output: "out.npy", spec: "other.yaml"));
        await place.RunAsync(output: null);
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
    }

    [Fact]
    public async Task A_journal_of_another_file_is_refused()
    {
        using var place = Place();
        place.Points = new Killer(20);
        await DieAsync(place, workers: 1);
        place.Points = new Recorder();
        File.Move(place.PathOf("in.npy"), place.PathOf("moved.npy"));
        place.Write("in.npy", Original);

        Assert.Contains("this is another file than the one it was changing", await place.RefusedAsync(output: null), StringComparison.Ordinal);
        Assert.Equal(Original, place.Read<int>("in.npy"));

        File.Move(place.PathOf("moved.npy"), place.PathOf("in.npy"), overwrite: true);
        await place.RunAsync(output: null);
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
    }

    [Fact]
    public async Task A_journal_that_was_tampered_with_is_refused_at_every_byte()
    {
        using var place = Place();
        place.Points = new Killer(20);
        await DieAsync(place, workers: 1);
        place.Points = new Recorder();
        var path = place.PathOf(".orleansclean/arrays/in.npy.json");
        var sound = File.ReadAllBytes(path);
        var before = place.Read<int>("in.npy");
        for (var at = 0; at < sound.Length; at += 13)
        {
            var damaged = sound.ToArray();
            damaged[at] ^= 1;
            File.WriteAllBytes(path, damaged);

            var refused = await Assert.ThrowsAsync<StorageException>(() => place.RunAsync(output: null));

            Assert.Contains("is damaged, or of another version", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, place.Read<int>("in.npy"));
        File.WriteAllBytes(path, sound);
        await place.RunAsync(output: null);
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
    }

    [Fact]
    public async Task A_copy_that_was_tampered_with_is_not_used()
    {
        using var place = Place();
        place.Points = new Killer(20);
        await DieAsync(place, workers: 1);
        place.Points = new Recorder();
        var path = place.PathOf(".orleansclean/arrays/in.npy.undo");
        var sound = File.ReadAllBytes(path);
        var before = place.Read<int>("in.npy");

        // Both slots of the only lane: without a whole copy nobody knows where it was.
        var damaged = sound.ToArray();
        damaged[4_096] ^= 1;
        damaged[4_096 + 4_096 + 4_096] ^= 1;
        File.WriteAllBytes(path, damaged);
        Assert.Contains("is damaged", (await Assert.ThrowsAsync<StorageException>(() => place.RunAsync(output: null))).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("which says how far it got, is not there", await place.RefusedAsync(output: null), StringComparison.Ordinal);

        Assert.Equal(before, place.Read<int>("in.npy"));
        File.WriteAllBytes(path, sound);
        await place.RunAsync(output: null);
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
    }

    [Fact]
    public async Task A_copy_that_was_being_written_when_the_power_went_is_passed_over()
    {
        for (var point = 6; point < 30; point++)
        {
            using var place = Place();
            var recorder = new Recorder();
            place.Points = new Torn(recorder, point);
            await DieAsync(place, workers: 1);
            if (recorder.Passed.Last() != ArrayPoints.UndoWritten)
            {
                continue;
            }

            // The newest copy is half there: its range was not touched, and the one before it is whole and can be done again.
            Tear(place.PathOf(".orleansclean/arrays/in.npy.undo"), recorder.Passed.Count(p => p == ArrayPoints.UndoWritten));
            place.Points = new Recorder();
            await place.RunAsync(output: null);
            Assert.Equal(Doubled, place.Read<int>("in.npy"));
        }
    }

    [Fact]
    public async Task In_place_an_array_keeps_its_kind()
    {
        using var place = Place().Spec("spec.yaml", "cast: f64");

        Assert.Equal(
            "'in.npy' is i32 and would become f64, but in place an array keeps its kind. Write a new file with --out, or cast back at the end.",
            await place.RefusedAsync(output: null));

        place.Spec("spec.yaml", "cast: f64", "scale: 0.5", "cast: i32");
        await place.RunAsync(output: null);
        Assert.Equal(Original.Select(i => i / 2), place.Read<int>("in.npy"));
    }

    [Fact]
    public async Task Overlapping_jobs_on_one_file_are_refused_by_whatever_name()
    {
        using var place = Place();
        File.CreateSymbolicLink(place.PathOf("link.npy"), "in.npy");
        using var start = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        place.Points = new Meddler(ArrayPoints.UndoFlushed, () =>
        {
            start.Set();
            go.Wait();
        });
        var first = place.RunAsync(output: null);
        start.Wait();

        Assert.StartsWith("'in.npy' is in use by another process.", await place.RefusedAsync(output: null), StringComparison.Ordinal);
        Assert.StartsWith("'link.npy' is in use by another process.", await place.RefusedAsync(output: null, input: "link.npy"), StringComparison.Ordinal);
        Assert.StartsWith("'in.npy' is in use by another process.", await place.RefusedAsync(), StringComparison.Ordinal);
        go.Set();
        await first;
        Assert.Equal(Doubled, place.Read<int>("in.npy"));
    }

    [Fact]
    public async Task A_link_is_followed_and_the_journal_lies_beside_what_it_leads_to()
    {
        using var place = new ArrayPlace().Write("real/in.npy", 1, 2);
        File.CreateSymbolicLink(place.PathOf("in.npy"), "real/in.npy");

        await place.RunAsync(output: null);

        Assert.Equal([2, 4], place.Read<int>("real/in.npy"));
        Assert.Equal("real/in.npy", new FileInfo(place.PathOf("in.npy")).LinkTarget);
        Assert.True(File.Exists(place.PathOf("real/.orleansclean/arrays/in.npy.json")));
    }

    [UnixFact]
    public async Task A_file_that_someone_cuts_short_meanwhile_is_a_clear_error()
    {
        using var place = Place();
        place.Points = new Meddler(ArrayPoints.RangeFlushed, () =>
        {
            // A program that asks for no lock, as most do.
            using var truncate = Process.Start("truncate", ["-s", "200", place.PathOf("in.npy")]);
            truncate.WaitForExit();
        });

        var failure = await Assert.ThrowsAsync<FileFailedException>(() => place.RunAsync(output: null, workers: 1));

        Assert.Equal(ProblemCodes.InputChanged, failure.Code);
    }

    [Fact]
    public async Task An_empty_array_is_done_at_once()
    {
        using var place = new ArrayPlace("scale: 2", "normalize: minmax").Write<double>("in.npy");

        var report = await place.RunAsync(output: null);

        Assert.Equal(("done", 0, null), (report.Status, report.Before!.Count, report.Before.Min));
        Assert.Equal(["in.npy.json"], place.State());
    }

    [Fact]
    public async Task A_cancelled_job_is_continued_by_the_same_command()
    {
        using var place = Place();
        using var stop = new CancellationTokenSource();
        place.Points = new Meddler(ArrayPoints.RangeFlushed, stop.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => place.RunAsync(output: null, workers: 1, cancellationToken: stop.Token));

        place.Points = new Recorder();
        var report = await place.RunAsync(output: null);

        Assert.Equal(Doubled, place.Read<int>("in.npy"));
        Assert.True(report.RangesDoneBefore <= 1);
    }

    private static ArrayPlace Place() => new ArrayPlace("scale: 2") { Cut = (5, 3) }.Write("in.npy", Original);

    private static async Task DieAsync(ArrayPlace place, int workers)
    {
        try
        {
            await place.RunAsync(output: null, workers: workers);
        }
        catch (ArrayKilledException)
        {
            // As it was meant to.
        }
    }

    /// <summary>Damages the slot of the n-th copy of the only lane.</summary>
    private static void Tear(string undo, int copy)
    {
        const int page = 4_096;
        using var file = new FileStream(undo, FileMode.Open, FileAccess.ReadWrite);
        file.Position = (copy % 2 * 2 * page) + page;
        file.WriteByte(0xFF);
        file.WriteByte(0xFF);
    }

    /// <summary>Kills a job at the n-th point and tells at which it was.</summary>
    private sealed class Torn(Recorder recorder, int lastPoint) : ArrayPoints
    {
        public override void Pass(string point)
        {
            if (recorder.Passed.Count >= lastPoint)
            {
                throw new ArrayKilledException();
            }

            recorder.Pass(point);
            if (recorder.Passed.Count == lastPoint)
            {
                throw new ArrayKilledException();
            }
        }
    }
}
