namespace OrleansClean.Storage.Memory;

/// <summary>What stands under a name, and the blocks that wait there.</summary>
internal sealed class MemoryBlob
{
    private byte[] _log = [];

    /// <summary>The content that readers see; null if there is none.</summary>
    public Content? Committed { get; set; }

    /// <summary>Blocks by id.</summary>
    public Dictionary<string, byte[]> Blocks { get; } = new(StringComparer.Ordinal);

    /// <summary>When the last block came: a week later all are gone.</summary>
    public DateTimeOffset LastBlock { get; set; }

    /// <summary>
    /// The bytes of a log and more behind them. Readers hold the beginning of the same array, which does not change: a log
    /// of 50,000 appends is not copied as many times.
    /// </summary>
    public ReadOnlyMemory<byte> Grow(ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> more)
    {
        if (bytes.IsEmpty || _log.Length < bytes.Length + more.Length)
        {
            var grown = new byte[Math.Max(_log.Length * 2, bytes.Length + more.Length)];
            bytes.CopyTo(grown);
            _log = grown;
        }

        more.CopyTo(_log.AsSpan(bytes.Length));
        return _log.AsMemory(0, bytes.Length + more.Length);
    }

    /// <summary>One content; replaced, never changed.</summary>
    internal sealed record Content(ReadOnlyMemory<byte> Bytes, ETag ETag, CommitId? Commit)
    {
        /// <summary>Appends so far; 0 if it is no log.</summary>
        public int Appends { get; init; }

        public bool IsLog { get; init; }
    }
}
