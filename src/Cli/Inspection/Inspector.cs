using System.Collections.Immutable;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Traces;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Cli.Inspection;

/// <summary>What <c>inspect</c> found in one file; what <c>inspect -o json</c> prints.</summary>
internal sealed record InspectDocument
{
    public required string File { get; init; }

    public required long Bytes { get; init; }

    public DialectDocument? Dialect { get; init; }

    public IReadOnlyList<string>? Columns { get; init; }

    public long Records { get; init; }

    public long Broken { get; init; }

    public IReadOnlyDictionary<string, long>? Codes { get; init; }

    public long BlankLines { get; init; }

    public FirstProblem? First { get; init; }

    public FailureDocument? Failure { get; init; }
}

/// <summary>The first broken record.</summary>
internal sealed record FirstProblem(long Line, string Code);

/// <summary>Why a file cannot be read at all.</summary>
internal sealed record FailureDocument(string Code, string Message, long? Line);

/// <summary>Reads a file as a plan without steps would, to its end, and keeps nothing of it.</summary>
internal static class Inspector
{
    // The same engine by the same path: what is shown is what a run does, not a second opinion.
    private static readonly Plan NoSteps = new()
    {
        Name = "inspect",
        Parameters = ImmutableSortedDictionary<string, Literal>.Empty,
        Read = new ReadOptions(),
        Steps = [],
        Expectations = [],
        Write = new WriteOptions { To = "{name}.csv" },
        Run = new RunOptions(),
        Tests = [],
        Fingerprint = "",
    };

    /// <summary>What is in the file at <paramref name="path"/>.</summary>
    public static InspectDocument Inspect(string path, CancellationToken cancellationToken)
    {
        var bytes = RegularFile.LengthOf(path) ?? 0;
        try
        {
            var report = Tracing.Ledger(NoSteps, path, cancellationToken);
            return new InspectDocument
            {
                File = path,
                Bytes = bytes,
                Dialect = DialectDocument.Of(report.Dialect),
                Columns = report.Columns,
                Records = report.Rows.In,
                Broken = report.Rows.Rejected,
                Codes = report.Steps[0].Codes,
                BlankLines = report.BlankLines,
                First = report.FirstReject is { } first ? new FirstProblem(first.Line, first.Code) : null,
            };
        }
        catch (FileFailedException failure)
        {
            var line = failure.Line > 0 ? failure.Line : (long?)null;
            return new InspectDocument { File = path, Bytes = bytes, Failure = new FailureDocument(failure.Code, failure.Message, line) };
        }
    }
}
