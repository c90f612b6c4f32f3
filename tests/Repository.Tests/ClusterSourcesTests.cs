namespace OrleansClean.Repository.Tests;

/// <summary>The line by which a build tells whether the cluster's sources are those that were verified.</summary>
public sealed class ClusterSourcesTests : IDisposable
{
    private const string Script = "eng/cluster-sources.sh";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-sources");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_page_names_a_run_and_the_script_compares_with_it()
    {
        var (exitCode, output, error) = Command.StartProgram("bash", House.FullPath(Script));

        Assert.True(exitCode == 0, error);
        Assert.Matches("^cluster sources (un)?changed since the verified run of 20[0-9]{2}-[0-9]{2}-[0-9]{2}\n$", output);
    }

    [Fact]
    public void A_change_is_noticed_until_it_is_verified()
    {
        Write("docs/verification.md", $"# What ran\n\nCluster sources: sha256 `{new string('0', 64)}`, run of 2026-01-02.\n");
        Write("src/Grains/A.cs", "one");
        Write("tests/Silo.Tests/A.cs", "two");
        Write(Script, House.Read(Script));

        Assert.Equal("cluster sources changed since the verified run of 2026-01-02\n", Say());
        Assert.StartsWith("cluster sources unchanged since", Say("--renew"), StringComparison.Ordinal);
        Assert.StartsWith("cluster sources unchanged since", Say(), StringComparison.Ordinal);
        Write("tests/Silo.Tests/A.cs", "three");
        Assert.StartsWith("cluster sources changed since", Say(), StringComparison.Ordinal);
        Write("tests/Silo.Tests/A.cs", "two");
        Write("src/Client/New.cs", "");
        Assert.StartsWith("cluster sources changed since", Say(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_without_the_line_is_an_error()
    {
        Write("docs/verification.md", "# What ran\n");
        Write("src/Grains/A.cs", "one");
        Write(Script, House.Read(Script));

        Assert.Equal(1, Command.StartProgram("bash", Path.Combine(_folder.FullName, Script)).ExitCode);
    }

    private string Say(params string[] arguments)
    {
        var (exitCode, output, error) = Command.StartProgram("bash", [Path.Combine(_folder.FullName, Script), .. arguments]);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder.FullName, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
