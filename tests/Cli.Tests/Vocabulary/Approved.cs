using System.Runtime.CompilerServices;

namespace OrleansClean.Cli.Tests.Vocabulary;

/// <summary>
/// Text that a person has read and approved: <c>Approved/NAME.txt</c>. <c>UPDATE_APPROVED=1</c> writes the files anew;
/// review reads the difference.
/// </summary>
internal static class Approved
{
    public static void Matches(string name, string text, [CallerFilePath] string caller = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(caller)!, "Approved", name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") is "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"There is no approved text '{name}'. UPDATE_APPROVED=1 writes it:\n{text}");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
