using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>Numbers in JSON as numbers: whole ones with all their digits, doubles in the shortest form that reads back as the same.</summary>
internal sealed class ArrayNumberConverter : JsonConverter<ArrayNumber>
{
    public override ArrayNumber Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetInt64(out var whole) ? new ArrayNumber(whole) : new ArrayNumber(reader.GetDouble());

    public override void Write(Utf8JsonWriter writer, ArrayNumber value, JsonSerializerOptions options)
    {
        if (value.IsWhole)
        {
            writer.WriteNumberValue(value.Whole!.Value);
        }
        else
        {
            writer.WriteNumberValue(value.Real);
        }
    }
}
