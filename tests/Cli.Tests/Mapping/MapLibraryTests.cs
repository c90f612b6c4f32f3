using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Mapping;

/// <summary>Functions of a library, in worker processes of their own.</summary>
public sealed class MapLibraryTests
{
    [Fact]
    public async Task A_function_of_a_library_gives_its_results_in_the_order_of_inputs()
    {
        using var work = new WorkFolder().With("in.txt", string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i}\n")));

        var answer = await MapAsync("scaled", "--param", "factor=1.5", "-j", "2", "-o", "text");

        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(string.Concat(Enumerable.Range(0, 3_000).Select(i => i % 2 == 0 ? $"{i / 2 * 3}\n" : $"{(i * 15) / 10}.5\n")), answer.Out);
        Assert.Contains("3,000 ok   0 failed", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("loop", "input-timeout", "It was not done after 3 s")]
    [InlineData("deep", "function-crashed", "Stack overflow")]
    [InlineData("fail-fast", "function-crashed", "The function has given up.")]
    [InlineData("exit", "function-crashed", "exit code 3")]
    [InlineData("throw", "function-failed", "InvalidOperationException: It does not want to.")]
    [InlineData("eat", "memory-limit", "needed more memory")]
    public async Task What_a_function_does_costs_the_input_that_made_it_do_it(string word, string code, string message)
    {
        using var work = new WorkFolder().With("in.txt", $"a\nb\n{word}\nc\nd\n");

        var answer = await MapAsync("nasty", "--input-timeout", "3s", "--worker-memory", "64MB", "-j", "1", "--chunk-size", "5");

        Assert.Equal(4, answer.ExitCode);
        var lines = answer.Out.TrimEnd('\n').Split('\n');
        Assert.Equal(
            ["{\"index\":0,\"input\":\"a\",\"result\":\"A\"}", "{\"index\":1,\"input\":\"b\",\"result\":\"B\"}"],
            lines[..2]);
        Assert.StartsWith($"{{\"index\":2,\"input\":\"{word}\",\"error\":{{\"code\":\"{code}\",\"message\":\"", lines[2], StringComparison.Ordinal);
        Assert.Contains(message, lines[2], StringComparison.Ordinal);
        Assert.Equal(
            ["{\"index\":3,\"input\":\"c\",\"result\":\"C\"}", "{\"index\":4,\"input\":\"d\",\"result\":\"D\"}"],
            lines[3..]);
    }

    [Fact]
    public async Task Many_inputs_may_crash_and_every_other_one_has_its_result()
    {
        using var work = new WorkFolder().With("in.txt", "a\nexit\nb\nexit\nexit\nc\nd\nexit\n");

        var answer = await MapAsync("nasty", "-j", "2", "--chunk-size", "4", "-o", "text");

        Assert.Equal(4, answer.ExitCode);
        Assert.Equal("A\n\nB\n\n\nC\nD\n\n", answer.Out);
    }

    [Fact]
    public async Task A_function_may_print_and_read_as_it_likes()
    {
        using var work = new WorkFolder().With("in.txt", "print\nread\nx\n");

        var answer = await MapAsync("nasty", "-v", "-j", "1", "-o", "text");

        Assert.Equal("PRINT\nread 0 characters\nX\n", answer.Out);
        Assert.Contains("[worker 1] printed by the function\n", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_tried_again_as_often_as_is_asked_for()
    {
        using var work = new WorkFolder().With("in.txt", "flaky\nthrow\nexit\n");

        var answer = await MapAsync("nasty", "--retries", "1", "-j", "1", "-o", "text");

        Assert.Equal("FLAKY\n\n\n", answer.Out);
        Assert.Contains("3 tried again", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_time_is_up_what_is_done_is_printed_and_nobody_waits_for_the_function()
    {
        using var work = new WorkFolder().With("in.txt", "a\nb\nloop\nc\n");

        var answer = await MapAsync("nasty", "--timeout", "6s", "-j", "1", "--chunk-size", "4", "-o", "text");

        Assert.Equal(5, answer.ExitCode);
        Assert.Equal("A\nB\n", answer.Out);
        Assert.Contains("stopped by --timeout after 2 inputs", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_may_be_objects_but_not_what_JSON_cannot_say()
    {
        using var work = new WorkFolder().With("in.txt", "1 2\n");

        Assert.Equal("{\"index\":0,\"input\":\"1 2\",\"result\":{\"text\":\"1 2\",\"length\":3,\"parts\":[\"1\",\"2\"]}}\n", (await MapAsync("objects")).Out);

        using var numbers = new WorkFolder().With("in.txt", "1\n");
        var answer = await MapAsync("not-finite");
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("\"code\":\"result-error\"", answer.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Equal_inputs_are_remembered_for_all_worker_processes_together()
    {
        using var work = new WorkFolder().With("in.txt", string.Concat(Enumerable.Repeat("1\n2\n", 100)));

        var answer = await MapAsync("scaled", "--param", "factor=2", "--memo", "10", "-j", "1", "--chunk-size", "2", "-o", "text");

        Assert.Contains("198 memo hits", answer.Error, StringComparison.Ordinal);
        Assert.Equal(string.Concat(Enumerable.Repeat("2\n4\n", 100)), answer.Out);
    }

    [Theory]
    [InlineData("closure", "is a lambda or local function in NastyFunctions.MakeClosure. It captures tax, which no worker process has.")]
    [InlineData("not-static", "which is not static: in a worker process there is no NotStatic to call it on.")]
    [InlineData("waits", "which gives a Task<int>: a worker does one input at a time, so let the method wait for it.")]
    [InlineData("takes-bytes", "whose input is a Byte[]: a line of text cannot be read as that.")]
    [InlineData("generic", "which is generic")]
    [InlineData("nothing", "which gives no result")]
    [InlineData("twice", "has 2 functions 'twice'")]
    [InlineData("nastie", "Did you mean 'nasty'?")]
    [InlineData("unmarked", "without a mark: put [MapFunction(\"unmarked\")] above it.")]
    [InlineData("scaled", "needs its parameter factor (double): --param factor=VALUE")]
    public async Task A_function_that_cannot_be_called_is_refused_before_anything_is_read(string function, string reason)
    {
        using var work = new WorkFolder().With("in.txt", "1\n");

        var answer = await MapAsync(function, "-j", "1");

        Assert.Equal((2, ""), (answer.ExitCode, answer.Out));
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_library_is_refused()
    {
        using var work = new WorkFolder().With("in.txt", "1\n").With("text.dll", "This is no library.");

        Assert.Contains("is no .NET library", (await Typed.Async("map", "x", "--library", "text.dll", "--inputs", "in.txt")).Error, StringComparison.Ordinal);
        Assert.Contains("There is no library 'no.dll'", (await Typed.Async("map", "x", "--library", "no.dll", "--inputs", "in.txt")).Error, StringComparison.Ordinal);
        Assert.Contains("'.' is a folder", (await Typed.Async("map", "--list", "--library", ".")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_functions_of_a_library_are_listed_with_what_they_take()
    {
        var answer = await Typed.Async("map", "--list", "--library", NastyFunctions.Library);

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("scaled       double → double, factor: double, digits: int = 2   pure\n", answer.Out, StringComparison.Ordinal);
        Assert.Contains("Does what the input says.", answer.Out, StringComparison.Ordinal);
    }

    private static Task<Answer> MapAsync(string function, params string[] more) =>
        Typed.Async(["map", function, "--library", NastyFunctions.Library, "--inputs", "in.txt", .. more]);
}
