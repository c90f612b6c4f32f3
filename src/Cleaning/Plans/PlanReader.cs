using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Reads a plan's nodes into the model and collects everything that is wrong on the way.</summary>
internal sealed class PlanReader(PlanProblems problems, IReadOnlyDictionary<string, string> given)
{
    private readonly ShapeCheck _check = new(problems);

    /// <summary>The plan; null if there are problems.</summary>
    public Plan? Read(PlanNode node)
    {
        if (node is not Mapping root)
        {
            problems.Add(node.At, $"A plan is a mapping that begins with `plan: 1`, not {node.Found}.");
            return null;
        }

        if (!CheckVersion(root))
        {
            return null;
        }

        CheckKeys(root);
        var parameters = new ParameterReader(_check).Read(Shaped(root, "params") as Mapping, given);
        _check.Parameters = parameters;
        var sections = new SectionReader(_check);
        Shaped(root, "name");
        Shaped(root, "about");
        var read = sections.Read(Shaped(root, "read") as Mapping);
        var steps = new StepReader(_check);
        var stepList = root.Find("steps") is { } stepsNode ? steps.Read(stepsNode) : [];
        var expectations = sections.Expectations(Shaped(root, "expect"));
        var write = sections.Write(Shaped(root, "write"));
        var run = sections.Run(Shaped(root, "run") as Mapping);
        var tests = sections.Tests(Shaped(root, "tests"), steps.Ids);
        if (problems.Count > 0)
        {
            return null;
        }

        var plan = new Plan
        {
            Name = root.TextOf("name")!,
            About = root.TextOf("about"),
            Parameters = parameters,
            Read = read,
            Steps = [.. stepList],
            Expectations = expectations,
            Write = write!,
            Run = run,
            Tests = tests,
            Fingerprint = "",
        };
        return plan with { Fingerprint = PlanFingerprint.Of(plan) };
    }

    private static KeyDoc Key(string name) => PlanCatalog.Plan.First(k => string.Equals(k.Name, name, StringComparison.Ordinal));

    /// <summary>What of the value of a key is of its shape.</summary>
    private PlanNode? Shaped(Mapping root, string name)
    {
        if (root.Find(name) is not { } node)
        {
            return null;
        }

        var shape = Key(name).Shape;
        return _check.Fits(node, shape, $"`{name}`") ? node : _check.SoundPart(node, shape);
    }

    private bool CheckVersion(Mapping root)
    {
        var version = root.Find("plan");
        if (version is Scalar { Text: "1" })
        {
            return true;
        }

        if (version is null)
        {
            problems.Add(root.At, "The key `plan` is missing.", "Begin the plan with the line `plan: 1`.");
            return true;
        }

        // Another version may mean anything by its other keys; a name or a list is our own format, mistyped.
        var isOther = version is Scalar { IsNothing: false } other && other.Text.All(char.IsAsciiDigit);
        problems.Add(
            version.At,
            $"`plan` is the version of the format and must be `1`, not {version.Found}.",
            isOther ? "This program reads version 1 only." : "The plan's name stands behind `name`.");
        return !isOther;
    }

    private void CheckKeys(Mapping root)
    {
        var meant = _check.ReportOthers(root, [.. PlanCatalog.Plan.Select(k => k.Name)], "A plan");
        var missing = PlanCatalog.Plan.Where(k => k.IsRequired && k.Name is not "plan" && root.Find(k.Name) is null);
        foreach (var key in missing.Where(k => !meant.Contains(k.Name)))
        {
            var example = key.Name is "name" ? "name: sales" : "write: out/{name}.csv";
            problems.Add(root.At, $"The key `{key.Name}` is missing.", $"Add a line such as `{example}`.");
        }
    }
}
