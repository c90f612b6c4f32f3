namespace OrleansClean.Cli.Tests.Vocabulary;

/// <summary>
/// Text that a person has read and approved: <c>Approved/NAME.txt</c>. <c>UPDATE_APPROVED=1</c> writes the files anew;
/// review reads the difference.
/// </summary>
internal static class Approved
{
    public static bool IsUpdating { get; } = Environment.GetEnvironmentVariable("UPDATE_APPROVED") is "1";

    public static void Matches(string name, string text)
    {
        var path = PathOf(name);
        if (IsUpdating)
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"There is no approved text '{name}'. UPDATE_APPROVED=1 writes it:\n{text}");
        Assert.Equal(File.ReadAllText(path), text);
    }

    public static string Read(string name) => File.ReadAllText(PathOf(name));

    private static string PathOf(string name) => Path.Combine(WorkingTree.Root, "tests", "Cli.Tests", "Approved", name + ".txt");
}
