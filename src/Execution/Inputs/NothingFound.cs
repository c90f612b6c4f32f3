using System.Globalization;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Inputs;

/// <summary>Says that nothing matched: what was asked for, where it was looked for, and what is there.</summary>
internal static class NothingFound
{
    private const int ShownMax = 5;

    public static string Describe(IReadOnlyList<string> patterns, string baseFolder)
    {
        if (patterns.Count == 0)
        {
            return "There is nothing to clean: no files were given and the plan has no read.files. Name files or a folder, or write read: {files: in/*.csv} into the plan.";
        }

        var first = patterns[0];
        if (StoreAddress.Is(first))
        {
            return ObjectName.Show($"No input matched {first}. Nothing like that lies in {StoreAddress.Split(first).Container}: check the name and the connection.");
        }

        var full = Path.GetFullPath(first, baseFolder);
        var folder = Directory.Exists(full) ? full
            : Glob.IsPattern(first) ? Path.GetFullPath(Glob.Parse(first)[0].Folder, baseFolder)
            : Path.GetDirectoryName(full) ?? baseFolder;
        var asked = patterns.Count == 1 ? first : string.Create(CultureInfo.InvariantCulture, $"{first} (and {patterns.Count - 1} more)");
        return ObjectName.Show($"No input matched {asked}. {WhatIsThere(folder)}");
    }

    private static string WhatIsThere(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return $"There is no folder {folder}.";
        }

        string[] names;
        try
        {
            names = [.. Directory.EnumerateFileSystemEntries(folder)
                .Select(path => Path.GetFileName(path) + (Directory.Exists(path) ? "/" : ""))
                .Where(name => name[0] is not '.')
                .Order(StringComparer.Ordinal)
                .Take(1_000)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The folder {folder} cannot be listed: {e.Message}";
        }

        if (names.Length == 0)
        {
            return $"The folder {folder} is empty.";
        }

        var more = names.Length > ShownMax ? string.Create(CultureInfo.InvariantCulture, $" and {names.Length - ShownMax} more") : "";
        return $"In {folder} there is: {string.Join(", ", names.Take(ShownMax))}{more}.";
    }
}
