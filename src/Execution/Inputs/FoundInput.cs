using OrleansClean.Storage;

namespace OrleansClean.Execution.Inputs;

/// <summary>An input file, as it was when it was listed.</summary>
/// <param name="Name">Its name in reports: relative to the plan or the working folder.</param>
/// <param name="Root">The folder that it must not lead out of, a full path.</param>
/// <param name="Key">Its name below <paramref name="Root"/>; null if it is refused.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ETag">Which content it had.</param>
/// <param name="Folder">What <c>{dir}</c> stands for.</param>
/// <param name="IsNamed">True if it was named by itself, not found by a pattern or in a folder.</param>
internal sealed record FoundInput(string Name, string Root, ObjectName? Key, long Bytes, ETag ETag, string Folder, bool IsNamed)
{
    /// <summary>Why it must not be read, or null.</summary>
    public string? Refusal { get; init; }

    /// <summary>The full path.</summary>
    public string FullPath { get; init; } = "";
}

/// <summary>What was found.</summary>
/// <param name="Files">Inputs in the order of names, refused ones among them.</param>
/// <param name="Notes">Sentences for the user.</param>
internal sealed record InputSet(IReadOnlyList<FoundInput> Files, IReadOnlyList<string> Notes);
