namespace OrleansClean.Repository.Tests;

public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansclean-package-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_packed_tool_installs_and_cleans_the_samples()
    {
        var packed = Command.Start("pack", "-c", "Release", "src/Cli", "-o", _folder, "-p:UseSharedCompilation=false");
        Assert.True(packed.ExitCode == 0, packed.Output + packed.Error);

        var tools = Path.Combine(_folder, "tools");
        var installed = Command.Start("tool", "install", "--tool-path", tools, "--add-source", _folder, "OrleansClean");
        Assert.True(installed.ExitCode == 0, installed.Output + installed.Error);

        var run = Command.StartProgram(Path.Combine(tools, "orleansclean"), "run", "samples/sales.yaml", "--out", Path.Combine(_folder, "out"));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("balanced", run.Output, StringComparison.Ordinal);
    }
}
