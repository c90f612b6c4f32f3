using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Writing;

/// <summary>The step that rejected a row, as reject records name it.</summary>
internal sealed record RejectingStep(string Id, string Fingerprint);

/// <summary>
/// Writes rejected rows twice: a JSON record each, and the rows as they stand in the input. Nothing is opened before the
/// first rejected row.
/// </summary>
internal sealed class RejectWriter(FileCleaning job, InputFile input) : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new();
    private OutputBuffer? _records;
    private OutputBuffer? _rows;
    private Stream? _encoded;

    /// <summary>Adds a rejected record.</summary>
    public void Add(Record record, RejectingStep step, Problem problem)
    {
        _records ??= new OutputBuffer(job.Outputs.OpenRejectRecords(), OutputBuffer.BlockBytesSmall);
        _json.Clear();
        using (var json = new Utf8JsonWriter(_json, JsonOptions))
        {
            RejectJson.Write(json, job, record, step, problem);
        }

        _records.Write(_json.WrittenSpan);
        _records.Write((byte)'\n');
        _records.EndRow();
        if (!record.IsTruncated)
        {
            AddRow(record);
        }
    }

    /// <summary>Writes everything out.</summary>
    public void Flush()
    {
        _records?.Flush();
        _rows?.Flush();
        _encoded?.Flush();
    }

    public void Dispose()
    {
        _encoded?.Dispose();
        _records?.Dispose();
        _rows?.Dispose();
    }

    private void AddRow(Record record)
    {
        if (_rows is null)
        {
            _encoded = input.EncodeLikeInput(job.Outputs.OpenRejectRows());
            _rows = new OutputBuffer(_encoded, OutputBuffer.BlockBytesSmall);
            _rows.Write(input.Head.Span);
        }

        _rows.Write(record.Raw);
        _rows.Write(record.LineEndLength == 0
            ? "\n"u8
            : record.RawBuffer.AsSpan(record.RawStart + record.RawLength, record.LineEndLength));
        _rows.EndRow();
    }
}
