using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Running;

namespace OrleansClean.Survival.Tests.Vocabulary;

/// <summary>
/// A batch of three files: <c>a</c> is unchanged since the batch before, <c>b</c> gets its first rejects and replaces an output, <c>c</c> is
/// mended and loses its rejects. So every kind of call to a store is made: reads, stagings, commits over old content, deletions, documents, appends.
/// </summary>
/// <param name="Name">What is special about it.</param>
/// <param name="MaxRejects">The limit that holds everything back, or null.</param>
/// <param name="FailsOnce">The first attempt at <c>b</c> fails in the middle of its output.</param>
/// <param name="IsInPieces"><c>b</c> has more rows, and workers share its pieces.</param>
internal sealed record Story(string Name, string? MaxRejects = null, bool FailsOnce = false, bool IsInPieces = false)
{
    /// <summary>The batch before.</summary>
    public const string Before = "before";

    /// <summary>The batch that is disturbed.</summary>
    public const string Now = "now";

    private const string Plan = """
        plan: 1
        name: three
        read: {files: "in/*.csv"}
        steps:
          - parse: {value: integer}
        write: out/{name}.csv
        """;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Story> All { get; } =
    [
        new("plain"),
        new("gate", MaxRejects: "5"),
        new("closed-gate", MaxRejects: "0"),
        new("retry", FailsOnce: true),
        new("pieces", IsInPieces: true),
    ];

    /// <summary>True if nothing is to be published.</summary>
    public bool IsHeldBack => MaxRejects is "0";

    /// <summary>The inputs of the batch before.</summary>
    public static IReadOnlyList<(string Name, string Text)> InputsBefore { get; } =
    [
        ("in/a.csv", "id,value\n1,1\n"),
        ("in/b.csv", "id,value\n1,1\n2,2\n"),
        ("in/c.csv", "id,value\n1,1\n2,x\n"),
    ];

    /// <summary>What is changed before the batch that is disturbed.</summary>
    public IReadOnlyList<(string Name, string Text)> InputsNow =>
    [
        ("in/b.csv", $"id,value\n1,1\n2,x\n3,3\n{(IsInPieces ? MoreRows : "")}"),
        ("in/c.csv", "id,value\n1,1\n2,2\n"),
    ];

    private static string MoreRows { get; } = string.Concat(Enumerable.Range(4, 40).Select(i => i % 17 == 3 ? $"{i},y\n" : $"{i},{i}\n"));

    /// <summary>The batch as it is asked for.</summary>
    public BatchSubmission Submission(World world, string id) => new()
    {
        Id = id,
        PlanText = Plan,
        InputRoot = world.InputRoot,
        OutputRoot = world.OutputRoot,
        MaxRejects = id is Now ? MaxRejects : null,
        PieceBytes = IsInPieces ? 64 : null,
        FrozenAt = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero),
    };

    /// <summary>What a host of this story works with.</summary>
    public BatchSeams Seams(TimeProvider time)
    {
        var seams = BatchSeams.Real with { Time = time };
        if (!FailsOnce)
        {
            return seams;
        }

        var failures = 0;
        return seams with { Clean = (job, token) => job.InputName is "in/b.csv" && Interlocked.Increment(ref failures) == 1 ? Fail(job) : FileCleaner.Clean(job, token) };
    }

    public override string ToString() => Name;

    private static FileReport Fail(FileCleaning job)
    {
        using (var input = job.OpenInput())
        {
            input.ReadByte();
        }

        job.Outputs.OpenRejectRecords().Write("half"u8);
        job.Outputs.OpenOutput().Write("half"u8);
        throw new IOException("The device is not ready.");
    }
}
