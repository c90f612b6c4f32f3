using OrleansClean.Cleaning.Formulas;
using static OrleansClean.Cleaning.Tests.Formulas.FormulaCase;

namespace OrleansClean.Cleaning.Tests.Formulas;

public sealed class FunctionCatalogTests
{
    public static TheoryData<string> Names => [.. FunctionCatalog.Groups.SelectMany(group => group.Functions).Select(function => function.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_example_of_every_function_gives_what_is_documented(string name)
    {
        Assert.True(FunctionCatalog.TryFind(name, out var function));
        Assert.Contains($"{name}(", function.Example, StringComparison.Ordinal);
        Formula(function.Example).Over(function.Over).Gives(function.Gives);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Functions_of_null_are_null(string name)
    {
        Assert.True(FunctionCatalog.TryFind(name, out var function));
        if (function.ArgumentsMin == 0 || name is "coalesce" or "if" || function.Prepare is not null)
        {
            return;
        }

        var arguments = string.Join(", ", Enumerable.Repeat("null", function.ArgumentsMin));
        Formula($"{name}({arguments})").GivesNull();
    }

    [Fact]
    public void There_are_functions() => Assert.True(FunctionCatalog.Groups.Sum(group => group.Functions.Length) > 40);

    [Fact]
    public void The_reference_says_what_the_catalogue_says()
    {
        var path = Path.Combine(WorkingTree.Root, "docs", "functions.md");
        var expected = FunctionReference.ToMarkdown();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(expected == File.ReadAllText(path), "docs/functions.md is not what the catalogue says. Run the tests with UPDATE_DOCS=1 and look at the difference.");
    }
}
