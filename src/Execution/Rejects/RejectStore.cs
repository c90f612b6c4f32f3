using System.Collections.Immutable;
using System.Text.Json;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Rejects;

/// <summary>The rejected rows of one batch, read as a stream. Rows of unchanged files come from the batch that cleaned them.</summary>
public sealed class RejectStore
{
    private readonly StateFolder _state;
    private readonly string _batchId;

    /// <summary>The rejects of a batch; a null <paramref name="batchId"/> means the latest.</summary>
    public RejectStore(StateFolder state, string? batchId)
    {
        _state = state;
        _batchId = state.Resolve(batchId);
    }

    /// <summary>Inputs that have rejected rows, with their number and codes, in the order of names.</summary>
    public IEnumerable<FileRejects> Files() => WithRejects().Select(file => new FileRejects(
        file.Path,
        file.Rows!.Rejected,
        file.Codes ?? ImmutableSortedDictionary<string, long>.Empty,
        file.Rejects is null ? null : _state.PlaceOf(_state.OutputOf(_batchId, file.Rejects.Path))));

    /// <summary>
    /// Rejected rows in the order of files and rows; of one file or of all, of one code or of all. A file whose batch was
    /// removed since has none.
    /// </summary>
    public IEnumerable<RejectRecord> Read(string? file = null, string? code = null)
    {
        foreach (var summary in WithRejects().Where(f => file is null || string.Equals(f.Path, file, StringComparison.Ordinal)))
        {
            using var content = OpenRecords(summary);
            using var lines = content is null ? null : new StreamReader(content);
            while (lines?.ReadLine() is { } line)
            {
                var record = JsonSerializer.Deserialize(line, ExecutionJson.Lines.RejectRecord)!;
                if (code is null || string.Equals(record.Code, code, StringComparison.Ordinal))
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>The object in which the records of a file's rejected rows are, by themselves or among others.</summary>
    internal ObjectName RecordsOf(FileSummary file) => HostingNames.RejectRecords(file.CleanedBy ?? _batchId, file.Path, file.Records);

    /// <summary>The records of a file's rejected rows; null if they are not there.</summary>
    internal Stream? OpenRecords(FileSummary file) => _state.Open(RecordsOf(file), file.Records);

    private IEnumerable<FileSummary> WithRejects() => _state.ReadFiles(_batchId).Where(f => f.Rows is { Rejected: > 0 });
}
