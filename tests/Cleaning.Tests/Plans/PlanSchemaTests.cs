using System.Text.Json;
using NJsonSchema;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

public sealed class PlanSchemaTests
{
    private static readonly string Everything = File.ReadAllText(Path.Combine(Approved.Folder, "Samples", "everything.yaml"));

    [Fact]
    public void The_committed_schema_is_the_generated_one() =>
        Approved.Check(Path.Combine(WorkingTree.Root, "schema", "plan.schema.json"), PlanSchema.Generate());

    [Fact]
    public void The_schema_says_which_draft_it_is_of()
    {
        using var schema = JsonDocument.Parse(PlanSchema.Generate());

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema.RootElement.GetProperty("$schema").GetString());
    }

    [Fact]
    public void Every_verb_of_the_catalogue_is_in_it_with_its_keys_described()
    {
        using var schema = JsonDocument.Parse(PlanSchema.Generate());
        var verbs = schema.RootElement.GetProperty("$defs");

        Assert.NotEmpty(VerbCatalog.Verbs);
        Assert.All(VerbCatalog.Verbs, verb =>
        {
            var definition = verbs.GetProperty(verb.Name);
            Assert.False(definition.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(
                VerbCatalog.ModifiersOf(verb).Select(m => m.Name).Prepend(verb.Name),
                definition.GetProperty("properties").EnumerateObject().Select(p => p.Name));
            Assert.All(definition.GetProperty("properties").EnumerateObject(), p => Assert.NotEmpty(p.Value.GetProperty("description").GetString()!));
        });
    }

    [Fact]
    public async Task What_the_loader_takes_the_schema_takes()
    {
        var schema = await Schema();

        Assert.Empty(schema.Validate(EditorJson.Of(Everything)));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_example_of_the_catalogue_is_taken(string verb)
    {
        var schema = await Schema();
        var text = $"plan: 1\nname: x\nsteps:\n{VerbCatalog.Find(verb)!.Example}\nwrite: o.csv\n";

        Assert.Empty(schema.Validate(EditorJson.Of(text)));
        Assert.Equal(verb, Assert.Single(PlanText.Load(text).Steps).Verb);
    }

    [Theory]
    [InlineData("misspelled-keys")]
    [InlineData("missing-keys")]
    [InlineData("wrong-values")]
    [InlineData("modifiers")]
    [InlineData("unknown-verbs")]
    [InlineData("other-version")]
    public async Task What_is_wrong_in_shape_the_schema_refuses_too(string file)
    {
        var schema = await Schema();

        Assert.NotEmpty(schema.Validate(EditorJson.Of(File.ReadAllText(Path.Combine(Approved.Folder, "WrongPlans", file + ".yaml")))));
    }

    public static TheoryData<string> Examples() => [.. VerbCatalog.Verbs.Select(v => v.Name)];

    // The validator at hand knows `definitions` only, the older name of `$defs`.
    private static Task<JsonSchema> Schema() =>
        JsonSchema.FromJsonAsync(PlanSchema.Generate().Replace("$defs", "definitions", StringComparison.Ordinal));
}
