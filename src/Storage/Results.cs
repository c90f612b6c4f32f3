namespace OrleansClean.Storage;

/// <summary>How a commit ended.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>The object shows the content that was staged, by this commit or an earlier sending of it.</summary>
    /// <param name="ETag">Its tag.</param>
    public sealed record Published(ETag ETag) : CommitResult;

    /// <summary>The precondition does not hold: something else stands there. Nothing was replaced.</summary>
    /// <param name="Current">What stands there; null if nothing does and something should.</param>
    /// <param name="Reason">A sentence for a person.</param>
    public sealed record Conflict(StoredObject? Current, string Reason) : CommitResult;

    /// <summary>
    /// The precondition holds, but the staged content is gone or is not what was sealed: it expired, was swept, or was dropped by
    /// another's commit. Nothing was replaced; a new attempt is needed.
    /// </summary>
    /// <param name="Reason">A sentence for a person.</param>
    public sealed record StageLost(string Reason) : CommitResult;

    /// <summary>
    /// Nothing has changed, as far as one can see, and the commit may still land. Send the same intent again.
    /// </summary>
    /// <param name="Reason">A sentence for a person.</param>
    public sealed record Unknown(string Reason) : CommitResult;
}

/// <summary>How the write of a document ended.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>The object shows this content.</summary>
    /// <param name="ETag">Its tag.</param>
    public sealed record Written(ETag ETag) : WriteResult;

    /// <summary>The precondition does not hold: other content stands there. Nothing was replaced.</summary>
    /// <param name="Current">What stands there; null if nothing does and something should.</param>
    public sealed record Conflict(StoredObject? Current) : WriteResult;

    /// <summary>Nothing has changed, as far as one can see, and the write may still land. Send the same again.</summary>
    /// <param name="Reason">A sentence for a person.</param>
    public sealed record Unknown(string Reason) : WriteResult;
}

/// <summary>How an append ended.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>The bytes are in the log, at the position that was asked for.</summary>
    /// <param name="Length">The log's length now: the next position.</param>
    public sealed record Appended(long Length) : AppendResult;

    /// <summary>
    /// The log did not have that length. These bytes may be among those behind the position all the same, if an earlier sending
    /// of them landed: read back.
    /// </summary>
    /// <param name="Length">The log's length.</param>
    public sealed record Refused(long Length) : AppendResult;

    /// <summary>Whether the bytes landed, or will land, is not known: read back.</summary>
    /// <param name="Reason">A sentence for a person.</param>
    public sealed record Unknown(string Reason) : AppendResult;
}
