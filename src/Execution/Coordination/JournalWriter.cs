using OrleansClean.Storage;

namespace OrleansClean.Execution.Coordination;

/// <summary>Appends until the outcome is known.</summary>
internal static class JournalWriter
{
    private const int AttemptsMax = 8;
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Appends <paramref name="bytes"/> at <paramref name="position"/>. What an answer leaves open is decided by reading back:
    /// own bytes are durable, another's mean <see cref="FencedException"/>, nothing means the same bytes again.
    /// </summary>
    public static async Task AppendAsync(
        IObjectStore store,
        ObjectName segment,
        long position,
        byte[] bytes,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            string reason;
            try
            {
                switch (await store.AppendAsync(segment, position, bytes, cancellationToken))
                {
                    case AppendResult.Appended:
                        return;
                    case AppendResult.Unknown unknown:
                        reason = unknown.Reason;
                        break;
                    default:
                        reason = "The log was longer than expected.";
                        break;
                }

                if (await IsOwnAsync(store, segment, position, bytes, cancellationToken))
                {
                    return;
                }
            }
            catch (StorageException e) when (e.IsTransient && attempt < AttemptsMax)
            {
                reason = e.Message;
            }

            if (attempt >= AttemptsMax)
            {
                throw new StorageException(StorageFault.Other, $"The journal {store.Locate(segment)} could not be written: {reason}");
            }

            await Task.Delay(Wait(attempt), time, cancellationToken);
        }
    }

    /// <summary>True if the bytes behind the position are these; false if there are none; throws if they are another's.</summary>
    private static async Task<bool> IsOwnAsync(
        IObjectStore store, ObjectName segment, long position, byte[] bytes, CancellationToken cancellationToken)
    {
        var found = new List<byte>();
        while (found.Count < bytes.Length
            && await store.ReadLogAsync(segment, position + found.Count, cancellationToken) is { IsEmpty: false } read)
        {
            found.AddRange(read.Span);
        }

        if (found.Count == 0)
        {
            return false;
        }

        return found.Count >= bytes.Length && found[..bytes.Length].SequenceEqual(bytes)
            ? true
            : throw new FencedException($"Another coordinator writes the journal {store.Locate(segment)}.");
    }

    private static TimeSpan Wait(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(WaitMax.TotalMilliseconds, 50 * Math.Pow(2, attempt)));
}

/// <summary>Writes immutable documents until they stand.</summary>
internal static class Documents
{
    private const int AttemptsMax = 8;

    /// <summary>
    /// Writes content whose name is its hash, until it stands and survives the loss of power: an event will name it. What stands there and is
    /// something else was torn by a loss of power, or damaged: the name says what belongs there, so it is put right.
    /// </summary>
    public static async Task WriteAsync(
        IObjectStore store, ObjectName name, ReadOnlyMemory<byte> content, TimeProvider time, CancellationToken cancellationToken)
    {
        var expected = Precondition.Absent;
        for (var attempt = 1; ; attempt++)
        {
            switch (await store.WriteDocumentAsync(name, content, expected, cancellationToken))
            {
                case WriteResult.Written:
                    await store.FlushAsync(cancellationToken);
                    return;
                case WriteResult.Conflict conflict when attempt < AttemptsMax:
                    expected = Precondition.AsFound(conflict.Current);
                    break;
                case WriteResult.Unknown unknown when attempt < AttemptsMax:
                    await Task.Delay(TimeSpan.FromMilliseconds(50 * Math.Pow(2, attempt)), time, cancellationToken);
                    break;
                case var last:
                    throw new StorageException(
                        StorageFault.Other,
                        $"{store.Locate(name)} could not be written: {(last as WriteResult.Unknown)?.Reason ?? "others write it all the time."}");
            }
        }
    }
}
