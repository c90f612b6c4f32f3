using System.Globalization;
using System.Reflection;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Execution;
using OrleansClean.Storage;

namespace OrleansClean.Repository.Tests;

public sealed class LimitsTests
{
    private static readonly Assembly[] Assemblies = [typeof(Limits).Assembly, typeof(ObjectName).Assembly, typeof(Batch).Assembly];

    [Fact]
    public void The_table_of_limits_in_the_architecture_has_every_bound_with_its_default()
    {
        var bounds = typeof(Limits).GetProperties()
            .Where(property => property.PropertyType != typeof(Limits) && property.GetMethod!.IsPublic)
            .Select(property => (property.Name, Default: ((IFormattable)property.GetValue(Limits.Default)!).ToString("N0", CultureInfo.InvariantCulture)))
            .ToList();
        Assert.NotEmpty(bounds);

        var documented = MarkdownTable.Rows("ARCHITECTURE.md", "Limits").Select(row => (MarkdownTable.Plain(row[0]), row[1]));

        Assert.Equal(bounds, documented);
    }

    [Fact]
    public void The_bounds_of_one_place_have_the_values_that_the_architecture_says()
    {
        var constants = Assemblies.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(field => field.IsLiteral && field.GetRawConstantValue() is int or long)
                .Select(field => (Name: $"{type.Name}.{field.Name}", Value: Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture))))
            .ToLookup(constant => constant.Name, constant => constant.Value.ToString("N0", CultureInfo.InvariantCulture), StringComparer.Ordinal);
        var documented = MarkdownTable.Rows("ARCHITECTURE.md", "Bounds of one place");

        Assert.All(documented, row => Assert.Contains(row[1], constants[MarkdownTable.Plain(row[0])]));
    }
}
