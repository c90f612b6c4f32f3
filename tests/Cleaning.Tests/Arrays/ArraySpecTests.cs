using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Cleaning.Tests.Arrays;

public sealed class ArraySpecTests
{
    private const string Whole = """
        # a comment
        array: 1
        about: everything that a spec can say
        input: data/a.npy
        steps:
          - replace_nan: 0
          - scale: 2.5
          - offset: -1e-3
          - clip: {min: -1, max: 9007199254740993}
          - clip: {max: 3}
          - normalize: minmax
          - normalize: {by: minmax, low: -1, high: 1}
          - normalize: zscore
          - normalize: {by: zscore, ddof: 1}
          - cast: f32
          - cast: {to: i32, overflow: clip}
        write: out/{name}.npy
        """;

    [Fact]
    public void Every_verb_is_read_in_its_order()
    {
        var spec = ArraySpecLoader.Load(Whole, "spec.yaml");

        Assert.Equal(("data/a.npy", "out/{name}.npy"), (spec.Input, spec.Write));
        Assert.Equal(
            [
                "replace_nan 0", "scale 2.5", "offset -0.001", "clip -1..9007199254740993", "clip ..3", "normalize minmax 0..1", "normalize minmax -1..1",
                "normalize zscore", "normalize zscore ddof 1", "cast f32", "cast i32, overflow clip",
            ],
            spec.Steps.Select(step => step.Words));
    }

    [Theory]
    [InlineData("", "1:1: The spec is empty.")]
    [InlineData("- scale: 2", "1:1: A spec is a mapping that begins with `array: 1`, not a list.")]
    [InlineData("steps: [{scale: 2}]", "1:1: The key `array` is missing. Begin the spec with the line `array: 1`.")]
    [InlineData("plan: 1\nname: x", "1:1: The key `array` is missing. This is a plan for CSV files: `orleansclean run` takes it.")]
    [InlineData("array: 2\nsteps: [{scale: 2}]", "1:8: `array` is the version of the format and must be `1`, not `2`.")]
    [InlineData("array: 1", "1:1: The key `steps` is missing.")]
    [InlineData("array: 1\nstep: [{scale: 2}]", "2:1: A spec has no key `step`. Did you mean `steps`?")]
    [InlineData("array: 1\nsteps: []", "2:8: `steps` needs a list of steps, not an empty list.")]
    [InlineData("array: 1\nsteps: [scale]", "2:9: A step is a verb with its argument, such as `scale: 2`, not `scale`.")]
    [InlineData("array: 1\nsteps:\n  - scael: 2", "3:5: There is no verb `scael`. Did you mean `scale`?")]
    [InlineData("array: 1\nsteps:\n  - xyz: 2", "3:5: There is no verb `xyz`. The verbs are replace_nan scale offset clip normalize cast.")]
    [InlineData("array: 1\nsteps:\n  - scale: 2\n    offset: 1", "4:5: A step is one verb; behind `scale` stands `offset`. Begin each step with `- `; parts of one stand in `{…}`.")]
    [InlineData("array: 1\nsteps:\n  - scale: two", "3:12: `scale` needs a number, not `two`.")]
    [InlineData("array: 1\nsteps:\n  - scale: NaN", "3:12: `scale` needs a number, not `NaN`.")]
    [InlineData("array: 1\nsteps:\n  - scale: 1e999", "3:12: `1e999` is beyond what a double holds.")]
    [InlineData("array: 1\nsteps:\n  - scale:", "3:11: `scale` needs a number, not nothing.")]
    [InlineData("array: 1\nsteps:\n  - clip: {min: 2, max: 1}", "3:17: `min` is 2, which is above `max`, 1.")]
    [InlineData("array: 1\nsteps:\n  - clip: {}", "3:11: `clip` needs `min`, `max` or both, not an empty mapping.")]
    [InlineData("array: 1\nsteps:\n  - clip: {low: 2}", "3:12: `clip` has no key `low`. Its keys are `min` and `max`.")]
    [InlineData("array: 1\nsteps:\n  - normalize: minmx", "3:16: `normalize` needs `minmax` or `zscore`")]
    [InlineData("array: 1\nsteps:\n  - normalize: {by: zscore, low: 0}", "3:29: `low` means nothing for `zscore`. Leave it out.")]
    [InlineData("array: 1\nsteps:\n  - normalize: {by: minmax, ddof: 1}", "3:29: `ddof` means nothing for `minmax`. Leave it out.")]
    [InlineData("array: 1\nsteps:\n  - normalize: {by: minmax, low: 3}", "3:16: `low` is 3, which is not below `high`, 1.")]
    [InlineData("array: 1\nsteps:\n  - cast: f16", "3:11: `cast` needs `f32`, `f64`, `i32` or `i64`")]
    [InlineData("array: 1\nsteps:\n  - cast: {to: i32, overflow: wrap}", "3:31: `overflow` needs `error` or `clip`, not `wrap`.")]
    [InlineData("array: 1\nsteps: [{scale: 2}]\nwrite: out/{nmae}.npy", "3:8: `write` is `out/{nmae}.npy`; in braces only `{name}` can stand, the input's name. Write every other part of the path out.")]
    public void A_wrong_spec_is_told_where_and_what_to_write(string text, string problem)
    {
        var told = Assert.Throws<PlanException>(() => ArraySpecLoader.Load(text, "s.yaml"));

        Assert.StartsWith($"s.yaml:{problem}", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var told = Assert.Throws<PlanException>(() => ArraySpecLoader.Load("array: 1\nsteps:\n  - scael: 2\n  - offset: x\nwrit: y", "s.yaml"));

        Assert.Equal(["3:5", "4:13", "5:1"], told.Problems.Select(p => p.At.ToString()));
    }

    [Fact]
    public void A_spec_has_a_hundred_steps_at_most()
    {
        var steps = string.Concat(Enumerable.Repeat("  - scale: 2\n", 101));

        var told = Assert.Throws<PlanException>(() => ArraySpecLoader.Load("array: 1\nsteps:\n" + steps, "s.yaml"));

        Assert.Equal("s.yaml:103:5: A spec has at most 100 steps; this one has 101.", told.Message);
    }

    [Fact]
    public void The_fingerprint_is_of_what_the_steps_do()
    {
        string Of(string text) => ArraySpecLoader.Load("array: 1\n" + text, "s.yaml").Fingerprint;
        var doubled = Of("steps: [{scale: 2}]");

        Assert.Equal(doubled, Of("steps:\n  # twice\n  - scale: 2.0\ninput: a.npy\nwrite: b.npy"));
        Assert.NotEqual(doubled, Of("steps: [{scale: 3}]"));
        Assert.NotEqual(Of("steps: [{scale: 2}, {offset: 1}]"), Of("steps: [{offset: 1}, {scale: 2}]"));
        Assert.NotEqual(Of("steps: [{clip: {min: 1}}]"), Of("steps: [{clip: {max: 1}}]"));
    }

    [Theory]
    [InlineData("replace_nan: 0", ArrayElement.I32, "The array is i32 here, in which nothing is NaN. Leave `replace_nan` out, or put it before the cast.")]
    [InlineData("scale: 2.5", ArrayElement.I64, "The array is i64 here, and `scale` has the number 2.5, which is no i64. Put `- cast: f64` before the step, or write a whole number.")]
    [InlineData("offset: 3000000000", ArrayElement.I32, "The array is i32 here, and `offset` has the number 3000000000, which is no i32. Put `- cast: f64` before the step, or write a whole number.")]
    [InlineData("scale: 1e39", ArrayElement.F32, "The array is f32 here, and `scale` has the number 1E+39, which is beyond it. Put `- cast: f64` before the step.")]
    [InlineData("normalize: zscore", ArrayElement.I64, "The array is i64 here, and `normalize` makes fractions. Put `- cast: f64` before it.")]
    public void A_step_that_makes_no_sense_for_the_array_is_told_with_its_place(string step, ArrayElement element, string problem)
    {
        var spec = ArraySpecLoader.Load($"array: 1\nsteps:\n  - {step}", "s.yaml");

        Assert.Equal($"s.yaml:3:5: {problem}", Assert.Throws<PlanException>(() => ArrayProgram.Compile(spec, element)).Message);
    }

    [Fact]
    public void A_step_is_held_against_what_the_casts_before_it_made()
    {
        var spec = ArraySpecLoader.Load("array: 1\nsteps:\n  - cast: f64\n  - normalize: minmax\n  - cast: {to: i32, overflow: clip}\n  - scale: 100", "s.yaml");

        var program = ArrayProgram.Compile(spec, ArrayElement.I64);

        Assert.Equal((ArrayElement.I32, true, 1), (program.Result, program.CanFail, program.Barriers.Length));
        Assert.Equal(ArrayElement.F64, program.Barriers[0].Element);
    }

    [Fact]
    public void A_spec_normalizes_eight_times_at_most()
    {
        var spec = ArraySpecLoader.Load("array: 1\nsteps:\n" + string.Concat(Enumerable.Repeat("  - normalize: minmax\n", 9)), "s.yaml");

        var told = Assert.Throws<PlanException>(() => ArrayProgram.Compile(spec, ArrayElement.F64));

        Assert.StartsWith("s.yaml:11:5: A spec normalizes at most 8 times", told.Message, StringComparison.Ordinal);
    }
}
