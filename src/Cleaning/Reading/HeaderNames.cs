using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Reading;

/// <summary>The names of an input's columns, between its header and what the plan says about them.</summary>
internal static class HeaderNames
{
    /// <summary>Names for a header of these <paramref name="cells"/>, or for <paramref name="width"/> columns if it is null.</summary>
    public static IReadOnlyList<string> Settle(string[]? cells, int width, ReadOptions options)
    {
        var names = options.Columns;
        if (names.IsDefaultOrEmpty)
            return cells ?? [.. Enumerable.Range(1, width).Select(i => $"column_{i}")];
        if (cells is not null && cells.Length != names.Length)
        {
            throw new FileFailedException(
                ProblemCodes.MissingLabel,
                $"read.columns names {names.Length} columns, the header has {cells.Length}; name each of them");
        }

        return width == 0 ? [] : names;
    }
}
