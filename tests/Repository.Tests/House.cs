using System.Diagnostics;

namespace OrleansClean.Repository.Tests;

/// <summary>The repository as files: its root, and every file that git tracks or would track.</summary>
internal static class House
{
    /// <summary>The folder that holds OrleansClean.sln.</summary>
    public static string Root => WorkingTree.Root;

    /// <summary>Paths with forward slashes, relative to the root, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = ListFiles();

    /// <summary>Files whose path ends in one of <paramref name="endings"/>.</summary>
    public static IReadOnlyList<string> FilesEndingIn(params string[] endings) =>
        [.. Files.Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))];

    public static string FullPath(string file) => Path.Combine(Root, file.Replace('/', Path.DirectorySeparatorChar));

    public static string Read(string file) => File.ReadAllText(FullPath(file));

    public static string[] Lines(string file) => File.ReadAllLines(FullPath(file));

    private static string[] ListFiles()
    {
        // Files that are new but not ignored count too, so that a rule speaks before the commit and not after it.
        var start = new ProcessStartInfo("git")
        {
            ArgumentList = { "ls-files", "-z", "--cached", "--others", "--exclude-standard" },
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return [.. output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(file => File.Exists(FullPath(file)))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
    }
}
