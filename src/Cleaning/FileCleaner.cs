using System.Collections.Immutable;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Writing;

namespace OrleansClean.Cleaning;

/// <summary>A header that a plan fits.</summary>
/// <param name="Header">The columns of the input.</param>
/// <param name="Columns">The columns of the output.</param>
public sealed record HeaderFit(ImmutableArray<string> Header, ImmutableArray<string> Columns);

/// <summary>Cleans one file: bytes in, bytes and a balanced report out. Synchronous; no files, clock or culture of its own.</summary>
public static class FileCleaner
{
    /// <summary>
    /// Cleans <paramref name="job"/>'s input into its outputs. Throws <see cref="FileFailedException"/> if the file as a
    /// whole cannot be cleaned, <see cref="OperationCanceledException"/> within one buffer of cancellation, and lets the
    /// streams' own exceptions pass; outputs are then incomplete and must be thrown away.
    /// </summary>
    public static FileReport Clean(FileCleaning job, CancellationToken cancellationToken)
    {
        return Write(new CleaningRun(job, cancellationToken), job);
    }

    internal static FileReport Write(CleaningRun run, FileCleaning job)
    {
        using var sink = new WritingSink(job, run.Input, run.Program, RowTargets.Of(job, run.Input));
        run.Run(sink);
        sink.Flush();
        return Balanced(run.Report(sink.BytesOut));
    }

    /// <summary>The report, if its ledger balances: otherwise nothing may be made of it.</summary>
    internal static FileReport Balanced(FileReport report)
    {
        return report.Rows.IsBalanced && report.Steps.All(step => step.Rows.IsBalanced)
            ? report
            : throw new InvalidOperationException($"The ledger does not balance: {report.Rows}. This is a bug.");
    }

    /// <summary>Runs the plan over the input as <see cref="Clean"/> does, writes nothing, and tells what happened to some records.</summary>
    public static TraceReport Trace(FileCleaning job, TraceSelection selection, CancellationToken cancellationToken)
    {
        var run = new CleaningRun(job, cancellationToken);
        var sink = new TracingSink(run, selection);
        run.Run(sink);
        return new TraceReport(
            run.Input.Dialect,
            [.. run.Input.Header],
            [.. run.Program.Outputs.Select(column => column.Name)],
            sink.Traces,
            sink.Traces.IsEmpty && selection.Line is { } line ? LineKind(run, line, sink.LineSeen) : null);
    }

    /// <summary>
    /// Opens the input and holds the plan against its header, no more. Throws <see cref="FileFailedException"/> as
    /// <see cref="Clean"/> does; where the plan itself is wrong for the header's types, its inner exception is the
    /// <see cref="PlanException"/> with every place.
    /// </summary>
    public static HeaderFit CheckHeader(FileCleaning job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var run = new CleaningRun(job, CancellationToken.None);
        return new HeaderFit([.. run.Input.Header], [.. run.Program.Outputs.Select(column => column.Name)]);
    }

    private static string LineKind(CleaningRun run, long line, long lineSeen)
    {
        var header = run.Input.Dialect.HeaderLine;
        return line < header ? "preamble"
            : line == header ? "header"
            : line > lineSeen ? "beyond-end"
            : "blank";
    }
}
