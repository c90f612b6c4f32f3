using OrleansClean.Cli;
using OrleansClean.Cli.Output;
using OrleansClean.Execution;

namespace OrleansClean.Client.Tests;

/// <summary>The command with a way to clusters. What it does there is tested where silos are; here it does not get that far.</summary>
public sealed class ClientCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-client");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("--store is missing", "batch", "list", "--cluster", "demo")]
    [InlineData("--cluster is missing", "batch", "list", "--store", "work")]
    [InlineData("No connection is named 'nowhere'", "batch", "list", "--cluster", "demo", "--store", "blob://nowhere/container")]
    [InlineData("no option --wat", "batch", "list", "--wat")]
    public async Task A_line_that_cannot_be_carried_out_says_why(string reason, params string[] words)
    {
        var (exitCode, _, error) = await TypeAsync(words);

        Assert.NotEqual(ExitCodes.Done, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_cluster_it_is_the_same_command()
    {
        var plan = Path.Combine(_folder.FullName, "plan.yaml");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "in"));
        await File.WriteAllTextAsync(plan, "plan: 1\nname: same\nread: {files: \"in/*.csv\"}\nsteps:\n  - trim: all\nwrite: out/{name}.csv\n");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "in", "a.csv"), "id\n 1 \n");

        var (exitCode, output, error) = await TypeAsync("run", plan);

        Assert.True(exitCode == ExitCodes.Done, error);
        Assert.Contains("balanced", output, StringComparison.Ordinal);
        Assert.Equal("id\n1\n", await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "out", "a.csv")));
    }

    private static async Task<(int ExitCode, string Output, string Error)> TypeAsync(params string[] words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal { Out = output, Error = TextWriter.Synchronized(error) };
        var exitCode = await CommandLine.InvokeAsync(words, terminal, CancellationToken.None, new ClientDoor());
        return (exitCode, output.ToString(), error.ToString());
    }
}
