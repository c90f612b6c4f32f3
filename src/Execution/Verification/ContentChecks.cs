using System.Globalization;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cleaning.Verifying;
using OrleansClean.Execution.Rejects;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Verification;

/// <summary>Counts outputs, rejects and inputs again with the second reader.</summary>
internal sealed class ContentChecks(StateFolder state, string id, CancellationToken cancellationToken)
{
    /// <summary>Codes of records of which the second reader cannot know where they end.</summary>
    private static readonly string[] Unreadable =
        [ProblemCodes.UnterminatedQuote, ProblemCodes.TextAfterQuote, ProblemCodes.LineTooLong, ProblemCodes.FieldTooLong, ProblemCodes.EncodingError, ProblemCodes.NulByte];

    private readonly CheckBuilder _hashes = new("output-bytes", "outputs have the length and SHA-256 of the manifest");
    private readonly CheckBuilder _rows = new("output-rows", "outputs are sound CSV with as many rows and columns as the ledger says");
    private readonly CheckBuilder _records = new("reject-records", "there is one record for each rejected row, by code, and each says what it said when it was written");
    private readonly CheckBuilder _rejected = new("reject-rows", "the rows beside the outputs are those of the records, byte for byte");
    private readonly CheckBuilder _inputs = new("input-rows", "inputs that are still as they were have as many records as the ledger says");
    private readonly RejectStore _rejects = new(state, id);
    private readonly IReadOnlyDictionary<string, string> _paths = state.ReadOrigin(id).Inputs;
    private readonly Dictionary<string, (FileOutput Output, long Rows, int Columns)> _outputs = new(StringComparer.Ordinal);

    /// <summary>Checks what was made of one file.</summary>
    public void Check(FileSummary file)
    {
        if (file.Rows is not { } rows)
        {
            return;
        }

        if (file.Output is { } output)
        {
            // A combined output is one for many files.
            var (_, before, columns) = _outputs.GetValueOrDefault(output.Path);
            _outputs[output.Path] = (output, before + rows.Out, Math.Max(columns, file.Detail?.Columns.Length ?? 0));
        }

        CheckRejects(file, rows);
        CheckInput(file, rows);
    }

    /// <summary>Checks the outputs, each once, and counts a combined one's bytes once.</summary>
    public void CheckCombined(BatchTotals totals)
    {
        var header = state.ReadHeader(id);
        if (header.IsCombined && _outputs.Count == 1)
        {
            totals.SetBytesOut(_outputs.Values.Single().Output.Bytes);
        }

        foreach (var (path, (output, rows, columns)) in _outputs)
        {
            CheckOutput(path, output, rows, header.HasFileColumn && columns > 0 ? columns + 1 : columns);
        }
    }

    /// <summary>The outcomes.</summary>
    public IEnumerable<VerifyCheck> Done() => [_hashes.Done(), _rows.Done(), _records.Done(), _rejected.Done(), _inputs.Done()];

    private void CheckOutput(string path, FileOutput output, long rows, int columns)
    {
        if (state.Open(state.OutputOf(id, path)) is not { } stream)
        {
            _hashes.Fail($"{path} is missing.");
            return;
        }

        using (stream)
        {
            var counted = Recounter.Output(stream, output.Sha256, cancellationToken);
            _hashes.Expect(
                counted.Bytes == output.Bytes && string.Equals(counted.Sha256, output.Sha256, StringComparison.Ordinal),
                () => Changed(path, counted.Bytes, output.Bytes, counted.Sha256));
            _rows.Expect(
                counted.Fault is null && counted.Rows == rows && counted.Columns == columns,
                () => string.Create(CultureInfo.InvariantCulture, $"{path}: {counted.Fault ?? $"{counted.Rows} rows in {counted.Columns} columns, the ledger says {rows} in {columns}"}."));
        }
    }

    private void CheckRejects(FileSummary file, FileRows rows)
    {
        var name = _rejects.RecordsOf(file);
        var recordsPath = state.PlaceOf(name);
        if (rows.Rejected == 0)
        {
            using var none = _rejects.OpenRecords(file);
            _records.Expect(none is null, () => $"{recordsPath} holds records, the ledger has no rejected row.");
            return;
        }

        if (_rejects.OpenRecords(file) is not { } records)
        {
            _records.Fail($"{recordsPath} is missing; the ledger has {rows.Rejected} rejected rows.");
            return;
        }

        using (records)
        {
            var counted = Recounter.Rejects(records, file.RejectRecords?.Sha256, cancellationToken);
            _records.Expect(
                counted.Fault is null && counted.Rows == rows.Rejected && SameCodes(counted, file),
                () => $"{recordsPath}: {counted.Fault ?? $"{counted.Rows} records ({string.Join(", ", counted.Codes.Select(c => $"{c.Key} {c.Value}"))}), the ledger has {rows.Rejected}"}.");

            // Reports of versions that did not record it say nothing of the bytes.
            if (file.RejectRecords is { } written)
            {
                _records.Expect(
                    counted.Bytes == written.Bytes && string.Equals(counted.Sha256, written.Sha256, StringComparison.Ordinal),
                    () => Changed(recordsPath, counted.Bytes, written.Bytes, counted.Sha256));
            }
        }

        CheckRejectRows(file);
    }

    private void CheckRejectRows(FileSummary file)
    {
        if (file.Rejects is not { } rejects)
        {
            return;
        }

        if (state.Open(state.OutputOf(id, rejects.Path)) is not { } rows)
        {
            _rejected.Fail($"{rejects.Path} is missing.");
            return;
        }

        using (rows)
        using (var records = _rejects.OpenRecords(file)!)
        {
            var counted = Recounter.RejectRows(rows, records, DialectOf(file.Dialect!), rejects.Sha256, cancellationToken);
            _rejected.Expect(
                counted.Fault is null && string.Equals(counted.Sha256, rejects.Sha256, StringComparison.Ordinal),
                () => $"{rejects.Path}: {counted.Fault ?? "it was changed since it was written"}.");
        }
    }

    private void CheckInput(FileSummary file, FileRows rows)
    {
        if (file.Detail is not { } detail || file.Codes?.Keys.Any(code => Unreadable.Contains(code, StringComparer.Ordinal)) == true
            || !_paths.TryGetValue(file.Path, out var path))
        {
            return;
        }

        // An input that has changed or moved since proves nothing, for or against.
        if (state.OpenInput(path) is not { } input)
        {
            return;
        }

        using (input.Content)
        {
            if (!string.Equals(input.ETag.Value, file.InputEtag, StringComparison.Ordinal))
            {
                return;
            }

            var counted = Recounter.Input(input.Content, DialectOf(file.Dialect!), detail.InputColumns, cancellationToken);
            if (counted.Records is { } records)
            {
                _inputs.Expect(records == rows.In, () => $"{file.Path} has {records} records, the ledger says {rows.In}.");
            }
        }
    }

    private static string Changed(string path, long bytes, long expected, string sha256) =>
        string.Create(CultureInfo.InvariantCulture, $"{path} was changed since it was written: {bytes} bytes, {expected} expected, SHA-256 {sha256[(sha256.IndexOf(':', StringComparison.Ordinal) + 1)..][..12]}…");

    private static bool SameCodes(RejectRecount counted, FileSummary file) =>
        counted.Codes.Count == (file.Codes?.Count ?? 0)
        && counted.Codes.All(code => file.Codes!.TryGetValue(code.Key, out var rows) && rows == code.Value);

    private static DetectedDialect DialectOf(DialectSummary dialect) => new()
    {
        Encoding = dialect.Encoding,
        HasBom = dialect.Bom,
        Compression = dialect.Compression,
        Delimiter = dialect.Delimiter,
        Quote = dialect.Quote,
        Escape = dialect.Escape,
        Comment = dialect.Comment,
        Newline = dialect.Newline,
        PreambleLines = dialect.PreambleRows,
        HeaderLine = dialect.HeaderLine,
    };
}
