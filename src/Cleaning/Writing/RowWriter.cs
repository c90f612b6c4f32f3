using System.Text;
using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning.Writing;

/// <summary>
/// Writes rows as RFC 4180. Neighbouring fields that no step changed are copied as they stand, in one piece, where the
/// input's dialect agrees with the output's.
/// </summary>
internal sealed class RowWriter
{
    private readonly OutputBuffer _output;
    private readonly WriteOptions _options;
    private readonly int[] _slots;
    private readonly int _sourceCount;
    private readonly bool _isSameDialect;
    private readonly byte[]? _file;
    private readonly bool _isWholeRecord;
    private readonly bool _isOnlyField;
    private readonly byte[] _lineEnd;

    public RowWriter(OutputBuffer output, WriteOptions options, RowProgram program, DetectedDialect dialect, string inputName)
    {
        _output = output;
        _options = options;
        _slots = [.. program.Outputs.Select(column => column.Slot)];
        _sourceCount = program.SourceCount;
        _isSameDialect = options.Quoting == Quoting.Keep && dialect is { IsSimple: true, Delimiter: ",", Encoding: "utf-8" };
        _file = options.FileColumn
            ? Encoding.UTF8.GetBytes(program.IsGuarded ? SpreadsheetText.Neutralise(inputName) : inputName)
            : null;
        _isWholeRecord = _file is null && _slots.SequenceEqual(Enumerable.Range(0, _sourceCount));
        _isOnlyField = _slots.Length == 1 && _file is null;
        _lineEnd = options.Crlf ? [(byte)'\r', (byte)'\n'] : [(byte)'\n'];
    }

    /// <summary>Writes the byte order mark if asked for, and the names of the output's columns.</summary>
    public void WriteHeader(RowProgram program)
    {
        if (_options.Bom)
        {
            _output.Write("\uFEFF"u8);
        }

        // An input without a header, such as an empty file, gives an output without one.
        if (program.Outputs.IsEmpty)
        {
            return;
        }

        WriteFile("_file"u8);
        for (var i = 0; i < program.Outputs.Length; i++)
        {
            if (i > 0)
            {
                _output.Write((byte)',');
            }

            FieldWriter.Write(Encoding.UTF8.GetBytes(program.Outputs[i].Name), _options.Quoting, _isOnlyField, _output);
        }

        EndLine();
    }

    /// <summary>Writes the current row.</summary>
    public void Write(Row row)
    {
        var record = row.Record;
        var mayCopy = _isSameDialect && !record.IsDecoded && !record.HasStrayQuote;
        if (mayCopy && _isWholeRecord && !row.HasNewText)
        {
            _output.Write(record.Raw, _lineEnd);
            _output.EndRow();
            return;
        }

        WriteFile(_file);
        WriteFields(row, record, mayCopy);
        EndLine();
    }

    private void WriteFile(ReadOnlySpan<byte> text)
    {
        if (_file is not null)
        {
            FieldWriter.Write(text, _options.Quoting, isOnlyField: false, _output);
            _output.Write((byte)',');
        }
    }

    private void WriteFields(Row row, Record record, bool mayCopy)
    {
        var slots = _slots;
        for (var i = 0; i < slots.Length; i++)
        {
            if (i > 0)
            {
                _output.Write((byte)',');
            }

            var slot = slots[i];
            if (mayCopy && MayCopy(row, slot))
            {
                while (i + 1 < slots.Length && slots[i + 1] == slots[i] + 1 && MayCopy(row, slots[i + 1]))
                {
                    i++;
                }

                CopyFields(record, slot, slots[i]);
            }
            else
            {
                WriteField(row, slot);
            }
        }
    }

    private bool MayCopy(Row row, int slot) => slot < _sourceCount && row.IsVerbatim(slot);

    private void CopyFields(Record record, int first, int last)
    {
        var start = record.Bounds[record.First + first] + 1;
        var length = record.Bounds[record.First + last + 1] - start;

        // A column picked out of several: as an empty line it would be lost on the way back in.
        if (length == 0 && _isOnlyField && _sourceCount > 1)
        {
            _output.Write("\"\""u8);
            return;
        }

        _output.Write(record.Buffer.AsSpan(start, length));
    }

    private void WriteField(Row row, int slot)
    {
        if (_options.Quoting != Quoting.All && row.TryGetUnformatted(slot, out var value))
        {
            // Numbers, dates and booleans never need quotes.
            _output.Advance(ValueText.Format(value, _output.Reserve(ValueText.LengthMax)));
            return;
        }

        row.ReadVerbatim(slot, out var text);
        FieldWriter.Write(text.AsText, _options.Quoting, _isOnlyField, _output);
    }

    private void EndLine()
    {
        _output.Write(_lineEnd);
        _output.EndRow();
    }
}
