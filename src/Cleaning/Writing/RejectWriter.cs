using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Writing;

/// <summary>The step that rejected a row, as reject records name it.</summary>
internal sealed record RejectingStep(string Id, string Fingerprint);

/// <summary>
/// Writes rejected rows twice: a JSON record each, and the rows as they stand in the input. Nothing is opened before the
/// first rejected row.
/// </summary>
internal sealed class RejectWriter(FileCleaning job, RowTargets targets) : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new();
    private OutputBuffer? _records;
    private OutputBuffer? _rows;
    private Stream? _rowsStream;

    private OutputBuffer Records => _records ??= new OutputBuffer(targets.RejectRecords(), OutputBuffer.BlockBytesSmall, targets.HoldBytes);

    private OutputBuffer Rows
    {
        get
        {
            if (_rows is null)
            {
                _rowsStream = targets.RejectRows();
                _rows = new OutputBuffer(_rowsStream, OutputBuffer.BlockBytesSmall, targets.HoldBytes);
                _rows.Write(targets.RowsHaveBegun ? [] : targets.RejectHead.Span);
            }

            return _rows;
        }
    }

    /// <summary>The rejected rows have begun.</summary>
    public bool HasRows => _rows is not null || targets.RowsHaveBegun;

    /// <summary>Adds a rejected record.</summary>
    public void Add(Record record, RejectingStep step, Problem problem)
    {
        _json.Clear();
        using (var json = new Utf8JsonWriter(_json, JsonOptions))
        {
            RejectJson.Write(json, job, record, step, problem);
        }

        var records = Records;
        records.Write(_json.WrittenSpan);
        records.Write((byte)'\n');
        records.EndRow();
        if (!record.IsTruncated)
        {
            AddRow(record);
        }
    }

    /// <summary>Appends what the writer of a range holds back, and empties it.</summary>
    public void Take(RejectWriter range)
    {
        if (range._records is { Length: > 0 } records)
        {
            Records.Take(records);
        }

        if (range._rows is { Length: > 0 } rows)
        {
            Rows.Take(rows);
        }
    }

    /// <summary>Appends records that a range cannot hold back any longer.</summary>
    public void AppendRecords(ReadOnlySpan<byte> bytes) => Records.Append(bytes);

    /// <summary>Appends rows that a range cannot hold back any longer.</summary>
    public void AppendRows(ReadOnlySpan<byte> bytes) => Rows.Append(bytes);

    /// <summary>Forgets what is held back.</summary>
    public void Clear()
    {
        _records?.Clear();
        _rows?.Clear();
    }

    /// <summary>Writes everything out.</summary>
    public void Flush()
    {
        _records?.Flush();
        _rows?.Flush();
        _rowsStream?.Flush();
    }

    public void Dispose()
    {
        _rowsStream?.Dispose();
        _records?.Dispose();
        _rows?.Dispose();
    }

    private void AddRow(Record record)
    {
        var rows = Rows;
        rows.Write(record.Raw);
        rows.Write(record.LineEndLength == 0
            ? "\n"u8
            : record.RawBuffer.AsSpan(record.RawStart + record.RawLength, record.LineEndLength));
        rows.EndRow();
    }
}
