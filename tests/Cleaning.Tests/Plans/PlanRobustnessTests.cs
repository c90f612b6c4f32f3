using System.Text;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Tests.Evidence;
using Xunit.Abstractions;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary>Whatever the text is: a plan or a <see cref="PlanException"/> with a place, and nothing else.</summary>
public sealed class PlanRobustnessTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> NoParameters = new(StringComparer.Ordinal);
    private static readonly string Everything = File.ReadAllText(Path.Combine(Approved.Folder, "Samples", "everything.yaml"));
    private const string Marks = "{}[](),:'\"#&*!|>%@`-?~\t\n\r \\\0\u2028é€0a$";

    [Fact]
    public void A_plan_cut_off_anywhere_is_a_plan_or_has_problems()
    {
        for (var length = 0; length <= Everything.Length; length++)
        {
            MustLoadOrTell(Everything[..length]);
        }
    }

    [Fact]
    public void A_plan_with_random_edits_is_a_plan_or_has_problems() => Seeds.ForEach(output, 2_000, 6, (seed, edits) =>
    {
        var random = new Random(seed);
        var text = new StringBuilder(Everything);
        for (var i = 0; i < edits; i++)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, text.ToString(random.Next(text.Length / 2), random.Next(1, 40)));
                    break;
                default:
                    text[at] = Marks[random.Next(Marks.Length)];
                    break;
            }
        }

        MustLoadOrTell(text.ToString());
    });

    [Fact]
    public void Random_marks_are_a_plan_or_have_problems() => Seeds.ForEach(output, 2_000, 40, (seed, length) =>
    {
        var random = new Random(seed);
        MustLoadOrTell(string.Concat(Enumerable.Range(0, length).Select(_ => Marks[random.Next(Marks.Length)])));
    });

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: ")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("&a ")]
    [InlineData("!a ")]
    [InlineData("a,")]
    [InlineData("#")]
    [InlineData("|\n ")]
    [InlineData("(")]
    [InlineData("%a\n")]
    [InlineData("---\n")]
    public void A_mebibyte_of_one_mark_is_answered_in_bounded_time(string mark)
    {
        var text = string.Concat(Enumerable.Repeat(mark, (1 << 20) / mark.Length));

        MustLoadOrTell(text);
        MustLoadOrTell("plan: 1\nname: x\nwrite: x\nsteps: [" + text[..^100]);
    }

    [Theory]
    [InlineData("- filter: a > 1\n")]
    [InlineData("- check: [a > 1, b < 2]\n  id: x\n")]
    [InlineData("- {fill: {a: 1}}\n")]
    [InlineData("- parse: {a: integer, b: {type: date, formats: [d.M.yy]}}\n  when: a > 1\n")]
    public void A_mebibyte_of_steps_is_answered_in_bounded_time(string step) => MustLoadOrTell(
        "plan: 1\nname: x\nwrite: x\nsteps:\n" + string.Concat(Enumerable.Repeat(step, (1_000_000 / step.Length) - 10)));

    [Theory]
    [InlineData("  - check: [", "a > 1, ", "a]")]
    [InlineData("  - derive: {", "a@: b, ", "c: d}")]
    [InlineData("  - parse:\n", "      a@: integer\n", "      b: text")]
    [InlineData("  - select: [", "a@, ", "b]")]
    [InlineData("  - filter: ", "a + ", "1 > 1")]
    public void A_step_of_a_mebibyte_is_answered_in_bounded_time(string before, string part, string after)
    {
        var parts = Enumerable.Range(0, 900_000 / (part.Length + 5)).Select(i => part.Replace("@", $"{i}", StringComparison.Ordinal));

        MustLoadOrTell($"plan: 1\nname: x\nwrite: x\nsteps:\n{before}{string.Concat(parts)}{after}\n");
    }

    private static void MustLoadOrTell(string text)
    {
        try
        {
            PlanLoader.Load(text, "plan.yaml", NoParameters);
        }
        catch (PlanException e)
        {
            Assert.NotEmpty(e.Problems);
            Assert.All(e.Problems, p => Assert.True(p.At == default || (p.At.Line >= 1 && p.At.Column >= 1), p.ToString()));
            Assert.DoesNotContain("\n\n", e.Message, StringComparison.Ordinal);
        }
    }
}
