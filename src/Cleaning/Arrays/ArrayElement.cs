namespace OrleansClean.Cleaning.Arrays;

/// <summary>What an array is made of: the four kinds of element that are read and written, all of them little-endian.</summary>
public enum ArrayElement
{
    /// <summary>IEEE single, <c>&lt;f4</c>.</summary>
    F32,

    /// <summary>IEEE double, <c>&lt;f8</c>.</summary>
    F64,

    /// <summary>Integer of 32 bits, <c>&lt;i4</c>.</summary>
    I32,

    /// <summary>Integer of 64 bits, <c>&lt;i8</c>.</summary>
    I64,
}

/// <summary>Facts about elements.</summary>
public static class ArrayElements
{
    /// <summary>Bytes of one element.</summary>
    public static int Bytes(this ArrayElement element) => element is ArrayElement.F32 or ArrayElement.I32 ? 4 : 8;

    /// <summary>As specs and messages write it: <c>f32 f64 i32 i64</c>.</summary>
    public static string Word(this ArrayElement element) => element switch
    {
        ArrayElement.F32 => "f32",
        ArrayElement.F64 => "f64",
        ArrayElement.I32 => "i32",
        _ => "i64",
    };

    /// <summary>True for <c>f32</c> and <c>f64</c>.</summary>
    public static bool IsFloat(this ArrayElement element) => element is ArrayElement.F32 or ArrayElement.F64;

    /// <summary>As <c>.npy</c> files write it, such as <c>&lt;f8</c>.</summary>
    internal static string Descr(this ArrayElement element) => element switch
    {
        ArrayElement.F32 => "<f4",
        ArrayElement.F64 => "<f8",
        ArrayElement.I32 => "<i4",
        _ => "<i8",
    };

    /// <summary>The element that <typeparamref name="T"/> is, or null.</summary>
    public static ArrayElement? Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? ArrayElement.F32
        : typeof(T) == typeof(double) ? ArrayElement.F64
        : typeof(T) == typeof(int) ? ArrayElement.I32
        : typeof(T) == typeof(long) ? ArrayElement.I64
        : null;
}
