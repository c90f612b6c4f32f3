using System.Text.Json;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Reports;

/// <summary>Writes <c>manifest.json</c> file by file, because there may be a million.</summary>
internal sealed class ManifestWriter : IDisposable
{
    private const int BytesPendingMax = 1 << 16;

    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    public ManifestWriter(Stream stream, PlanIdentity plan, int outputVersion, BatchTotals totals)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = ReadableJson.Encoder,
        });
        _json.WriteStartObject();
        _json.WriteNumber("manifestVersion"u8, 1);
        _json.WritePropertyName("plan"u8);
        JsonSerializer.Serialize(_json, plan, ExecutionJson.Lines.PlanIdentity);
        _json.WriteNumber("outputVersion"u8, outputVersion);
        _json.WritePropertyName("ledger"u8);
        JsonSerializer.Serialize(_json, totals.Ledger, ExecutionJson.Lines.BatchLedger);
        _json.WritePropertyName("codes"u8);
        JsonSerializer.Serialize(_json, totals.Codes, ExecutionJson.Lines.ImmutableSortedDictionaryStringInt64);
        _json.WriteStartArray("files"u8);
    }

    /// <summary>Adds a file; they come in the order of names.</summary>
    public void Add(FileSummary file)
    {
        JsonSerializer.Serialize(_json, ManifestFile.Of(file), ExecutionJson.Lines.ManifestFile);
        if (_json.BytesPending > BytesPendingMax)
        {
            _json.Flush();
        }
    }

    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        _stream.WriteByte((byte)'\n');
        _json.Dispose();
    }
}
