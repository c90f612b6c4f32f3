using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Cleaning;

/// <summary>Cleans one file: bytes in, bytes and a balanced report out. Synchronous; no files, clock or culture of its own.</summary>
public static class FileCleaner
{
    /// <summary>
    /// Cleans <paramref name="job"/>'s input into its outputs. Throws <see cref="FileFailedException"/> if the file as a
    /// whole cannot be cleaned, <see cref="OperationCanceledException"/> within one buffer of cancellation, and lets the
    /// streams' own exceptions pass; outputs are then incomplete and must be thrown away.
    /// </summary>
    public static FileReport Clean(FileCleaning job, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not built yet.");

    /// <summary>Runs the plan over the input as <see cref="Clean"/> does, writes nothing, and tells what happened to some records.</summary>
    public static TraceReport Trace(FileCleaning job, TraceSelection selection, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not built yet.");
}
