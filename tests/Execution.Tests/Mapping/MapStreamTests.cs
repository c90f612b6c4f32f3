using System.Globalization;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Execution.Tests.Mapping;

public sealed class MapStreamTests
{
    [Theory]
    [InlineData(1, null)]
    [InlineData(3, null)]
    [InlineData(3, 1)]
    [InlineData(8, 100)]
    public async Task Results_of_a_stream_come_in_the_order_of_inputs(int workers, int? chunkSize)
    {
        var results = await ParallelMap.StreamAsync(
            Enumerable.Range(0, 20_000), x => x * 2L, new MapOptions { Workers = workers, ChunkSize = chunkSize }).ToListAsync();

        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => new MapResult<long>(i, i * 2L, null)), results);
    }

    [Fact]
    public async Task As_completed_every_result_comes_once_with_its_index()
    {
        var results = await ParallelMap.StreamAsync(
            Enumerable.Range(0, 5_000), x => x * 2, new MapOptions { Workers = 4, ChunkSize = 3, AsCompleted = true }).ToListAsync();

        Assert.All(results, result => Assert.Equal(result.Index * 2, result.Value));
        Assert.Equal(5_000, results.Select(result => result.Index).Distinct().Count());
    }

    [Fact]
    public async Task As_completed_a_quick_input_does_not_wait_for_a_slow_one()
    {
        using var second = new ManualResetEventSlim();
        var order = new List<long>();
        var results = ParallelMap.StreamAsync(
            [0, 1],
            x =>
            {
                if (x == 0)
                {
                    second.Wait();
                }

                return x;
            },
            new MapOptions { Workers = 2, ChunkSize = 1, AsCompleted = true });
        await foreach (var result in results)
        {
            order.Add(result.Index);
            second.Set();
        }

        Assert.Equal([1, 0], order);
    }

    [Fact]
    public async Task A_stream_without_end_is_read_only_as_far_as_somebody_takes_its_results()
    {
        var read = 0;
        IEnumerable<int> Endless()
        {
            while (true)
            {
                yield return read++;
            }
        }

        var taken = 0;
        await foreach (var result in ParallelMap.StreamAsync(Endless(), x => x, new MapOptions { Workers = 2, ChunkSize = 10 }))
        {
            Assert.Equal(taken, result.Value);
            if (++taken == 100)
            {
                break;
            }
        }

        // Two workers, four chunks for each, and what is on its way to the caller.
        Assert.InRange(read, 100, 100 + (12 * 10));
    }

    [Fact]
    public async Task A_failure_comes_at_its_place()
    {
        var results = await ParallelMap.StreamAsync(["4", "x", "6"], text => int.Parse(text, CultureInfo.InvariantCulture), new MapOptions { Workers = 1 }).ToListAsync();

        Assert.Equal([true, false, true], results.Select(result => result.IsOk));
        Assert.Equal("x", results[1].Failure!.Input);
    }

    [Fact]
    public async Task What_the_inputs_throw_reaches_whoever_takes_the_results()
    {
        IEnumerable<int> Broken()
        {
            yield return 1;
            throw new InvalidDataException("The source is broken.");
        }

        await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await ParallelMap.StreamAsync(Broken(), x => x, new MapOptions { Workers = 1, ChunkSize = 1 }).ToListAsync());
    }

    [Fact]
    public async Task Inputs_that_take_too_long_do_not_hold_up_the_stream()
    {
        using var never = new ManualResetEventSlim();
        var results = await ParallelMap.StreamAsync(
            Enumerable.Range(0, 20),
            x =>
            {
                if (x is 3 or 4)
                {
                    never.Wait();
                }

                return x;
            },
            new MapOptions { Workers = 1, ChunkSize = 10, InputTimeout = TimeSpan.FromMilliseconds(200) }).ToListAsync();
        never.Set();

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), results.Select(result => result.Index));
        Assert.Equal([3L, 4L], results.Where(result => !result.IsOk).Select(result => result.Index));
    }

    [Fact]
    public async Task When_the_time_is_up_the_results_end_with_an_exception()
    {
        using var never = new ManualResetEventSlim();
        var results = ParallelMap.StreamAsync(
            [1],
            x =>
            {
                never.Wait();
                return x;
            },
            new MapOptions { Timeout = TimeSpan.FromMilliseconds(200) });

        await Assert.ThrowsAsync<TimeoutException>(async () => await results.ToListAsync());
        never.Set();
    }
}
