namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>Texts that a person has read and approved, as files. <c>UPDATE_APPROVED=1</c> rewrites them; review reads the diff.</summary>
internal static class Approved
{
    /// <summary>This folder in the repository.</summary>
    public static string Folder { get; } = Path.Combine(WorkingTree.Root, "tests", "Cleaning.Tests", "Plans");

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
}
