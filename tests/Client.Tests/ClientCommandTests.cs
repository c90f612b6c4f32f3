using OrleansClean.Execution;

namespace OrleansClean.Client.Tests;

public sealed class ClientCommandTests
{
    [Theory]
    [InlineData("--cluster is missing", "batch", "list")]
    [InlineData("no option", "batch", "list", "--wat")]
    [InlineData("lacks its value", "batch", "list", "--store")]
    [InlineData("has no '='", "run", "plan.yaml", "--set", "x")]
    public async Task A_line_that_cannot_be_carried_out_says_why_and_exits_2(string reason, params string[] words)
    {
        using var error = new StringWriter();
        using var output = new StringWriter();

        var code = await ClientCommand.RunAsync([.. words, "--store", "work"], output, error, CancellationToken.None);

        Assert.Equal(ExitCodes.Usage, code);
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_options_and_parameters_are_told_apart()
    {
        var words = ClientWords.Parse(["run", "plan.yaml", "--set", "a=1", "x.csv", "--set", "b=2=3", "--no-wait", "--id", "7"]);

        Assert.Equal(["run", "plan.yaml", "x.csv"], words.Positional.ToArray());
        Assert.Equal(("1", "2=3", "7", true), (words.Parameters["a"], words.Parameters["b"], words.Optional("id"), words.Has("no-wait")));
    }
}
