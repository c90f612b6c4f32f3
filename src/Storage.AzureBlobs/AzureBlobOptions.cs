using Azure.Storage.Blobs;

namespace OrleansClean.Storage.AzureBlobs;

/// <summary>How a store talks to the service. The defaults are for files of kilobytes to terabytes on an ordinary line.</summary>
public sealed record AzureBlobOptions
{
    /// <summary>The first blocks' length: 4 MiB. Later blocks are larger, so that 50,000 are enough.</summary>
    public int BlockBytes { get; init; } = 4 << 20;

    /// <summary>Bytes that one request reads: 4 MiB.</summary>
    public int ReadBytes { get; init; } = 4 << 20;

    /// <summary>Names in one page of a listing; the service takes at most 5,000.</summary>
    public int ListPageSize { get; init; } = 5_000;

    /// <summary>How often reading and staging are tried again. Commits, appends and deletions never are: their callers decide by looking.</summary>
    public int RetriesMax { get; init; } = 4;

    /// <summary>The pause before the first retry; each further one is twice as long, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>The longest pause.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take before its outcome counts as unknown.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where tests take hold of the client.</summary>
    internal Action<BlobClientOptions>? Configure { get; init; }

    /// <summary>The client's options; without retries for requests whose repetition could make a lie of the answer.</summary>
    internal BlobClientOptions ForClient(bool mayRetry)
    {
        var options = new BlobClientOptions();
        options.Retry.MaxRetries = mayRetry ? RetriesMax : 0;
        options.Retry.Delay = RetryDelay;
        options.Retry.MaxDelay = RetryDelayMax;
        options.Retry.NetworkTimeout = RequestTimeout;
        options.Diagnostics.IsLoggingContentEnabled = false;
        Configure?.Invoke(options);
        return options;
    }
}
