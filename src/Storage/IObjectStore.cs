namespace OrleansClean.Storage;

/// <summary>
/// Named objects that are read and written as wholes, small documents, and logs that only grow. One store has many
/// processes: what one of them stages another may commit, and of writers to one name the preconditions decide, never
/// who holds a lease.
/// <list type="bullet">
/// <item>A name shows its old content or all of a new one, never a part.</item>
/// <item>A read is of one content: it ends as that content ends, or the reader is told that it changed. No mixture.</item>
/// <item>A write is staged where nobody sees it and committed under a <see cref="Precondition"/>. There is no commit
/// without one, so a late duplicate fails instead of bringing old bytes back.</item>
/// <item>Staged content is fixed when it is sealed: whatever an attempt that was given away stages later, even under
/// the same <see cref="StageId"/>, a commit publishes the bytes that were sealed.</item>
/// <item>Nothing outside the root is read or written, whatever names and links say.</item>
/// </list>
/// <para>
/// <b>What an answer means.</b> An answer of the medium is not taken at its word where a lost response could make it a
/// lie. After a conflict, a timeout or an error of the server a write is decided by looking at what stands there: ours
/// means done, another's means conflict, unchanged means <i>unknown</i>, because a request may still land. To be done with an
/// unknown outcome send the same intent again, with the same precondition and the same id; never report it as failed.
/// </para>
/// <para>
/// <b>What is thrown.</b> <see cref="StorageException"/> if nothing was written and nothing will be: no permission, no
/// space, no such container, a name that cannot be used, a medium that refused before it began. Reading and staging throw
/// it for everything, and what <see cref="StorageException.IsTransient"/> calls transient may be tried again as a whole.
/// <see cref="OperationCanceledException"/> if the caller's token says so; writes that become visible look at it before they
/// are sent and not after.
/// </para>
/// <para>
/// <b>What survives.</b> What was acknowledged survives the process. The loss of power is another matter:
/// <see cref="FlushAsync"/>.
/// </para>
/// Safe for many threads.
/// </summary>
public interface IObjectStore
{
    /// <summary>Calls that went to the medium so far.</summary>
    long Operations { get; }

    /// <summary>The bounds of this store.</summary>
    StoreLimits Limits { get; }

    /// <summary>Where a person finds an object: a path, or an address without secrets. For messages.</summary>
    string Locate(ObjectName name);

    /// <summary>
    /// Lists a scope, page by page underneath. An object that appears or vanishes meanwhile is in it or not; no name is
    /// in it twice. What is staged is not listed.
    /// </summary>
    ValueTask<ObjectListing> ListAsync(ListScope scope, CancellationToken cancellationToken);

    /// <summary>Looks at one object; null if there is none.</summary>
    ValueTask<StoredObject?> FindAsync(ObjectName name, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the content that <paramref name="etag"/> names. Opening or reading throws <see cref="StorageFault.Changed"/>
    /// if it is not there any more; what was read until then is of that content. A body that ends too early is
    /// a <see cref="StorageException"/>, never a short content.
    /// </summary>
    ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a part of the content that <paramref name="etag"/> names, as <see cref="OpenReadAsync(ObjectName, ETag, CancellationToken)"/>
    /// opens all of it. A part that begins behind the end is empty; one that goes beyond it ends there.
    /// </summary>
    ValueTask<Stream> OpenReadAsync(ObjectName name, ETag etag, ByteRange range, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a write that nobody sees. <paramref name="stage"/> says whose it is: it fences one attempt's content from
    /// another's and lets <see cref="SweepStagedAsync"/> find what a dead attempt left.
    /// </summary>
    ValueTask<IStaging> StageAsync(ObjectName name, StageId stage, CancellationToken cancellationToken);

    /// <summary>
    /// Opens again what an attempt staged and did not seal, because its process died or it left it; cut to its first <paramref name="bytes"/> bytes, which are shown to
    /// <paramref name="see"/> so that the caller can tell whether they are what they were. It goes on as the content of that attempt. Null if it is not there, is
    /// shorter, or somebody still writes to it, and where the medium cannot do that at all.
    /// </summary>
    ValueTask<IStaging?> ReopenAsync(
        ObjectName name, StageId stage, string handle, long bytes, Action<ReadOnlySpan<byte>> see, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IStaging?>(null);

    /// <summary>
    /// Makes sealed content visible under its name, all at once, if the precondition holds. Any process may commit, and
    /// as often as it likes: a commit that was done before is <see cref="CommitResult.Published"/> again. The
    /// <paramref name="commit"/> id is kept with the object where the medium can, and tells our commit from another's.
    /// </summary>
    ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken);

    /// <summary>
    /// Makes one of what several attempts sealed under one name: committed, it shows their contents in this order, one behind the other. It belongs to
    /// <paramref name="stage"/> and is sealed; what it was made of is good for the same again. Throws <see cref="StorageFault.Missing"/> where it is seen that
    /// some of it is gone (blobs see that only at the commit, and need no call here).
    /// </summary>
    ValueTask<StagedReference> JoinAsync(IReadOnlyList<StagedReference> pieces, StageId stage, CancellationToken cancellationToken);

    /// <summary>
    /// Gives sealed content up. It may be gone already; committed content is not touched. Where the medium has no
    /// such call (blobs) it stays invisible until it expires.
    /// </summary>
    ValueTask AbortAsync(StagedReference staged, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what was staged and not committed, sealed or not, for each id that <paramref name="isFinished"/> takes, and returns
    /// how many objects that were. Where the medium has no such call (blobs) it returns 0: what is left expires
    /// after seven days, and cannot be seen or committed by anyone else.
    /// </summary>
    ValueTask<int> SweepStagedAsync(Func<StageId, bool> isFinished, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the object if it has this content; false if it has another one. Absent is deleted: true. Throws a
    /// transient <see cref="StorageException"/> if the outcome is unknown: delete again.
    /// </summary>
    ValueTask<bool> DeleteAsync(ObjectName name, ETag etag, CancellationToken cancellationToken);

    /// <summary>A small object and its tag in one call; null if there is none.</summary>
    ValueTask<StoredDocument?> ReadDocumentAsync(ObjectName name, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a small object in one call if the precondition holds. Content that stands there already and is byte for byte
    /// <paramref name="content"/> counts as written, because it may be this call's own, whose answer was lost: a document that
    /// must have one winner names its writer.
    /// </summary>
    ValueTask<WriteResult> WriteDocumentAsync(ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken);

    /// <summary>
    /// Appends to a log if it is <paramref name="position"/> bytes long; one that is not there is 0 bytes long and is created. All of
    /// <paramref name="bytes"/> is appended or nothing, and they end a line. After <see cref="AppendResult.Refused"/> and
    /// <see cref="AppendResult.Unknown"/> read the log from <paramref name="position"/>: own bytes mean appended, another's mean
    /// fenced, nothing means that the same bytes are to be sent again.
    /// Throws <see cref="StorageFault.Full"/> if the log has all the appends that <see cref="StoreLimits.LogAppendsMax"/> allows.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a log from a position to its end, at most <see cref="StoreLimits.LogReadBytesMax"/> bytes: read on until nothing comes. Null
    /// if there is no such log. A write that was torn by the death of its process is not part of the log.
    /// </summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadLogAsync(ObjectName name, long position, CancellationToken cancellationToken);

    /// <summary>
    /// When it returns, everything that this store acknowledged before survives the loss of power. Expensive where it
    /// does something, so group what it covers.
    /// </summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
