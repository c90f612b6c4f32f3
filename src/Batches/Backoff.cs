namespace OrleansClean.Batches;

/// <summary>How long to wait before trying again: doubled each time, capped, and spread by the caller's dice.</summary>
internal static class Backoff
{
    /// <summary>The wait after <paramref name="failures"/> earlier failures: half of it fixed, half by <paramref name="chance"/>.</summary>
    public static TimeSpan Wait(BatchSpec spec, int failures, double chance)
    {
        var doubled = spec.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 20));
        var capped = Math.Min(doubled, spec.RetryDelayMax.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Ceiling(capped * (0.5 + (0.5 * Math.Clamp(chance, 0, 1)))));
    }
}
