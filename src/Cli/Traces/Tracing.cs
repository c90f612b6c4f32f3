using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Usage;

namespace OrleansClean.Cli.Traces;

/// <summary>Runs a plan over one file without writing anything.</summary>
internal static class Tracing
{
    /// <summary>What the plan does to the selected records of the file at <paramref name="path"/>.</summary>
    public static TraceReport Of(Plan plan, string path, TraceSelection selection, CancellationToken cancellationToken) =>
        FileCleaner.Trace(Job(plan, path), selection, cancellationToken);

    /// <summary>The file's whole ledger.</summary>
    public static FileReport Ledger(Plan plan, string path, CancellationToken cancellationToken) =>
        FileCleaner.Clean(Job(plan, path), cancellationToken);

    /// <summary>Holds the plan against the header of the file at <paramref name="path"/> and reads no further.</summary>
    public static HeaderFit CheckHeader(Plan plan, string path) => FileCleaner.CheckHeader(Job(plan, path));

    private static FileCleaning Job(Plan plan, string path) => new()
    {
        Plan = plan,
        InputName = path,
        OpenInput = InputPath.Opener(path),
        Outputs = new Nowhere(),
        BatchId = "preview",
        Now = DateTime.UtcNow,
    };

    private sealed class Nowhere : ICleaningOutputs
    {
        public Stream OpenOutput() => Stream.Null;

        public Stream OpenRejectRecords() => Stream.Null;

        public Stream OpenRejectRows() => Stream.Null;
    }
}
