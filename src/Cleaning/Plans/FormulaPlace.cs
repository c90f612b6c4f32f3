using static OrleansClean.Cleaning.Plans.PlanNode;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Finds where a formula's characters stand in the plan's text.</summary>
internal static class FormulaPlace
{
    /// <summary>The place of the first character that is no blank.</summary>
    public static SourcePosition Of(Scalar scalar)
    {
        var leading = scalar.Text.Length - scalar.Text.TrimStart().Length;
        var lines = scalar.Text.AsSpan(0, leading).Count('\n');
        var inLine = leading - (scalar.Text.AsSpan(0, leading).LastIndexOf('\n') + 1);
        return scalar.Indent == 0
            ? scalar.TextAt with { Column = scalar.TextAt.Column + leading }
            : new SourcePosition(scalar.TextAt.Line + lines, scalar.Indent + 1 + inLine);
    }

    /// <summary>
    /// A place that the formula parser counted from <paramref name="first"/>: lines after the first of a block are
    /// indented, which the parser cannot know.
    /// </summary>
    public static SourcePosition Shift(SourcePosition at, Scalar scalar, SourcePosition first) =>
        at.Line > first.Line ? at with { Column = at.Column + scalar.Indent } : at;
}
