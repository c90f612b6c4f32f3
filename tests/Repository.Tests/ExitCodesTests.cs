using System.Globalization;
using System.Reflection;
using OrleansClean.Execution;

namespace OrleansClean.Repository.Tests;

public sealed class ExitCodesTests
{
    [Fact]
    public void Every_exit_code_is_documented_and_every_documented_one_exists()
    {
        var codes = typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (int)field.GetRawConstantValue()!)
            .Order()
            .ToList();
        Assert.NotEmpty(codes);

        var documented = MarkdownTable.Rows("docs/cli.md", "Exit codes")
            .SelectMany(row => row[0].Split(", "))
            .Select(number => int.Parse(number, CultureInfo.InvariantCulture))
            .Order();

        Assert.Equal(codes, documented);
    }
}
