using System.Collections.Concurrent;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution.Tests.Vocabulary;

/// <summary>Remembers what it was told.</summary>
public sealed class RecordingProgress : IBatchProgress
{
    private long _rows;

    public BatchListing? Listing { get; private set; }

    public ConcurrentQueue<string> Finished { get; } = new();

    public ConcurrentQueue<string> Retries { get; } = new();

    public long Rows => Interlocked.Read(ref _rows);

    public void Listed(BatchListing listing) => Listing = listing;

    public void Advanced(long bytesRead, long rows) => Interlocked.Add(ref _rows, rows);

    public void Retrying(string file, int attempt, string reason) => Retries.Enqueue($"{file} {attempt}");

    void IBatchProgress.Finished(FileSummary file) => Finished.Enqueue(file.Path);
}
