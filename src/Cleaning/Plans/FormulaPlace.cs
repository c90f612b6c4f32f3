namespace OrleansClean.Cleaning.Plans;

/// <summary>Finds where a formula's characters stand in the plan: YAML may have folded its lines.</summary>
internal sealed class FormulaPlace
{
    private readonly PlanNode.Scalar _scalar;
    private readonly int _leading;

    public FormulaPlace(PlanNode.Scalar scalar)
    {
        _scalar = scalar;
        _leading = scalar.Text.Length - scalar.Text.TrimStart().Length;
        First = scalar.Source.PlaceOf(scalar.Text, _leading);
    }

    /// <summary>The first character that is no blank.</summary>
    public SourcePosition First { get; }

    /// <summary>The place in the plan of what the formula parser, which counts from <see cref="First"/>, calls <paramref name="at"/>.</summary>
    public SourcePosition InPlan(SourcePosition at)
    {
        var index = _leading;
        if (at.Line <= First.Line)
        {
            index += at.Column - First.Column;
        }
        else
        {
            for (var line = First.Line; line < at.Line; line++)
            {
                index = _scalar.Text.IndexOf('\n', index) + 1;
            }

            index += at.Column - 1;
        }

        return _scalar.Source.PlaceOf(_scalar.Text, index);
    }
}
