namespace OrleansClean.Tests.Vocabulary;

/// <summary>Where the tests find what is not beside them: the working tree of this repository, and what developers share beside it. Every test project has this file.</summary>
internal static class WorkingTree
{
    /// <summary>
    /// The folder that holds OrleansClean.sln. It is found by walking up from the tests' own folder: a build for CI does not keep the
    /// paths of source files.
    /// </summary>
    public static string Root { get; } =
        Above(folder => File.Exists(Path.Combine(folder, "OrleansClean.sln")) ? folder : null)
        ?? throw new InvalidOperationException($"OrleansClean.sln is in no folder above '{AppContext.BaseDirectory}'.");

    /// <summary>The folder <c>shared/NAME</c> beside the repository or above it; null if it is not there.</summary>
    public static string? Shared(string name) => Above(folder =>
    {
        var shared = Path.Combine(folder, "shared", name);
        return Directory.Exists(shared) ? shared : null;
    });

    private static string? Above(Func<string, string?> find)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (find(folder.FullName) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
