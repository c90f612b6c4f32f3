using System.Globalization;
using System.Text;

namespace OrleansClean.Execution.Mapping.Functions;

/// <summary>Reads text as the types that a function may take.</summary>
internal static class TextValues
{
    /// <summary>The types, by the names that C# gives them.</summary>
    public static IReadOnlyDictionary<Type, string> Types { get; } = new Dictionary<Type, string>
    {
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>What a function may take, for messages.</summary>
    public const string TypesText = "string, bool, int, long, double or decimal";

    /// <summary>
    /// Reads <paramref name="text"/> as a <typeparamref name="T"/>: numbers with blanks around them, a point, no separators of thousands, never
    /// infinite; <c>true</c> and <c>false</c> in any case.
    /// </summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> text, out T value)
    {
        // Each comparison is decided when this is compiled for a type: one branch is left, and nothing is boxed.
        value = default!;
        if (typeof(T) == typeof(string))
        {
            value = (T)(object)Encoding.UTF8.GetString(text);
            return true;
        }

        var number = text.Trim(" \t"u8);
        if (typeof(T) == typeof(double))
        {
            var isRead = double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var read)
                && double.IsFinite(read);
            value = (T)(object)read;
            return isRead;
        }

        if (typeof(T) == typeof(long))
        {
            var isRead = long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read);
            value = (T)(object)read;
            return isRead;
        }

        if (typeof(T) == typeof(int))
        {
            var isRead = int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read);
            value = (T)(object)read;
            return isRead;
        }

        if (typeof(T) == typeof(decimal))
        {
            var isRead = decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var read);
            value = (T)(object)read;
            return isRead;
        }

        var isBoolean = bool.TryParse(Encoding.UTF8.GetString(number), out var boolean);
        value = (T)(object)boolean;
        return isBoolean;
    }

    /// <summary>Reads text as a type of <see cref="Types"/>; null if it is none.</summary>
    public static object? Read(Type type, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return type == typeof(string) ? text
            : type == typeof(bool) ? Boxed<bool>(utf8)
            : type == typeof(int) ? Boxed<int>(utf8)
            : type == typeof(long) ? Boxed<long>(utf8)
            : type == typeof(double) ? Boxed<double>(utf8)
            : Boxed<decimal>(utf8);
    }

    private static object? Boxed<T>(ReadOnlySpan<byte> utf8)
        where T : struct => TryRead<T>(utf8, out var value) ? value : null;
}
