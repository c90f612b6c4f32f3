using System.Text.Json;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.State;

/// <summary>
/// <c>files.jsonl</c> while a batch runs: summaries in the order in which files are done, each found again by its place.
/// What stays in memory for a file is that place. A later line for a file replaces the earlier one.
/// </summary>
internal sealed class FilesLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly (long Start, int Length)[] _places;
    private readonly IAppendLog _log;
    private readonly string _path;

    private FilesLog(IAppendLog log, string path, int files)
    {
        _log = log;
        _path = path;
        _places = new (long, int)[files];
    }

    /// <summary>The log of a batch; what an interrupted run left is written again as its files are looked at.</summary>
    public static FilesLog Open(PreparedBatch batch)
    {
        var name = StateNames.Of(batch.Id, StateNames.FilesFile);
        batch.Store.WriteAsync(name, _ => { }, CancellationToken.None).Now();
        return new FilesLog(batch.Folder.OpenLogAsync(name, CancellationToken.None).Now(), batch.Folder.PathOf(name), batch.Items.Length);
    }

    /// <summary>Adds the line of the file at <paramref name="index"/>.</summary>
    public void Add(int index, FileSummary summary)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(summary, ExecutionJson.Lines.FileSummary);
        var line = new byte[json.Length + 1];
        json.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        lock (_lock)
        {
            _places[index] = (_log.Length, json.Length);
            _log.AppendAsync(line, CancellationToken.None).Now();
        }
    }

    /// <summary>Takes the file at <paramref name="index"/> back: it was not published after all.</summary>
    public void Forget(int index)
    {
        lock (_lock)
        {
            _places[index] = default;
        }
    }

    /// <summary>The lines in the order of files; null for a file that was not done.</summary>
    public IEnumerable<byte[]?> Read()
    {
        using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        foreach (var (start, length) in _places)
        {
            if (length == 0)
            {
                yield return null;
                continue;
            }

            var line = new byte[length];
            var read = 0;
            while (read < length && RandomAccess.Read(file, line.AsSpan(read), start + read) is var count and > 0)
            {
                read += count;
            }

            yield return line;
        }
    }

    public void Dispose() => _log.DisposeAsync().Now();
}
