namespace OrleansClean.Storage.Faults;

/// <summary>What happens to a call instead of what should.</summary>
public enum StoreFaultKind
{
    /// <summary>It is not carried out, and the caller is told of an error.</summary>
    Before,

    /// <summary>It is carried out, and the caller is told of an error.</summary>
    After,

    /// <summary>It waits for <see cref="StoreFaults.Release"/> or the caller's cancellation; then it goes on as usual.</summary>
    Hang,

    /// <summary>The medium answers 409 and does nothing.</summary>
    Conflict,

    /// <summary>The medium answers 412 and does nothing.</summary>
    PreconditionFailed,

    /// <summary>The medium answers 429 and does nothing.</summary>
    TooManyRequests,

    /// <summary>The medium answers 503 and does nothing.</summary>
    Unavailable,

    /// <summary>The body ends half way; a write was carried out.</summary>
    ShortBody,

    /// <summary>A write is not carried out now but at <see cref="StoreFaults.LandAsync"/>; the caller is told of an error.</summary>
    Late,
}

/// <summary>What is asked of a store.</summary>
public enum StoreOperation
{
    /// <summary><see cref="IObjectStore.ListAsync"/>.</summary>
    List,

    /// <summary><see cref="IObjectStore.FindAsync"/>.</summary>
    Find,

    /// <summary><see cref="IObjectStore.OpenReadAsync(ObjectName, ETag, CancellationToken)"/>.</summary>
    Read,

    /// <summary><see cref="IObjectStore.StageAsync"/>.</summary>
    Stage,

    /// <summary><see cref="IStaging.SealAsync"/>.</summary>
    Seal,

    /// <summary><see cref="IObjectStore.CommitAsync"/>.</summary>
    Commit,

    /// <summary><see cref="IObjectStore.JoinAsync"/>.</summary>
    Join,

    /// <summary><see cref="IObjectStore.AbortAsync"/>.</summary>
    Abort,

    /// <summary><see cref="IObjectStore.SweepStagedAsync"/>.</summary>
    Sweep,

    /// <summary><see cref="IObjectStore.DeleteAsync"/>.</summary>
    Delete,

    /// <summary><see cref="IObjectStore.ReadDocumentAsync"/>.</summary>
    ReadDocument,

    /// <summary><see cref="IObjectStore.WriteDocumentAsync"/>.</summary>
    WriteDocument,

    /// <summary><see cref="IObjectStore.AppendAsync"/>.</summary>
    Append,

    /// <summary><see cref="IObjectStore.ReadLogAsync"/>.</summary>
    ReadLog,

    /// <summary><see cref="IObjectStore.FlushAsync"/>.</summary>
    Flush,
}

/// <summary>One call of a store.</summary>
/// <param name="Number">Its place among all calls, from 1.</param>
/// <param name="Operation">What is asked.</param>
/// <param name="Name">Of which object; null if of none.</param>
public sealed record StoreCall(int Number, StoreOperation Operation, ObjectName? Name)
{
    /// <inheritdoc />
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number} {Operation} {Name}").TrimEnd();
}
