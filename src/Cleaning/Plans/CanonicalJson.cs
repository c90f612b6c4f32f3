using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Words of the canonical form: each leaves out what equals its default.</summary>
internal static class CanonicalJson
{
    public static void WriteText(this Utf8JsonWriter writer, string key, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(key, value);
        }
    }

    public static void WriteFlag(this Utf8JsonWriter writer, string key, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(key, value: true);
        }
    }

    public static void WriteWord<T>(this Utf8JsonWriter writer, string key, T value, T normal)
        where T : struct, Enum
    {
        if (!value.Equals(normal))
        {
            writer.WriteString(key, value.ToString());
        }
    }

    /// <summary>Texts whose order counts.</summary>
    public static void WriteTexts(this Utf8JsonWriter writer, string key, IReadOnlyCollection<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(key);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    /// <summary>Texts whose order and number do not count.</summary>
    public static void WriteSet(this Utf8JsonWriter writer, string key, IEnumerable<string> values) =>
        writer.WriteTexts(key, [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>A choice of columns whose order does not count.</summary>
    public static void WriteColumns(this Utf8JsonWriter writer, string key, ColumnChoice columns)
    {
        if (columns.All)
        {
            writer.WriteBoolean(key, value: true);
        }
        else
        {
            writer.WriteSet(key, columns.Names.Select(c => c.Name));
        }
    }

    /// <summary>Pairs whose order does not count: the loader sorts them.</summary>
    public static void WritePairs(this Utf8JsonWriter writer, string key, IEnumerable<(string From, string To)> pairs)
    {
        writer.WriteStartObject(key);
        foreach (var (from, to) in pairs.OrderBy(p => p.From, StringComparer.Ordinal))
        {
            writer.WriteString(from, to);
        }

        writer.WriteEndObject();
    }

    /// <summary>A literal by kind and plain text: <c>1</c> and <c>"1"</c> differ, and so do <c>1</c> and <c>1.0</c>.</summary>
    public static void WriteLiteral(this Utf8JsonWriter writer, string key, Literal literal)
    {
        writer.WriteStartObject(key);
        var value = literal.Value;
        writer.WriteString(value.Kind.ToString(), ToText(value));
        writer.WriteEndObject();
    }

    private static string ToText(in Value value)
    {
        if (value.Kind == ValueKind.Text)
        {
            return System.Text.Encoding.UTF8.GetString(value.AsText);
        }

        Span<byte> text = stackalloc byte[ValueText.LengthMax];
        return System.Text.Encoding.ASCII.GetString(text[..ValueText.Format(value, text)]);
    }

    /// <summary>Names of columns, in order.</summary>
    public static IReadOnlyCollection<string> Names(this ImmutableArray<ColumnName> columns) =>
        [.. columns.Select(c => c.Name)];
}
