using System.Text;
using System.Text.RegularExpressions;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Tests.PlanTexts;

/// <summary><c>docs/plan.md</c> is prose with tables between marks; the tables are the catalogue's.</summary>
public sealed partial class PlanReferenceTests
{
    private static readonly string Path = System.IO.Path.Combine(WorkingTree.Root, "docs", "plan.md");

    [Fact]
    public void The_tables_of_the_reference_are_the_catalogue_s()
    {
        var document = File.ReadAllText(Path);
        Assert.Equal(8, Region().Count(document));

        Approved.Check(Path, Region().Replace(document, m => $"<!-- generated: {m.Groups["name"].Value} -->\n{Table(m.Groups["name"].Value)}<!-- end -->"));
    }

    [Fact]
    public void Every_step_that_the_reference_shows_loads()
    {
        var blocks = Block().Matches(File.ReadAllText(Path)).Select(m => Unindented(m.Groups["text"].Value)).ToArray();
        var steps = blocks.Where(b => b.StartsWith("- ", StringComparison.Ordinal)).ToArray();

        Assert.True(steps.Length > VerbCatalog.Verbs.Length);
        Assert.All(steps, block => Assert.NotEmpty(PlanText.Steps(block)));
        Assert.All(blocks.Except(steps, StringComparer.Ordinal), block => Assert.NotNull(PlanText.Load(block)));
    }

    private static string Unindented(string block)
    {
        var lines = block.TrimEnd().Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(l => l.Length >= indent ? l[indent..] : l)) + "\n";
    }

    private static string Table(string name) => name switch
    {
        "plan" => Keys(PlanCatalog.Plan),
        "read" => Keys(PlanCatalog.Read.All),
        "expect" => Keys(PlanCatalog.Expectation.All),
        "write" => Keys(PlanCatalog.Write.All),
        "run" => Keys(PlanCatalog.Run.All),
        "tests" => Keys(PlanCatalog.Test.All),
        "modifiers" => Keys(VerbCatalog.Modifiers),
        "verbs" => string.Concat(VerbCatalog.Verbs.Select(Verb)),
        _ => throw new ArgumentException($"There is no table {name}.", nameof(name)),
    };

    private static string Verb(VerbDoc verb)
    {
        var text = new StringBuilder($"\n### `{verb.Name}`\n\n{verb.Doc}\n\n```yaml\n{verb.Example}\n```\n\n");
        text.Append($"Takes {Words(verb.Argument)}{(verb.MayStandAlone ? "; may stand alone" : "")}.");
        var modifiers = VerbCatalog.ModifiersOf(verb).Select(m => $"`{m.Name}`").ToArray();
        text.Append($" Modifiers: {string.Join(' ', modifiers)}.\n");
        foreach (var keys in KeysIn(verb.Argument))
        {
            text.Append('\n').Append(Keys(keys.All));
        }

        return text.ToString();
    }

    private static IEnumerable<Shape.Keys> KeysIn(Shape shape) => shape switch
    {
        Shape.Keys keys => [keys],
        Shape.Either either => either.Shapes.SelectMany(KeysIn),
        Shape.ByName byName => KeysIn(byName.Value),
        _ => [],
    };

    private static string Keys(IEnumerable<KeyDoc> keys)
    {
        var text = new StringBuilder("| key | value | meaning | default |\n| --- | --- | --- | --- |\n");
        foreach (var key in keys)
        {
            var value = key.Name is "steps" ? "a list of steps" : Words(key.Shape);
            text.Append($"| `{key.Name}` | {value} | {Cell(key.Doc)} | {(key.IsRequired ? "required" : key.Default ?? "")} |\n");
        }

        return text.ToString();
    }

    private static string Words(Shape shape) => Cell(shape.Words);

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex("<!-- generated: (?<name>[a-z]+) -->\n.*?<!-- end -->", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Region();

    [GeneratedRegex("^ *```yaml\n(?<text>.*?)^ *```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Block();
}
