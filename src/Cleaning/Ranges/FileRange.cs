using OrleansClean.Cleaning.Csv;

namespace OrleansClean.Cleaning.Ranges;

/// <summary>
/// Memory for one range of a file at a time: a block of the input, the records that end in it, and what the plan makes of
/// them. It is made by <see cref="RangedFile.CreateRange"/> and used again for one range after the other.
/// </summary>
public sealed class FileRange : IDisposable
{
    private const int RowsPerCheck = 1024;

    private readonly CsvReader _reader;
    private readonly Func<WritingSink> _createSink;
    private readonly Record _record = new();
    private WritingSink? _sink;

    internal FileRange(RowWork work, CsvReader reader, int blockBytes, Func<WritingSink> createSink)
    {
        _reader = reader;
        _createSink = createSink;
        Work = work;
        Buffer = new byte[CarryBytes + blockBytes];
    }

    /// <summary>Bytes kept free before a block, for the beginning of a record that ends in it.</summary>
    internal const int CarryBytes = 4096;

    /// <summary>True if no range follows: the input ends here, or reading it fails here.</summary>
    public bool IsLast { get; internal set; }

    internal RowWork Work { get; }

    internal byte[] Buffer { get; set; }

    internal int BlockStart { get; set; }

    internal int BlockEnd { get; set; }

    internal bool IsAfterLineEnd { get; set; }

    /// <summary>Why no more than this block could be read.</summary>
    internal Exception? ReadFailure { get; set; }

    internal RangeFrame Frame { get; set; }

    /// <summary>Where the whole records begin and end in the buffer.</summary>
    internal int Start { get; set; }

    internal int End { get; set; }

    /// <summary>Where the first record is in the file, and where the one behind the last should be.</summary>
    internal RecordPlace Place { get; set; }

    internal RecordPlace NextPlace { get; set; }

    /// <summary>A record began here that does not end within the limits: the range cannot be cleaned.</summary>
    internal bool IsTooLong { get; set; }

    /// <summary>Why cleaning failed.</summary>
    internal Exception? Failure { get; private set; }

    internal bool IsStopped => IsTooLong || _reader.IsStopped;

    internal RecordPlace ReachedPlace => IsTooLong ? Place : _reader.NextPlace;

    /// <summary>Bytes behind the last record that was cleaned.</summary>
    internal ReadOnlySpan<byte> Unread => Buffer.AsSpan((IsTooLong ? Start : _reader.Position)..BlockEnd);

    internal long BlankLines => _reader.BlankLines;

    internal WritingSink? Sink => _sink;

    internal ReadOnlySpan<byte> Block => Buffer.AsSpan(BlockStart..BlockEnd);

    /// <inheritdoc/>
    public void Dispose() => _sink?.Dispose();

    /// <summary>Takes the whole records through the plan: up to a barrier, or through all steps.</summary>
    internal void Clean(RowWork settled, int end, bool isMeasuring, Func<bool> isAbandoned, CancellationToken cancellationToken)
    {
        Failure = null;
        try
        {
            Work.Adopt(settled);
            _sink?.Clear();
            _reader.Begin(Buffer, Start, End, Place);
            if (IsTooLong)
            {
                return;
            }

            if (!isMeasuring)
            {
                _sink ??= _createSink();
            }

            var rows = 0;
            for (var result = _reader.Read(_record); result != ReadResult.End; result = _reader.Read(_record))
            {
                if (++rows % RowsPerCheck == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (isAbandoned())
                    {
                        return;
                    }
                }

                var problem = result == ReadResult.Broken ? _reader.Problem! : Work.WidthProblem(_record);
                if (!isMeasuring)
                {
                    Work.Decide(_record, problem, _sink!);
                }
                else if (problem is null)
                {
                    Work.Measure(_record, end);
                }
            }
        }
#pragma warning disable CA1031 // It is thrown when the range's turn has come: only then is it sure that the file fails here and not before.
        catch (Exception failure) when (failure is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            Failure = failure;
        }
    }

    /// <summary>Makes room for <paramref name="carry"/> before the block and puts it there.</summary>
    internal void Prepend(ReadOnlySpan<byte> carry)
    {
        if (carry.Length > BlockStart)
        {
            var block = Block;
            var larger = new byte[carry.Length + Math.Max(block.Length, Buffer.Length - CarryBytes)];
            block.CopyTo(larger.AsSpan(carry.Length));
            (Buffer, BlockStart, BlockEnd) = (larger, carry.Length, carry.Length + block.Length);
        }

        Start = BlockStart - carry.Length;
        carry.CopyTo(Buffer.AsSpan(Start));
    }
}
