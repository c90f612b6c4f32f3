using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Execution.Arrays;

namespace OrleansClean.Execution.Tests.Arrays;

/// <summary>Arrays in memory.</summary>
public sealed class ArrayApplyTests
{
    private static readonly ArraySpec Twice = Spec("scale: 2");

    [Fact]
    public void An_array_in_memory_is_changed_where_it_stands()
    {
        long[] values = [1, 2, 3];

        var (before, after) = ArrayTransform.Apply<long>(values, Twice, statistics: true);

        Assert.Equal([2L, 4, 6], values);
        Assert.Equal((2, 4), (before!.Mean, after!.Mean));
    }

    [Fact]
    public void Every_number_of_workers_and_every_cut_gives_the_same_bits()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        float[] original = [.. Enumerable.Range(0, 3_001).Select(_ => (float)(random.NextDouble() * 1e6))];
        var spec = Spec("normalize: zscore", "cast: f64", "offset: 1", "cast: f32");
        float[] expected = [.. original];
        ArrayTransform.Apply<float>(expected, spec, workers: 1);
        foreach (var (workers, range, block) in ((int, long, int)[])[(1, 1, 1), (3, 7, 3), (8, 100, 64), (2, 5_000, 999)])
        {
            float[] values = [.. original];

            ArrayTransform.Apply<float>(values, spec, workers, statistics: false, new ArrayTuning(range, block), CancellationToken.None);

            Assert.True(expected.AsSpan().SequenceEqual(values), $"seed={seed} workers={workers} range={range} block={block}");
        }
    }

    [Fact]
    public void If_one_element_cannot_take_a_step_none_is_changed()
    {
        int[] values = [1, 2, int.MaxValue];

        var failure = Assert.Throws<FileFailedException>(() => ArrayTransform.Apply<int>(values, Twice));

        Assert.StartsWith("the array in memory cannot be transformed: element [2] cannot take `scale 2`: it is 2147483647", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, int.MaxValue], values);
    }

    [Fact]
    public void In_memory_an_array_keeps_its_kind()
    {
        Assert.Contains("in memory an array keeps its kind", Assert.Throws<UsageException>(() => ArrayTransform.Apply<int>(new int[1], Spec("cast: f32"))).Message, StringComparison.Ordinal);
        Assert.Contains("float, double, int or long, not of Byte", Assert.Throws<UsageException>(() => ArrayTransform.Apply<byte>(new byte[1], Twice)).Message, StringComparison.Ordinal);
    }

    private static ArraySpec Spec(params string[] steps) => ArraySpecLoader.Load($"array: 1\nsteps:\n{string.Concat(steps.Select(step => $"  - {step}\n"))}", "s.yaml");
}
