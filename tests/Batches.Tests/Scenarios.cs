namespace OrleansClean.Batches.Tests;

/// <summary>Where the stories are, in the working tree: there they can be written anew, too.</summary>
internal static class Scenarios
{
    public static string Folder { get; } = Path.Combine(WorkingTree.Root, "tests", "Batches.Tests", "Scenarios");
}
