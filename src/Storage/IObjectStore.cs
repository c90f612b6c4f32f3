namespace OrleansClean.Storage;

/// <summary>
/// Named objects that are read and written as wholes.
/// <list type="bullet">
/// <item>A name shows its old content or all of a new one, never a part.</item>
/// <item>A read is of one content: if it changes underneath, the reader is told, and gets no mixture.</item>
/// <item>A write is staged where nobody sees it and committed under a <see cref="Precondition"/>; what is not
/// committed leaves nothing behind.</item>
/// <item>Nothing outside the root is read or written, whatever names and links say.</item>
/// <item>Every failure is a <see cref="StorageException"/>, except the cancellation that the caller asked for.</item>
/// </list>
/// Safe for many threads; of writers to one name the preconditions decide.
/// </summary>
public interface IObjectStore
{
    /// <summary>Calls that went to the medium so far.</summary>
    long Operations { get; }

    /// <summary>Lists a scope. An object that appears or vanishes meanwhile is in it or not.</summary>
    ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken);

    /// <summary>Looks at one object; null if there is none.</summary>
    ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the content that <paramref name="etag"/> names. Opening or reading throws <see cref="StorageFault.Changed"/>
    /// if it is not there any more, at the latest when the end is read.
    /// </summary>
    ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken);

    /// <summary>Begins a write that nobody sees.</summary>
    ValueTask<IStagedObject> StageAsync(ObjectName name, CancellationToken cancellationToken);

    /// <summary>Deletes the object if it has this content; false if it has another one. Absent is deleted: true.</summary>
    ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a log that only grows, after its last whole line: a torn last line is cut. There must be one writer; the
    /// caller's lock sees to that.
    /// </summary>
    ValueTask<IAppendLog> OpenLogAsync(ObjectName name, CancellationToken cancellationToken);
}

/// <summary>A write in the making. Disposed without a commit it leaves nothing behind.</summary>
public interface IStagedObject : IAsyncDisposable
{
    /// <summary>The name that it will have.</summary>
    ObjectName Name { get; }

    /// <summary>Takes the content; not to be disposed by the caller. May not be used after <see cref="SealAsync"/>.</summary>
    Stream Content { get; }

    /// <summary>Ends the content and returns the tag that the object will have once it is committed.</summary>
    ValueTask<ETag> SealAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the sealed content visible under its name, all at once. Throws <see cref="StorageFault.Conflict"/> if the
    /// precondition does not hold; then nothing happened.
    /// </summary>
    ValueTask CommitAsync(Precondition precondition, CancellationToken cancellationToken);
}

/// <summary>A log that only grows. What was appended survives the process.</summary>
public interface IAppendLog : IAsyncDisposable
{
    /// <summary>Where the next append begins.</summary>
    long Length { get; }

    /// <summary>Appends <paramref name="bytes"/> as one write.</summary>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);
}
