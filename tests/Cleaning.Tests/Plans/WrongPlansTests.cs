using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>
/// <c>WrongPlans/*.yaml</c> are mistakes that people make; the <c>.txt</c> beside each is all that they are told.
/// </summary>
public sealed class WrongPlansTests
{
    private static readonly Dictionary<string, string> NoParameters = new(StringComparer.Ordinal);

    public static TheoryData<string> WrongPlans() =>
        [.. Directory.GetFiles(Path.Combine(Approved.Folder, "WrongPlans"), "*.yaml").Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(WrongPlans))]
    public void A_wrong_plan_is_told_all_that_is_wrong_with_it(string file)
    {
        var path = Path.Combine(Approved.Folder, "WrongPlans", file);

        var told = Assert.Throws<PlanException>(() => PlanLoader.Load(File.ReadAllText(path), file, NoParameters));

        Approved.Check(Path.ChangeExtension(path, ".txt"), told.Message + "\n");
    }

    [Fact]
    public void There_are_wrong_plans() => Assert.True(WrongPlans().Count >= 20);
}
