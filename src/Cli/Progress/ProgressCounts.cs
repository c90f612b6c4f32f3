using OrleansClean.Cli.Output;
using OrleansClean.Execution;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Progress;

/// <summary>Where a running batch stands. Told from any thread; read from any thread.</summary>
internal sealed class ProgressCounts : IBatchProgress, IShownProgress
{
    private long _bytes;
    private long _rows;
    private long _rejects;
    private int _filesDone;
    private int _filesFailed;
    private int _retries;

    /// <summary>What there is to do, once it is known.</summary>
    public BatchListing? Listing { get; private set; }

    /// <summary>Told of the listing once it is known, or null.</summary>
    public Action<BatchListing>? OnListed { get; init; }

    /// <summary>Bytes read so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Rows done so far.</summary>
    public long Rows => Interlocked.Read(ref _rows);

    /// <summary>Rejected rows of the files that are done.</summary>
    public long Rejects => Interlocked.Read(ref _rejects);

    /// <summary>Files that are done, one way or another.</summary>
    public int FilesDone => Volatile.Read(ref _filesDone);

    /// <summary>Files that failed.</summary>
    public int FilesFailed => Volatile.Read(ref _filesFailed);

    /// <summary>Attempts after the first ones.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <inheritdoc />
    public void Listed(BatchListing listing)
    {
        Listing = listing;
        Interlocked.Add(ref _filesDone, listing.FilesDone);
        OnListed?.Invoke(listing);
    }

    /// <inheritdoc />
    public void Advanced(long bytesRead, long rows)
    {
        Interlocked.Add(ref _bytes, bytesRead);
        Interlocked.Add(ref _rows, rows);
    }

    /// <inheritdoc />
    public void Retrying(string file, int attempt, string reason) => Interlocked.Increment(ref _retries);

    /// <inheritdoc />
    public void Finished(FileSummary file)
    {
        Interlocked.Increment(ref _filesDone);
        Interlocked.Add(ref _rejects, file.Rows?.Rejected ?? 0);
        if (file.Failure is not null)
        {
            Interlocked.Increment(ref _filesFailed);
        }
    }

    /// <summary>The share that is done, by bytes where there are any.</summary>
    public double Share
    {
        get
        {
            var files = Listing is { Files: > 0 } listing ? (double)FilesDone / listing.Files : 0;
            var bytes = Listing is { Bytes: > 0 } sized ? (double)Bytes / sized.Bytes : 0;
            return Math.Clamp(Math.Max(files, Math.Min(bytes, 0.99)), 0, 1);
        }
    }

    /// <summary><c>3 of 12 files   1.2 MB   40,118 rows   26 rejected   1 failed   about 12 s left</c>.</summary>
    public string Line(TimeSpan elapsed)
    {
        var parts = new List<string>
        {
            Listing is null ? "listing" : $"{Amounts.Count(FilesDone)} of {Amounts.Of(Listing.Files, "file")}",
            Amounts.Bytes(Bytes),
            Amounts.Of(Rows, "row"),
        };
        Add(parts, Rejects, "rejected");
        Add(parts, FilesFailed, "failed");
        Add(parts, Retries, "retried");
        if (Left(elapsed) is { TotalSeconds: >= 1 } left)
        {
            parts.Add($"about {Amounts.Duration(left)} left");
        }

        return string.Join("   ", parts);
    }

    /// <inheritdoc />
    public string Json(TimeSpan elapsed) => ProgressDisplay.Json(this, elapsed);

    /// <summary>The time that is left at this speed, or null while that would be a guess.</summary>
    public TimeSpan? Left(TimeSpan elapsed) =>
        Share is > 0.02 and < 1 && elapsed.TotalSeconds > 1 ? elapsed * ((1 - Share) / Share) : null;

    private static void Add(List<string> parts, long count, string what)
    {
        if (count > 0)
        {
            parts.Add($"{Amounts.Count(count)} {what}");
        }
    }
}
