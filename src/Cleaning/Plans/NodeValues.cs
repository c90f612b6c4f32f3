using System.Collections.Immutable;
using System.Globalization;
using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Converts nodes that passed the <see cref="ShapeCheck"/>: nothing here can fail on what a plan says.</summary>
internal static class NodeValues
{
    /// <summary>The scalar's text.</summary>
    public static string Text(this PlanNode node) => ((Scalar)node).Text;

    /// <summary>The text behind <paramref name="key"/>, or null.</summary>
    public static string? TextOf(this Mapping mapping, string key) => mapping.Find(key)?.Text();

    /// <summary>True if <c>true</c> stands behind <paramref name="key"/>.</summary>
    public static bool FlagOf(this Mapping mapping, string key) => mapping.TextOf(key) is "true";

    /// <summary>The whole number.</summary>
    public static int Number(this PlanNode node) => int.Parse(node.Text(), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The items of a list, or the single item that stands for it.</summary>
    public static ImmutableArray<PlanNode> Items(this PlanNode node) => node is Sequence list ? list.Items : [node];

    /// <summary>The texts of a list behind <paramref name="key"/>; empty if it is not written.</summary>
    public static ImmutableArray<string> TextsOf(this Mapping mapping, string key) =>
        mapping.Find(key) is { } node ? [.. node.Items().Select(Text)] : [];

    /// <summary>The entries of a mapping.</summary>
    public static ImmutableArray<(Scalar Key, PlanNode Value)> Entries(this PlanNode node) => ((Mapping)node).Entries;

    /// <summary>A column's name.</summary>
    public static ColumnName Column(this PlanNode node) => new(node.Text(), node.At);

    /// <summary>A literal: as it reads without quotes, text in quotes.</summary>
    public static Literal Literal(this PlanNode node)
    {
        var scalar = (Scalar)node;
        return (scalar.IsPlain ? LiteralText.OfPlain(scalar.Text) : null) ?? LiteralText.OfText(scalar.Text);
    }

    /// <summary>The member of <typeparamref name="T"/> that the word names: <c>reject</c> is <c>Reject</c>.</summary>
    public static T Word<T>(this PlanNode node)
        where T : struct, Enum => Enum.Parse<T>(node.Text(), ignoreCase: true);

    /// <summary>The member that stands behind <paramref name="key"/>, or <paramref name="normal"/>.</summary>
    public static T WordOf<T>(this Mapping mapping, string key, T normal)
        where T : struct, Enum => mapping.Find(key) is { } node ? node.Word<T>() : normal;
}
