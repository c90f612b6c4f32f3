using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

public sealed class ArrayCommandTests
{
    private const string Twice = "array: 1\nsteps:\n  - scale: 2\nwrite: out/{name}.npy\n";

    [Fact]
    public async Task The_report_shows_the_array_before_and_after()
    {
        using var work = new WorkFolder().With("spec.yaml", "array: 1\ninput: a.npy\nsteps:\n  - replace_nan: 0\n  - scale: 0.5\n  - cast: f32\nwrite: b.npy\n");
        Write("a.npy", [1.5, 2, double.NaN, -1000]);

        var answer = await Typed.Async("array", "spec.yaml", "-j", "2");

        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Approved.Matches("array", answer.Out);
        Approved.Matches("array-again", (await Typed.Async("array", "spec.yaml", "-j", "2")).Out);
    }

    [Fact]
    public async Task The_report_as_json_has_every_figure()
    {
        using var work = new WorkFolder().With("spec.yaml", Twice);
        Write("a.npy", [1L, long.MaxValue / 2]);

        var answer = await Typed.Async("array", "spec.yaml", "a.npy", "-o", "json");

        using var report = JsonDocument.Parse(answer.Out);
        var root = report.RootElement;
        Assert.Equal(("done", "i64", "out/a.npy"), (root.GetProperty("status").GetString(), root.GetProperty("element").GetString(), root.GetProperty("output").GetString()));
        Assert.Equal("9223372036854775806", root.GetProperty("after").GetProperty("max").GetRawText());
        Assert.Equal("[\"scale 2\"]", root.GetProperty("steps").GetRawText());
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_the_exit_code_that_fits()
    {
        using var work = new WorkFolder().With("spec.yaml", Twice).With("wrong.yaml", "array: 1\nsteps:\n  - scael: 2\n").With("text.npy", "id,value\n1,2\n");
        Write("a.npy", [1L, long.MaxValue]);
        var text = new System.Text.StringBuilder();
        foreach (var (words, exitCode) in ((string, int)[])[
            ("array spec.yaml", 2), ("array wrong.yaml a.npy", 2), ("array spec.yaml none.npy", 2), ("array spec.yaml text.npy", 1),
            ("array spec.yaml a.npy", 1), ("array spec.yaml a.npy --in-place --out b.npy", 2), ("array spec.yaml a.npy -j 0", 2), ("array spec.yaml a.npy --inplace", 2)])
        {
            var answer = await Typed.Async(words.Split(' '));

            Assert.Equal((exitCode, ""), (answer.ExitCode, answer.Out));
            text.Append("$ orleansclean ").Append(words).Append('\n').Append(answer.Error).Append('\n');
        }

        Approved.Matches("array-errors", text.ToString());
    }

    [UnixTheory]
    [MemberData(nameof(Points), true)]
    public async Task A_process_that_is_killed_in_place_is_continued_by_the_same_command(string point, int times)
    {
        using var work = new WorkFolder().With("spec.yaml", Twice);
        Write("a.npy", [.. Enumerable.Range(0, 1_000).Select(i => (long)i)]);

        Assert.Equal(137, await RunAsync($"{point}:{times}", "array", "spec.yaml", "a.npy", "--in-place", "-j", "2"));
        Assert.Contains(await RunAsync("undo-flushed:2", "array", "spec.yaml", "a.npy", "--in-place", "-j", "1"), (int[])[0, 137]);
        Assert.Equal(0, await RunAsync(null, "array", "spec.yaml", "a.npy", "--in-place", "-j", "2"));

        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => 2L * i), Read("a.npy"));
        Assert.Equal(["a.npy.json"], Directory.GetFiles(".orleansclean/arrays").Select(Path.GetFileName));
    }

    [UnixTheory]
    [MemberData(nameof(Points), false)]
    public async Task A_process_that_is_killed_while_it_writes_a_file_leaves_the_old_one_or_the_new_one(string point, int times)
    {
        using var work = new WorkFolder().With("spec.yaml", Twice);
        Directory.CreateDirectory("out");
        Write("a.npy", [.. Enumerable.Range(0, 1_000).Select(i => (long)i)]);
        Write("out/a.npy", [7L]);

        Assert.Equal(137, await RunAsync($"{point}:{times}", "array", "spec.yaml", "a.npy", "-j", "2", "--force"));

        Assert.True(Read("out/a.npy") is [7] or { Length: 1_000 });
        Assert.Equal(0, await RunAsync(null, "array", "spec.yaml", "a.npy", "-j", "2", "--force"));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => 2L * i), Read("out/a.npy"));
        Assert.Equal(["a.npy.json"], Directory.GetFiles("out/.orleansclean/arrays").Select(Path.GetFileName));
    }

    public static TheoryData<string, int> Points(bool inPlace)
    {
        var points = new TheoryData<string, int>();
        string[] names = inPlace
            ? ["undo-created", "journal-written", "undo-written", "undo-flushed", "block-written", "range-flushed", "lane-done", "array-flushed", "done-recorded"]
            : ["partial-created", "range-written", "partial-flushed", "record-written", "renamed"];
        foreach (var name in names)
        {
            points.Add(name, 1);
            if (name is "undo-written" or "undo-flushed" or "block-written" or "range-flushed" or "range-written")
            {
                points.Add(name, 4);
            }
        }

        return points;
    }

    private static void Write<T>(string path, T[] values)
        where T : unmanaged
    {
        var element = ArrayElements.Of<T>()!.Value;
        var text = $"{{'descr': '<{(element.IsFloat() ? 'f' : 'i')}{element.Bytes()}', 'fortran_order': False, 'shape': ({values.Length},), }}".PadRight(117) + "\n";
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. System.Text.Encoding.ASCII.GetBytes(text), .. MemoryMarshal.AsBytes<T>(values)]);
    }

    private static long[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return MemoryMarshal.Cast<byte, long>(bytes.AsSpan(NpyHeader.Read(new MemoryStream(bytes), path).Bytes.Length)).ToArray();
    }

    private static async Task<int> RunAsync(string? crash, params string[] words)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["ORLEANSCLEAN_ARRAY_RANGE"] = "100", ["ORLEANSCLEAN_ARRAY_BLOCK"] = "40" };
        if (crash is not null)
        {
            environment["ORLEANSCLEAN_ARRAY_CRASH"] = crash;
        }

        using var process = CommandProcess.Start(environment, words);
        var output = process.StandardOutput.ReadToEndAsync();
        await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
