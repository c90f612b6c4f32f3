namespace OrleansClean.Cli.Demo;

/// <summary>A defect that was planted: where, and the code that must be found there. Line 0 is the file as a whole.</summary>
internal readonly record struct DemoDefect(string File, long Line, string Code);

/// <summary>What was made: the truth that the cleaning is measured by.</summary>
internal sealed record DemoTruth
{
    /// <summary>The defects, in order of file and line.</summary>
    public required IReadOnlyList<DemoDefect> Defects { get; init; }

    /// <summary>Names of the files, without folder.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Records in files that can be cleaned.</summary>
    public required long RowsIn { get; init; }

    /// <summary>Rows that a rule of the plan drops.</summary>
    public required long RowsDropped { get; init; }

    /// <summary>The rows that must come out, by file: every order's id, in order.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> OrdersOut { get; init; }

    /// <summary>Things that are odd and not wrong, by name with the number of files.</summary>
    public required IReadOnlyDictionary<string, int> Oddities { get; init; }
}
