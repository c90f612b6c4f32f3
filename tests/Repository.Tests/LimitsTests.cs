using System.Globalization;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Repository.Tests;

public sealed class LimitsTests
{
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
}
