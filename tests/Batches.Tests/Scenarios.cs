namespace OrleansClean.Batches.Tests;

/// <summary>Where the stories are, in the working tree: there they can be written anew, too.</summary>
internal static class Scenarios
{
    public static string Folder { get; } = Path.Combine(Root(), "tests", "Batches.Tests", "Scenarios");

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OrleansClean.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("OrleansClean.sln is in no folder above the tests.");
        }

        return folder;
    }
}
