namespace OrleansClean.Cleaning.Tests.Arrays;

/// <summary>Numbers of chance, the odd ones among them.</summary>
internal sealed class RandomArrays(Random random)
{
    private static readonly double[] Odd =
    [
        0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue,
        2.2250738585072014E-308, 1e-160, 1e160, -1e155, 1e-145, 9007199254740993, float.MaxValue, 3.4028235677973366e38, 1e-46, 0.1,
        2147483647.5, 2147483648, -2147483649, -2147483648.9, 9.223372036854775e18, 9223372036854775808.0, -9223372036854775808.0, -9.223372036854778e18,
    ];

    /// <summary>Doubles: plain ones, of all magnitudes, or odd ones, in a mixture that differs each time.</summary>
    public double[] Doubles(int count)
    {
        var (oddShare, wildShare) = (random.Next(3) * 0.1, random.Next(3) * 0.3);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() is var dice && dice < oddShare
            ? Odd[random.Next(Odd.Length)]
            : dice < oddShare + wildShare ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)) : (random.NextDouble() - 0.5) * 1e3)];
    }

    public float[] Floats(int count) => [.. Doubles(count).Select(d => (float)d)];

    /// <summary>Integers that are small, of all sizes, or at the ends of the type.</summary>
    public long[] Longs(int count)
    {
        var wild = random.Next(2) == 0;
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(wild ? 4 : 1) switch
        {
            0 => random.NextInt64(-1000, 1000),
            1 => random.NextInt64(long.MinValue, long.MaxValue),
            2 => long.MinValue + random.Next(3),
            _ => long.MaxValue - random.Next(3),
        })];
    }

    public int[] Ints(int count)
    {
        var wild = random.Next(2) == 0;
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(wild ? 4 : 1) switch
        {
            0 => random.Next(-1000, 1000),
            1 => random.Next(int.MinValue, int.MaxValue),
            2 => int.MinValue + random.Next(3),
            _ => int.MaxValue - random.Next(3),
        })];
    }
}
