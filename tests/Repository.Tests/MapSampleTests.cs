namespace OrleansClean.Repository.Tests;

/// <summary>The template for users' map functions, built and run as its README says.</summary>
public sealed class MapSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleansclean-map-sample-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_template_of_a_map_function_builds_and_runs()
    {
        var built = Command.Start("publish", "-c", "Release", "samples/map-function", "-o", _folder, "-v", "quiet", "-p:UseSharedCompilation=false");
        Assert.True(built.ExitCode == 0, built.Output + built.Error);

        // Nothing of ours lies beside it: the command's own copy counts.
        Assert.Equal(["MapFunction.dll"], Directory.GetFiles(_folder, "*.dll").Select(Path.GetFileName));
        var library = Path.Combine(_folder, "MapFunction.dll");

        var (exitCode, output, error) = Command.Run("map", "price", "--library", library, "--inputs", "samples/map-function/orders.txt", "-j", "1");
        Assert.True(exitCode == 4, error);
        Assert.Equal(
            """
            {"index":0,"input":"apples;3;1.25","result":{"item":"apples","total":4.46}}
            {"index":1,"input":"pears;12;0.80","result":{"item":"pears","total":11.42}}
            {"index":2,"input":"plums;two;1.10","error":{"code":"function-failed","message":"FormatException: The input string 'two' was not in a correct format."}}
            {"index":3,"input":"apples;3;1.25","result":{"item":"apples","total":4.46}}

            """,
            output);

        var listed = Command.Run("map", "--list", "--library", library);
        Assert.Contains("price   string → OrderPrice, tax: decimal = 0.19   pure", listed.Output, StringComparison.Ordinal);
    }
}
