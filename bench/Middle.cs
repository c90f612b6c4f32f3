namespace OrleansClean.Bench;

/// <summary>Of several runs, what counts.</summary>
internal static class Middle
{
    /// <summary>The median; of an even number the mean of the two in the middle.</summary>
    public static double Median(this IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
