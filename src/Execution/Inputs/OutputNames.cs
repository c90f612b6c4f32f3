using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Inputs;

/// <summary>Gives every input the names of its output and rejects, and refuses names that meet.</summary>
internal static class OutputNames
{
    /// <summary>What two inputs may differ in.</summary>
    private static readonly string[] Distinguishing = ["{dir}", "{name}", "{ext}"];

    /// <summary>
    /// The names for <paramref name="inputs"/>, in their order; null for refused inputs. Throws
    /// <see cref="UsageException"/> if two inputs have one output, also where only letter case or the way of writing
    /// accents differs: on some systems these are one file.
    /// </summary>
    public static IReadOnlyList<(ObjectName Output, ObjectName Rejects)?> For(
        IReadOnlyList<FoundInput> inputs,
        OutputTemplate template,
        bool isCombined)
    {
        var names = new (ObjectName Output, ObjectName Rejects)?[inputs.Count];
        var owners = new Dictionary<string, FoundInput>(StringComparer.Ordinal);
        var rejects = new Dictionary<string, FoundInput>(StringComparer.Ordinal);
        var shared = SharedRejects(inputs);
        for (var i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Refusal is not null)
            {
                continue;
            }

            var output = template.NameFor(inputs[i]);
            var isNew = owners.TryAdd(NameFold.Of(output.Value), inputs[i]);
            if (isCombined ? isNew && owners.Count > 1 : !isNew)
            {
                throw new UsageException(isCombined
                    ? $"combine: true needs one output, but {inputs[i].Name} would be written to {template.PathOf(output.Value)} and others elsewhere. Take {{name}}, {{ext}} and {{dir}} out of write:."
                    : Collision(owners[NameFold.Of(output.Value)], inputs[i], template, output));
            }

            names[i] = (output, RejectsFor(inputs[i], shared));
            if (!rejects.TryAdd(names[i]!.Value.Rejects.Value, inputs[i]))
            {
                throw new UsageException($"The rejected rows of {rejects[names[i]!.Value.Rejects.Value].Name} and {inputs[i].Name} would both be written to {names[i]!.Value.Rejects}. Rename one of the inputs.");
            }
        }

        return names;
    }

    private static string Collision(FoundInput first, FoundInput second, OutputTemplate template, ObjectName output)
    {
        var other = template.NameFor(first);
        var where = other == output
            ? $"both be written to {template.PathOf(output.Value)}"
            : $"be written to {template.PathOf(other.Value)} and {template.PathOf(output.Value)}, which some systems take for one file";
        return ObjectName.Show(
            $"{first.Name} and {second.Name} would {where}. Nothing was written. {Remedy(template.Inner)}");
    }

    /// <summary>Advises only what the plan does not do yet.</summary>
    private static string Remedy(string inner)
    {
        string[] left = [.. Distinguishing.Where(part => !inner.Contains(part, StringComparison.Ordinal))];
        return left.Length == 0
            ? "Their names differ too little for write:. Rename one of the inputs, or clean them in two runs with different --out."
            : $"Put {string.Join(" or ", left)} into write:, or combine: true for one output of all.";
    }

    /// <summary>The short names that more than one input would have for its rejects.</summary>
    private static HashSet<string> SharedRejects(IReadOnlyList<FoundInput> inputs)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. inputs.Select(i => NameFold.Of(Short(i))).Where(name => !seen.Add(name))];
    }

    private static string Short(FoundInput input) => Join(input.Folder, OutputTemplate.StemOf(input.Name));

    /// <summary>The short name; where it is not the only one, the input's whole name, extensions included.</summary>
    private static ObjectName RejectsFor(FoundInput input, HashSet<string> shared) =>
        ObjectName.Parse(Join(StateNames.RejectsFolder, (shared.Contains(NameFold.Of(Short(input))) ? input.Name : Short(input)) + ".rejects.csv"));

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}
