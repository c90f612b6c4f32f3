namespace OrleansClean.Execution.Arrays;

/// <summary>What to do with which array.</summary>
public sealed record ArrayRequest
{
    /// <summary>The path of the spec.</summary>
    public required string SpecPath { get; init; }

    /// <summary>The array to read; null for the spec's own <c>input</c>.</summary>
    public string? InputPath { get; init; }

    /// <summary>The file to write; null for the spec's own <c>write</c>.</summary>
    public string? OutputPath { get; init; }

    /// <summary>Change the input where it stands and write no other file.</summary>
    public bool InPlace { get; init; }

    /// <summary>Threads; null for the processors that this process may use.</summary>
    public int? Workers { get; init; }

    /// <summary>Replace an output that this command did not make; in place, apply the spec to its own result once more.</summary>
    public bool Force { get; init; }

    /// <summary>Measure the elements before and after. What is written does not depend on it.</summary>
    public bool Statistics { get; init; } = true;

    /// <summary>The folder that relative paths of this request are resolved against; a spec's own are relative to the spec.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;
}
