using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class PlanExplainerTests
{
    [Fact]
    public void Every_part_and_step_is_said_in_plain_words()
    {
        var plan = PlanText.Load(File.ReadAllText(Path.Combine(Approved.Folder, "Samples", "everything.yaml")));

        Approved.Check(Path.Combine(Approved.Folder, "Samples", "everything.explained.txt"), PlanExplainer.Explain(plan));
    }

    [Fact]
    public void The_smallest_plan_says_what_happens_by_default()
    {
        var told = PlanExplainer.Explain(PlanText.Load("plan: 1\nname: small\nwrite: out/{name}.csv\n")).Split('\n');

        Assert.Equal("small", told[0]);
        Assert.Equal("    read  the files of the command line; what is not said here is detected in each file", told[1]);
        Assert.Equal("   write  out/{name}.csv; comma, LF, UTF-8; fields that no step changed keep their bytes", told[2]);
        Assert.Equal("     run  3 retries; outputs published one by one", told[3]);
    }

    [Fact]
    public void Line_ends_in_a_plan_do_not_break_the_lines() => Assert.Contains(
        "takes white space off both ends of every column  # two lines",
        PlanExplainer.Explain(PlanText.Load("plan: 1\nname: small\nsteps:\n  - trim: all\n    note: |\n      two\n      lines\nwrite: o.csv\n")),
        StringComparison.Ordinal);
}
