using System.Collections.Immutable;
using OrleansClean.Cleaning.Plans;
using static OrleansClean.Cleaning.Plans.Shape;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>Every key and verb of a spec: what the loader accepts and the schema offers.</summary>
internal static class ArrayCatalog
{
    /// <summary>Steps of a spec.</summary>
    public const int StepsMax = 100;

    private static readonly Text Number = new("a number", "^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$");

    private static readonly OneOf Kind = new("f32", "f64", "i32", "i64");

    private static readonly OneOf Method = new("minmax", "zscore");

    /// <summary>The keys of a spec, besides <c>steps</c>.</summary>
    public static ImmutableArray<KeyDoc> Keys { get; } =
    [
        new("array", new OneOf("1"), "The version of the format.") { IsRequired = true },
        new("about", new Text("a text", MayBeEmpty: true), "A remark for people."),
        new("input", new Text("a path"), "The `.npy` file to read, relative to the spec.") { Default = "the file of the command line" },
        new("steps", new ListOf("steps", new Text("a step")), "What to do with every element, in order.") { IsRequired = true },
        new("write", new Text("a path such as `out/{name}.npy`"), "The file to write, relative to the spec; `{name}` is the input's name without `.npy`.") { Default = "what `--out` says" },
    ];

    /// <summary>The verbs of a step.</summary>
    public static ImmutableArray<VerbDoc> Verbs { get; } =
    [
        new("replace_nan", "Gives every NaN a value.", Number, "- replace_nan: 0"),
        new("scale", "Multiplies every element.", Number, "- scale: 2"),
        new("offset", "Adds to every element; a negative number subtracts.", Number, "- offset: -273.15"),
        new("clip", "Gives elements below `min` and above `max` the bound that they pass.",
            new Keys(
                new KeyDoc("min", Number, "The lower bound.") { Default = "none" },
                new KeyDoc("max", Number, "The upper bound.") { Default = "none" }),
            "- clip: {min: 0, max: 1}"),
        new("normalize", "Maps the elements by what is measured over all of them: `minmax` to a range, `zscore` to mean 0 and deviation 1.",
            new Either(
                Method,
                new Keys(
                    new KeyDoc("by", Method, "What is measured.") { IsRequired = true },
                    new KeyDoc("low", Number, "With `minmax`: what the smallest value becomes.") { Default = "0" },
                    new KeyDoc("high", Number, "With `minmax`: what the largest value becomes.") { Default = "1" },
                    new KeyDoc("ddof", new Number(0, 1), "With `zscore`: 1 for the deviation of a sample.") { Default = "0" })),
            "- normalize: {by: minmax, low: -1, high: 1}"),
        new("cast", "Makes the elements another kind.",
            new Either(
                Kind,
                new Keys(
                    new KeyDoc("to", Kind, "The kind.") { IsRequired = true },
                    new KeyDoc("overflow", new OneOf("error", "clip"), "What happens to a value that the kind cannot hold: the job fails, or it becomes the nearest value that can.") { Default = "error" })),
            "- cast: {to: i32, overflow: clip}"),
    ];
}
