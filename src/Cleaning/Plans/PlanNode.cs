using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Plans;

/// <summary>A node of a plan's text with the place where it begins.</summary>
internal abstract record PlanNode(SourcePosition At)
{
    /// <summary>What a message says was found: "`abc`", "a list", "a mapping", "nothing".</summary>
    public abstract string Found { get; }

    /// <summary>A node that was reported already: whoever meets it stays silent.</summary>
    public sealed record Broken(SourcePosition At) : PlanNode(At)
    {
        public override string Found => "something that cannot be read";
    }

    /// <summary>A word, a number or a text: taken as written.</summary>
    /// <param name="At">The first character; of a quoted one the quote, of a block the <c>|</c>.</param>
    /// <param name="Text">The text, quotes and escapes resolved.</param>
    /// <param name="IsPlain">Written without quotes and not as a block.</param>
    /// <param name="Source">Where its characters stand.</param>
    public sealed record Scalar(SourcePosition At, string Text, bool IsPlain, ScalarSource Source) : PlanNode(At)
    {
        /// <summary>Nothing stands where a value may: <c>key:</c>.</summary>
        public bool IsNothing => IsPlain && Text.Length == 0;

        public override string Found => IsNothing ? "nothing" : Quoted.Text(Text);
    }

    /// <summary>A list.</summary>
    public sealed record Sequence(SourcePosition At, ImmutableArray<PlanNode> Items) : PlanNode(At)
    {
        public override string Found => Items.IsEmpty ? "an empty list" : "a list";
    }

    /// <summary>Keys and values in the order of the text; no key twice.</summary>
    public sealed record Mapping(SourcePosition At, ImmutableArray<(Scalar Key, PlanNode Value)> Entries) : PlanNode(At)
    {
        public override string Found => Entries.IsEmpty ? "an empty mapping" : "a mapping";

        /// <summary>The value of <paramref name="key"/>, or null.</summary>
        public PlanNode? Find(string key)
        {
            foreach (var (name, value) in Entries)
            {
                if (string.Equals(name.Text, key, StringComparison.Ordinal))
                {
                    return value;
                }
            }

            return null;
        }
    }
}
