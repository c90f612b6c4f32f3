using System.Globalization;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Execution.Tests.Mapping;

public sealed class ParallelMapTests
{
    [Theory]
    [InlineData(0, 1, null)]
    [InlineData(1, 4, null)]
    [InlineData(10_007, 1, null)]
    [InlineData(10_007, 3, null)]
    [InlineData(10_007, 3, 1)]
    [InlineData(10_007, 8, 1_000)]
    [InlineData(50, 8, 1_000)]
    public async Task Results_come_in_the_order_of_inputs(int inputs, int workers, int? chunkSize)
    {
        var report = await ParallelMap.RunAsync(
            Enumerable.Range(0, inputs), x => x * 3, new MapOptions { Workers = workers, ChunkSize = chunkSize });

        Assert.Equal(Enumerable.Range(0, inputs).Select(x => x * 3), report.AllResults());
        Assert.Equal((inputs, inputs, 0, 0), (report.Inputs, report.Succeeded, report.Failed, report.NotDone));
    }

    [Fact]
    public async Task An_input_that_fails_is_named_and_costs_no_other_its_result()
    {
        var report = await ParallelMap.RunAsync(["1", "two", "3"], text => int.Parse(text, CultureInfo.InvariantCulture), new MapOptions { Workers = 2 });

        var failure = Assert.Single(report.Failures);
        Assert.Equal((1, "two", "function-failed"), (failure.Index, failure.Input, failure.Code));
        Assert.StartsWith("FormatException: ", failure.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(failure.Exception);
        Assert.Equal([1, 0, 3], report.Results);
        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(report.HasResult));
        Assert.Contains("1 of 3 inputs failed", Assert.Throws<MapFailedException>(report.AllResults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_input_may_fail()
    {
        var report = await ParallelMap.RunAsync<int, int>(Enumerable.Range(0, 5_000), _ => throw new InvalidOperationException("no"), new MapOptions { Workers = 4 });

        Assert.Equal(Enumerable.Range(0, 5_000).Select(i => (long)i), report.Failures.Select(failure => failure.Index));
    }

    [Fact]
    public async Task A_failure_is_tried_again_only_if_the_caller_calls_it_transient()
    {
        var calls = new int[2];
        int Flaky(int i) => Interlocked.Increment(ref calls[i]) < 3 ? throw (i == 0 ? new TimeoutException() : new InvalidOperationException()) : i + 10;

        var report = await ParallelMap.RunAsync(
            [0, 1], Flaky, new MapOptions { Workers = 1, RetriesMax = 5, IsTransient = e => e is TimeoutException, RetryDelay = TimeSpan.FromMilliseconds(1) });

        Assert.Equal([3, 1], calls);
        Assert.True(report.HasResult(0));
        Assert.Equal(1, Assert.Single(report.Failures).Attempts);
        Assert.Equal(2, report.Retries);
    }

    [Fact]
    public async Task Retries_end()
    {
        var report = await ParallelMap.RunAsync<int, int>(
            [7], _ => throw new TimeoutException("busy"), new MapOptions { RetriesMax = 2, IsTransient = _ => true, RetryDelay = TimeSpan.FromMilliseconds(1) });

        Assert.Equal(3, Assert.Single(report.Failures).Attempts);
    }

    [Fact]
    public async Task An_input_that_takes_too_long_is_left_alone_and_the_others_are_done()
    {
        using var never = new ManualResetEventSlim();
        var report = await ParallelMap.RunAsync(
            Enumerable.Range(0, 100),
            x =>
            {
                if (x == 41)
                {
                    never.Wait();
                }

                return x + 1;
            },
            new MapOptions { Workers = 2, ChunkSize = 10, InputTimeout = TimeSpan.FromMilliseconds(300) });
        never.Set();

        var failure = Assert.Single(report.Failures);
        Assert.Equal((41, "input-timeout"), (failure.Index, failure.Code));
        Assert.Equal((99, 1, 0), (report.Succeeded, report.TimedOut, report.NotDone));
        Assert.All(Enumerable.Range(0, 100).Where(x => x != 41), x => Assert.Equal(x + 1, report.Results[x]));
    }

    [Fact]
    public async Task A_function_that_takes_a_token_is_told_that_its_time_is_up()
    {
        var report = await ParallelMap.RunAsync(
            [1, 2, 3],
            (x, token) =>
            {
                if (x == 2)
                {
                    token.WaitHandle.WaitOne();
                    token.ThrowIfCancellationRequested();
                }

                return x;
            },
            new MapOptions { Workers = 1, InputTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.Equal("input-timeout", Assert.Single(report.Failures).Code);
        Assert.Equal([1, 0, 3], report.Results);
    }

    [Fact]
    public async Task When_the_time_of_the_map_is_up_what_is_done_is_kept_and_the_rest_is_counted()
    {
        using var never = new ManualResetEventSlim();
        var report = await ParallelMap.RunAsync(
            Enumerable.Range(0, 100),
            x =>
            {
                if (x >= 30)
                {
                    never.Wait();
                }

                return x + 1;
            },
            new MapOptions { Workers = 1, ChunkSize = 7, Timeout = TimeSpan.FromMilliseconds(500) });
        never.Set();

        Assert.True(report.IsTimedOut);
        Assert.Equal((30, 70), (report.Succeeded, report.NotDone));
        Assert.Throws<MapFailedException>(report.AllResults);
    }

    [Fact]
    public async Task A_map_that_is_cancelled_ends_even_if_its_function_does_not()
    {
        using var never = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var running = ParallelMap.RunAsync(
            Enumerable.Range(0, 10),
            x =>
            {
                stop.Cancel();
                never.Wait(CancellationToken.None);
                return x;
            },
            new MapOptions { Workers = 2 },
            stop.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        never.Set();
    }

    [Fact]
    public async Task A_map_that_is_cancelled_before_it_begins_calls_nothing()
    {
        var calls = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ParallelMap.RunAsync(Enumerable.Range(0, 1_000), x => Interlocked.Increment(ref calls) + x, cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(0, calls);
    }

    [Fact]
    public async Task What_is_remembered_is_not_computed_again()
    {
        var calls = 0;
        var report = await ParallelMap.RunAsync(
            Enumerable.Range(0, 1_000).Select(i => i % 10), x => x + (Interlocked.Increment(ref calls) * 0), new MapOptions { Workers = 1, MemoMax = 100 });

        Assert.Equal((10, 990), (calls, report.MemoHits));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i % 10), report.AllResults());
    }

    [Fact]
    public async Task Inputs_may_be_null_and_are_remembered_too()
    {
        var report = await ParallelMap.RunAsync<string?, int>([null, "a", null], text => text?.Length ?? -1, new MapOptions { Workers = 1, MemoMax = 10 });

        Assert.Equal([-1, 1, -1], report.AllResults());
        Assert.Equal(1, report.MemoHits);
    }

    [Fact]
    public async Task A_long_input_is_quoted_in_part()
    {
        var report = await ParallelMap.RunAsync<string, int>([new string('x', 10_000)], _ => throw new InvalidOperationException());

        Assert.Equal(MapFailure.InputTextMax + 1, Assert.Single(report.Failures).Input.Length);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(5_000, null)]
    [InlineData(1, 0)]
    public async Task Options_out_of_range_are_refused(int workers, int? chunkSize) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            ParallelMap.RunAsync([1], x => x, new MapOptions { Workers = workers, ChunkSize = chunkSize }));

    [Fact]
    public async Task A_hundred_thousand_inputs_allocate_next_to_nothing_for_each()
    {
        int[] inputs = [.. Enumerable.Range(0, 100_000)];
        await ParallelMap.RunAsync(inputs, x => x + 1, new MapOptions { Workers = 2 });

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var report = await ParallelMap.RunAsync(inputs, x => x + 1, new MapOptions { Workers = 2 });
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        // Four bytes of result and one of state for each; other tests of this process may allocate meanwhile, so the bound is wide.
        Assert.True(allocated < 64L * inputs.Length, $"{allocated} bytes for {report.Inputs} inputs.");
    }
}
