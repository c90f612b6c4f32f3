using System.Collections.Immutable;

namespace OrleansClean.Execution;

/// <summary>What a run would do, found without writing anything (<c>run -n</c>).</summary>
/// <param name="Listing">The batch as it would begin.</param>
/// <param name="Files">Every input, in the order of names.</param>
public sealed record BatchPreview(BatchListing Listing, ImmutableArray<PlannedFile> Files);

/// <summary>One input of a run that was not started.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Output">The output's path as <c>write:</c> gives it; empty for a refused input.</param>
/// <param name="Will"><c>clean</c>, <c>skip</c> (its output is up to date), or <c>fail</c>.</param>
/// <param name="Why">Why it would fail, or null.</param>
public sealed record PlannedFile(string Input, long Bytes, string Output, string Will, string? Why);
