using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Tells which of several shapes an author meant, by what kind of node stands there.</summary>
internal static class ShapeChoice
{
    /// <summary>The shape to hold <paramref name="node"/> against; null if none takes a node of its kind.</summary>
    public static Shape? Of(PlanNode node, Shape.Either either)
    {
        var candidates = either.Shapes.Where(s => IsOfKind(node, s)).ToArray();
        if (candidates.Length < 2)
        {
            return candidates.FirstOrDefault();
        }

        return node switch
        {
            // A word that is listed is that word; everything else is the more general shape, which stands last.
            Scalar scalar => candidates.OfType<Shape.OneOf>().FirstOrDefault(o => o.Choices.Contains(scalar.Text, StringComparer.Ordinal))
                ?? candidates[^1],
            Mapping mapping => candidates.OfType<Shape.Keys>().FirstOrDefault(k => Speaks(mapping, k)) ?? candidates[^1],
            _ => candidates[0],
        };
    }

    /// <summary>A fixed key with a value of the right kind: not a column that happens to have its name.</summary>
    private static bool Speaks(Mapping mapping, Shape.Keys keys) =>
        keys.All.Any(k => k.IsRequired && mapping.Find(k.Name) is { } value && TakesKind(value, k.Shape));

    private static bool TakesKind(PlanNode value, Shape shape) =>
        shape is Shape.Either either ? either.Shapes.Any(s => IsOfKind(value, s)) : IsOfKind(value, shape);

    private static bool IsOfKind(PlanNode node, Shape shape) => node switch
    {
        Mapping => shape is Shape.Keys or Shape.ByName,
        Sequence => shape is Shape.ListOf,
        Scalar { IsNothing: true } => false,
        _ => shape is not (Shape.Keys or Shape.ByName),
    };
}
