using System.Diagnostics;
using System.Text.Json;

namespace OrleansClean.Cleaning.Plans;

/// <summary>
/// Shapes as JSON Schema. Editors resolve scalars before they check them (<c>no</c> is a boolean, <c>1</c> a number), plans
/// take them as written: so wherever a text may stand, every scalar may.
/// </summary>
internal static class SchemaShapes
{
    private static readonly string[] AnyScalar = ["string", "number", "boolean", "null"];

    /// <summary>Writes the keywords of <paramref name="shape"/> into the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, Shape shape, bool mayBeNothing = false)
    {
        switch (shape)
        {
            case Shape.Text text:
                WriteText(json, text);
                break;
            case Shape.Literal:
                WriteTypes(json, AnyScalar);
                break;
            case Shape.Formula:
                WriteTypes(json, ["string", "number", "boolean"]);
                json.WriteNumber("minLength", 1);
                break;
            case Shape.OneOf words:
                WriteWords(json, mayBeNothing ? [.. words.Choices, "null"] : words.Choices);
                break;
            case Shape.Flag:
                WriteWords(json, ["true", "false"]);
                break;
            case Shape.Type:
                json.WriteString("type", "string");
                json.WriteString("pattern", $"^({string.Join('|', TypeName.All.Keys)}|decimal\\( *[0-9]+ *, *[0-9]+ *\\))$");
                break;
            case Shape.Number number:
                WriteTypes(json, ["integer", "string"]);
                json.WriteNumber("minimum", number.Min);
                json.WriteNumber("maximum", number.Max);
                json.WriteString("pattern", "^[0-9]+$");
                break;
            case Shape.Time:
                json.WriteString("type", "string");
                json.WriteString("pattern", "^([0-9]+(ms|s|m|h|d))+$");
                break;
            default:
                WriteCollection(json, shape, mayBeNothing);
                break;
        }
    }

    /// <summary>Writes the list of required keys, if there are any.</summary>
    public static void WriteRequired(Utf8JsonWriter json, IEnumerable<string> names)
    {
        var required = names.ToArray();
        if (required.Length > 0)
        {
            json.WriteStartArray("required");
            foreach (var name in required)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteCollection(Utf8JsonWriter json, Shape shape, bool mayBeNothing)
    {
        switch (shape)
        {
            case Shape.ListOf list:
                WriteAnyOf(json, [() => Write(json, list.Item), () => WriteArray(json, list)]);
                break;
            case Shape.ByName byName:
                json.WriteString("type", "object");
                json.WriteNumber("minProperties", 1);
                json.WriteStartObject("additionalProperties");
                Write(json, byName.Value);
                json.WriteEndObject();
                break;
            case Shape.Keys keys:
                WriteTypes(json, mayBeNothing ? ["object", "null"] : ["object"]);
                WriteKeys(json, keys);
                break;
            case Shape.Either either:
                WriteAnyOf(json, [.. either.Shapes.Select(s => (Action)(() => Write(json, s)))]);
                break;
            default:
                throw new UnreachableException(shape.ToString());
        }
    }

    private static void WriteText(Utf8JsonWriter json, Shape.Text text)
    {
        // A word that must follow a pattern is no null: that is a key whose value is still missing.
        WriteTypes(json, text.Pattern is null ? AnyScalar : AnyScalar[..^1]);
        if (text.Pattern is not null)
        {
            json.WriteString("pattern", text.Pattern);
        }
        else if (!text.MayBeEmpty)
        {
            json.WriteNumber("minLength", 1);
        }
    }

    private static void WriteArray(Utf8JsonWriter json, Shape.ListOf list)
    {
        json.WriteString("type", "array");
        if (!list.MayBeEmpty)
        {
            json.WriteNumber("minItems", 1);
        }

        json.WriteStartObject("items");
        Write(json, list.Item);
        json.WriteEndObject();
    }

    private static void WriteKeys(Utf8JsonWriter json, Shape.Keys keys)
    {
        json.WriteStartObject("properties");
        foreach (var key in keys.All)
        {
            json.WriteStartObject(key.Name);
            json.WriteString("description", PlanSchema.Description(key));
            Write(json, key.Shape);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteRequired(json, keys.All.Where(k => k.IsRequired).Select(k => k.Name));
        json.WriteBoolean("additionalProperties", value: false);
    }

    private static void WriteAnyOf(Utf8JsonWriter json, IReadOnlyList<Action> shapes)
    {
        json.WriteStartArray("anyOf");
        foreach (var write in shapes)
        {
            json.WriteStartObject();
            write();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTypes(Utf8JsonWriter json, string[] types)
    {
        if (types.Length == 1)
        {
            json.WriteString("type", types[0]);
            return;
        }

        json.WriteStartArray("type");
        foreach (var type in types)
        {
            json.WriteStringValue(type);
        }

        json.WriteEndArray();
    }

    /// <summary>A list of words; those that YAML takes for something else stand there as that as well.</summary>
    private static void WriteWords(Utf8JsonWriter json, IEnumerable<string> words)
    {
        json.WriteStartArray("enum");
        foreach (var word in words)
        {
            json.WriteStringValue(word);
            switch (word)
            {
                case "true" or "false":
                    json.WriteBooleanValue(word is "true");
                    break;
                case "null":
                    json.WriteNullValue();
                    break;
                case "1":
                    json.WriteNumberValue(1);
                    break;
            }
        }

        json.WriteEndArray();
    }
}
