using static OrleansClean.Cleaning.Tests.StepByStep.StepWords;

namespace OrleansClean.Cleaning.Tests.StepByStep;

public class RowMemoryTests
{
    /// <summary>A replacement that makes exactly as much text as a row may.</summary>
    private static readonly string FillsTheRow = $"- replace: {{a: {{x: {new string('y', 1024)}}}}}";

    private static readonly string Cell = new('x', TextArena.BytesPerRowMax / 1024);

    [Fact]
    public void A_long_quoted_cell_may_be_looked_at_by_many_steps()
    {
        var steps = string.Join('\n', Enumerable.Range(1, 60).Select(i => $"- trim: [a]\n  id: t{i}"));
        var input = $"a,b\n\"{string.Concat(Enumerable.Repeat("x\"\"", 150_000))}\",1\n";
        With(steps).Over(input).Gives(input);
    }

    [Fact]
    public void A_row_that_is_full_of_text_can_still_hold_a_derived_number() =>
        With($"{FillsTheRow}\n- derive:\n    b: b + 1\n- filter: b = 2\n- drop: [a]").Over($"a,b\n{Cell},1\n").Gives("b\n2\n");

    [Fact]
    public void A_row_that_is_full_of_text_can_still_be_parsed() =>
        With($"{FillsTheRow}\n- parse: {{b: integer}}\n- drop: [a]").Over($"a,b\n{Cell},007\n").Gives("b\n7\n");

    [Fact]
    public void A_row_that_is_full_of_text_can_still_be_read() =>
        With($"{FillsTheRow}\n- trim: [b]\n- drop: [a]").Over($"a,b\n{Cell},\" x\"\"y\"\n").Gives("b\n\"x\"\"y\"\n");
}
