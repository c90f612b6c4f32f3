using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>One step, ready for blocks of one kind of element.</summary>
internal interface IBlockStep
{
    /// <summary>Carries the step out. Throws <see cref="ArrayValueException"/> if a value of the block cannot take it.</summary>
    void Apply(ref ArrayBlock block);
}

/// <summary>Multiplies floats.</summary>
internal sealed class ScaleFloats<T>(T factor) : IBlockStep
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Apply(ref ArrayBlock block)
    {
        var values = block.As<T>();
        TensorPrimitives.Multiply(values, factor, values);
    }
}

/// <summary>Adds to floats.</summary>
internal sealed class OffsetFloats<T>(T addend) : IBlockStep
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Apply(ref ArrayBlock block)
    {
        var values = block.As<T>();
        TensorPrimitives.Add(values, addend, values);
    }
}

/// <summary>Takes <paramref name="origin"/> off floats and divides by <paramref name="unit"/>: two roundings, as the formula reads.</summary>
internal sealed class StandardizeFloats<T>(T origin, T unit) : IBlockStep
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Apply(ref ArrayBlock block)
    {
        var values = block.As<T>();
        TensorPrimitives.Subtract(values, origin, values);
        TensorPrimitives.Divide(values, unit, values);
    }
}

/// <summary>Gives NaN a value.</summary>
internal sealed class ReplaceNan<T>(T value) : IBlockStep
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Apply(ref ArrayBlock block)
    {
        var values = block.As<T>();
        var replacement = new Vector<T>(value);
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = Vector.ConditionalSelect(Vector.Equals(vectors[i], vectors[i]), vectors[i], replacement);
        }

        foreach (ref var v in values[(vectors.Length * Vector<T>.Count)..])
        {
            v = T.IsNaN(v) ? value : v;
        }
    }
}

/// <summary>Changes what is below <paramref name="min"/> or above <paramref name="max"/>, and nothing else: NaN and the sign of zero stay.</summary>
internal sealed class Clip<T>(T min, T max) : IBlockStep
    where T : unmanaged, INumber<T>
{
    public void Apply(ref ArrayBlock block)
    {
        var values = block.As<T>();
        var (low, high) = (new Vector<T>(min), new Vector<T>(max));
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        for (var i = 0; i < vectors.Length; i++)
        {
            var v = Vector.ConditionalSelect(Vector.LessThan(vectors[i], low), low, vectors[i]);
            vectors[i] = Vector.ConditionalSelect(Vector.GreaterThan(v, high), high, v);
        }

        foreach (ref var v in values[(vectors.Length * Vector<T>.Count)..])
        {
            v = v < min ? min : v > max ? max : v;
        }
    }
}
