using System.Text;

namespace OrleansClean.Cli.Tests.Vocabulary;

/// <summary>A new, empty working folder for one test; gone afterwards.</summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly string _before = Environment.CurrentDirectory;

    public WorkFolder()
    {
        Path = Directory.CreateTempSubdirectory("orleansclean-cli-tests-").FullName;
        Environment.CurrentDirectory = Path;
    }

    public string Path { get; }

    public WorkFolder With(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
        return this;
    }

    public string Read(string name) => File.ReadAllText(System.IO.Path.Combine(Path, name));

    public bool Has(string name) => System.IO.Path.Exists(System.IO.Path.Combine(Path, name));

    public void Dispose()
    {
        Environment.CurrentDirectory = _before;
        Directory.Delete(Path, recursive: true);
    }
}
