using System.Collections.Immutable;

namespace OrleansClean.Cleaning.Formulas;

/// <summary>Functions that choose.</summary>
internal static partial class FunctionCatalog
{
    private static ImmutableArray<Function> ChoiceEntries() =>
    [
        Entry("coalesce(a, b, …)", "The first that is not null.", "coalesce(nickname, name)", "nickname=; name=Anna", "Anna", BindCoalesce) with { IsEager = false },
        Entry("if(condition, a, b)", "`a` where the condition is true, else `b`, also where it is null.", "if(value > 100, 'large', 'small')", "value=250", "large", BindIf) with { IsEager = false },
        Entry("nullif(a, b)", "Null where both are equal, else `a`.", "nullif(trim(note), '')", "note=  ", "", BindNullIf),
    ];

    private static Expression? BindCoalesce(CallBinder call) =>
        call.Common(Enumerable.Range(0, call.Count)) is { } common ? new FirstPresent(common.Nodes, common.Type) : null;

    private static Expression? BindIf(CallBinder call)
    {
        var condition = call.Condition(0);
        var results = call.Common([1, 2]);
        return condition is null || results is null
            ? null
            : new Choice([condition], results.Value.Nodes, results.Value.Type);
    }

    private static Expression? BindNullIf(CallBinder call)
    {
        var (a, b) = (call.Value(0), call.Value(1));
        return a is not null && b is not null && call.IsEqual(a, b) is { } isEqual ? new NullIf(a.Node, isEqual) : null;
    }
}
