using OrleansClean.Cleaning.Arrays;
using OrleansClean.Cleaning.Tests.PlanTexts;

namespace OrleansClean.Cleaning.Tests.Arrays;

public sealed class ArraySchemaTests
{
    [Fact]
    public void The_committed_schema_is_the_generated_one() =>
        Approved.Check(Path.Combine(WorkingTree.Root, "schema", "array.schema.json"), ArraySchema.Generate());

    [Fact]
    public void Every_example_of_a_verb_is_a_step_that_loads()
    {
        Assert.NotEmpty(ArrayCatalog.Verbs);
        Assert.All(ArrayCatalog.Verbs, verb =>
            Assert.Single(ArraySpecLoader.Load($"array: 1\nsteps:\n  {verb.Example}\n", verb.Name).Steps));
    }
}
