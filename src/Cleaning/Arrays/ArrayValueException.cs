namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// A step cannot take a value. It is thrown for a block; whoever runs blocks finds the first element that is at fault by running the
/// block's elements one by one.
/// </summary>
#pragma warning disable RCS1194 // Made in one place only.
public sealed class ArrayValueException(ArrayStep step, string reason) : Exception(reason)
#pragma warning restore RCS1194
{
    /// <summary>The step that refused.</summary>
    public ArrayStep Step { get; } = step;
}
