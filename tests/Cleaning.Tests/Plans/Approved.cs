namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>Texts that a person has read and approved, as files. <c>UPDATE_APPROVED=1</c> rewrites them; review reads the diff.</summary>
internal static class Approved
{
    /// <summary>The folder that holds OrleansClean.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>This folder in the repository.</summary>
    public static string Folder { get; } = Path.Combine(Root, "tests", "Cleaning.Tests", "Plans");

    /// <summary>Compares <paramref name="text"/> with the file at <paramref name="path"/>.</summary>
    public static void Check(string path, string text)
    {
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") is "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"{path} does not exist: write it with UPDATE_APPROVED=1 and read it.");
        Assert.Equal(File.ReadAllText(path), text);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "OrleansClean.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("OrleansClean.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
