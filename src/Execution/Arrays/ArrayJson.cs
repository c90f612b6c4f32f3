using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansClean.Execution.Arrays.Batches;

namespace OrleansClean.Execution.Arrays;

/// <summary>The JSON of array reports and of what is kept beside arrays.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ArrayNumberConverter)])]
[JsonSerializable(typeof(ArrayReport))]
[JsonSerializable(typeof(ArrayRecord))]
[JsonSerializable(typeof(ArraySubmission))]
[JsonSerializable(typeof(ArrayListing))]
[JsonSerializable(typeof(ArrayPart))]
[JsonSerializable(typeof(ArrayPaper))]
internal sealed partial class ArrayJson : JsonSerializerContext
{
    /// <summary>One line each; names of files stay readable.</summary>
    public static ArrayJson Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new ArrayNumberConverter() },
    });
}
