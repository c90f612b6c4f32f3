using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cleaning.Arrays;

/// <summary>
/// The JSON Schema of specs for arrays (draft 2020-12), for editors. Generated from the catalogue that the loader checks against; the loader
/// is stricter where a schema has no words.
/// </summary>
public static class ArraySchema
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
            json.WriteString("title", "OrleansClean array spec");
            json.WriteString("description", "Which array to read, what to do with every element in which order, where to write.");
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            foreach (var key in ArrayCatalog.Keys)
            {
                WriteKey(json, key);
            }

            json.WriteEndObject();
            SchemaShapes.WriteRequired(json, ArrayCatalog.Keys.Where(k => k.IsRequired).Select(k => k.Name));
            json.WriteBoolean("additionalProperties", value: false);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteKey(Utf8JsonWriter json, KeyDoc key)
    {
        json.WriteStartObject(key.Name);
        json.WriteString("description", PlanSchema.Description(key));
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

    private static void WriteSteps(Utf8JsonWriter json)
    {
        json.WriteString("type", "array");
        json.WriteNumber("minItems", 1);
        json.WriteNumber("maxItems", ArrayCatalog.StepsMax);
        json.WriteStartObject("items");
        json.WriteString("type", "object");
        json.WriteNumber("minProperties", 1);
        json.WriteNumber("maxProperties", 1);
        json.WriteStartObject("properties");
        foreach (var verb in ArrayCatalog.Verbs)
        {
            json.WriteStartObject(verb.Name);
            json.WriteString("description", $"{verb.Doc} Example: {verb.Example[2..]}");
            SchemaShapes.Write(json, verb.Argument);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteBoolean("additionalProperties", value: false);
        json.WriteEndObject();
    }
}
