namespace OrleansClean.Cleaning.Formulas;

/// <summary>Finds the largest parts of a formula that hold no aggregate and are evaluated in every row.</summary>
internal static class EveryRow
{
    public static HashSet<FormulaSyntax> PartsOf(FormulaSyntax root)
    {
        var parts = new HashSet<FormulaSyntax>(ReferenceEqualityComparer.Instance);
        Collect(root, parts);
        return parts;
    }

    private static void Collect(FormulaSyntax syntax, HashSet<FormulaSyntax> parts)
    {
        if (syntax is FormulaSyntax.Aggregate)
        {
            return;
        }

        if (!syntax.HasAggregate)
        {
            if (syntax is not FormulaSyntax.Constant)
            {
                parts.Add(syntax);
            }

            return;
        }

        foreach (var child in AlwaysEvaluated(syntax))
        {
            Collect(child, parts);
        }
    }

    /// <summary>The children that no other child can spare.</summary>
    private static IEnumerable<FormulaSyntax> AlwaysEvaluated(FormulaSyntax syntax) => syntax switch
    {
        FormulaSyntax.Logic logic => [logic.Operands[0]],
        FormulaSyntax.In list => [list.Operand, list.Items[0]],
        FormulaSyntax.Between range => [range.Operand, range.Low],
        FormulaSyntax.Case choice => choice.Operand is null ? [choice.Branches[0].When] : [choice.Operand, choice.Branches[0].When],
        FormulaSyntax.Call { Function.IsEager: false } call => [call.Arguments[0]],
        _ => syntax.Children,
    };
}
