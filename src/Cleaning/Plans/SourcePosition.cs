namespace OrleansClean.Cleaning;

/// <summary>A place in a plan file. Both count from one; <c>default</c> means "nowhere in particular".</summary>
public readonly record struct SourcePosition(int Line, int Column)
{
    /// <inheritdoc />
    public override string ToString() => Line == 0 ? "" : $"{Line}:{Column}";
}
