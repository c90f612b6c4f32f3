using System.Collections.Immutable;
using System.Globalization;

namespace OrleansClean.Cleaning.Plans;

/// <summary>
/// What may stand at a place of a plan. The catalogue is written in shapes; the loader checks against them, and the
/// JSON Schema and the reference are generated from them.
/// </summary>
internal abstract record Shape
{
    private Shape()
    {
    }

    /// <summary>The words that follow "needs" in a message and stand in the reference: "a list of columns".</summary>
    public abstract string Words { get; }

    /// <summary>Any scalar, taken as written; with a pattern only some.</summary>
    public sealed record Text(string Noun, string? Pattern = null, bool MayBeEmpty = false) : Shape
    {
        public override string Words => Noun;
    }

    /// <summary>One word of a few.</summary>
    public sealed record OneOf(params ImmutableArray<string> Choices) : Shape
    {
        public override string Words => Quoted.Choice(Choices);
    }

    /// <summary>A type of <c>parse</c>.</summary>
    public sealed record Type : Shape
    {
        public override string Words => $"a type: {Quoted.Choice(TypeName.All.Keys.Append("decimal(12,2)"))}";
    }

    /// <summary>A formula, or a condition.</summary>
    public sealed record Formula(bool IsCondition) : Shape
    {
        public override string Words => IsCondition ? "a condition" : "a formula";
    }

    /// <summary>A number, true, false, null or text.</summary>
    public sealed record Literal : Shape
    {
        public override string Words => "a number, `true`, `false` or text";
    }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public sealed record Flag : Shape
    {
        public override string Words => "`true` or `false`";
    }

    /// <summary>A whole number within bounds.</summary>
    public sealed record Number(int Min, int Max) : Shape
    {
        public override string Words => string.Create(CultureInfo.InvariantCulture, $"a whole number from {Min} to {Max}");
    }

    /// <summary>A duration.</summary>
    public sealed record Time : Shape
    {
        public override string Words => "a duration such as `30s`, `5m` or `1h`";
    }

    /// <summary>A list; a single scalar item may stand without one.</summary>
    public sealed record ListOf(string Noun, Shape Item, bool MayBeEmpty = false) : Shape
    {
        public override string Words => $"a list of {Noun}";
    }

    /// <summary>A mapping from names that the author chooses.</summary>
    public sealed record ByName(string Key, Shape Value) : Shape
    {
        public override string Words => $"a mapping of {Key} to {Value.Words}";
    }

    /// <summary>A mapping with fixed keys.</summary>
    public sealed record Keys(params ImmutableArray<KeyDoc> All) : Shape
    {
        public override string Words => $"a mapping with {Quoted.Choice(All.Where(k => k.IsRequired || All.All(a => !a.IsRequired)).Select(k => k.Name), "and")}";

        /// <summary>The keys' names.</summary>
        public IEnumerable<string> Names => All.Select(k => k.Name);
    }

    /// <summary>One of several shapes, told apart by what stands there.</summary>
    public sealed record Either(params ImmutableArray<Shape> Shapes) : Shape
    {
        public override string Words => string.Join(", or ", Shapes.Select(s => s.Words));
    }
}

/// <summary>One key of a mapping.</summary>
/// <param name="Name">As plans write it.</param>
/// <param name="Shape">What may stand behind it.</param>
/// <param name="Doc">One sentence.</param>
internal sealed record KeyDoc(string Name, Shape Shape, string Doc)
{
    /// <summary>What holds if the key is not written.</summary>
    public string? Default { get; init; }

    /// <summary>The key must be written.</summary>
    public bool IsRequired { get; init; }
}

/// <summary>One verb of <c>steps</c>.</summary>
/// <param name="Name">The verb.</param>
/// <param name="Doc">One sentence that begins with what it does.</param>
/// <param name="Argument">What may stand behind it.</param>
/// <param name="Example">One step that uses it, as YAML.</param>
internal sealed record VerbDoc(string Name, string Doc, Shape Argument, string Example)
{
    /// <summary>The verb may stand alone, as a word.</summary>
    public bool MayStandAlone { get; init; }

    /// <summary>Modifiers that make sense for it, besides <c>id</c> and <c>note</c>.</summary>
    public ImmutableArray<string> Modifiers { get; init; } = [];

    /// <summary>It can meet a cell or row that it cannot process, even without <c>when</c>.</summary>
    public bool CanFail { get; init; }
}
