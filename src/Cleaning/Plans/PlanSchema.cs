using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansClean.Cleaning.Plans;

/// <summary>
/// The JSON Schema of plans (draft 2020-12), for editors. Generated from the catalogue that the loader checks against; the
/// loader is stricter where a schema has no words: formulas, names that must be unique, templates.
/// </summary>
public static class PlanSchema
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as indented JSON with a final newline; the same text on every machine.</summary>
    public static string Generate()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "OrleansClean plan");
            json.WriteString("description", "What to read, what to do with each row in which order, what must hold at the end, where to write.");
            json.WriteString("type", "object");
            WriteProperties(json, PlanCatalog.Plan);
            json.WriteStartObject("$defs");
            foreach (var verb in VerbCatalog.Verbs)
            {
                WriteVerb(json, verb);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteProperties(Utf8JsonWriter json, IReadOnlyCollection<KeyDoc> keys)
    {
        json.WriteStartObject("properties");
        foreach (var key in keys)
        {
            json.WriteStartObject(key.Name);
            json.WriteString("description", Description(key));
            if (key.Name is "steps")
            {
                WriteSteps(json);
            }
            else
            {
                SchemaShapes.Write(json, key.Shape);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        SchemaShapes.WriteRequired(json, keys.Where(k => k.IsRequired).Select(k => k.Name));
        json.WriteBoolean("additionalProperties", value: false);
    }

    internal static string Description(KeyDoc key) => key.Default is null ? key.Doc : $"{key.Doc} Default: {key.Default}.";

    private static void WriteSteps(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        json.WriteStartArray("enum");
        foreach (var verb in VerbCatalog.Verbs.Where(v => v.MayStandAlone))
        {
            json.WriteStringValue(verb.Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        foreach (var verb in VerbCatalog.Verbs)
        {
            json.WriteStartObject();
            json.WriteString("$ref", $"#/$defs/{verb.Name}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteVerb(Utf8JsonWriter json, VerbDoc verb)
    {
        json.WriteStartObject(verb.Name);
        json.WriteString("description", verb.Doc);
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        json.WriteStartObject(verb.Name);
        json.WriteString("description", $"{verb.Doc} Example: {verb.Example[2..].ReplaceLineEndings(" ")}");
        SchemaShapes.Write(json, verb.Argument, mayBeNothing: verb.MayStandAlone);
        json.WriteEndObject();
        foreach (var modifier in VerbCatalog.ModifiersOf(verb))
        {
            json.WriteStartObject(modifier.Name);
            json.WriteString("description", Description(modifier));
            SchemaShapes.Write(json, modifier.Shape);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        SchemaShapes.WriteRequired(json, [verb.Name]);
        json.WriteBoolean("additionalProperties", value: false);
        json.WriteEndObject();
    }
}
