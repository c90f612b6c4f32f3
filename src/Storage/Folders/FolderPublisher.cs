namespace OrleansClean.Storage.Folders;

/// <summary>Compares and writes: commits, documents and deletions, one at a time for a name.</summary>
internal sealed class FolderPublisher(FolderRoot root, StagedFiles stagedFiles)
{
    /// <summary>The stage of documents, which are staged and committed in one call.</summary>
    private static readonly StageId DocumentStage = new(0, (uint)Environment.ProcessId, 1);

    /// <summary>Renames a staged file into place if the precondition holds.</summary>
    public CommitResult Commit(StagedReference staged, Precondition precondition)
    {
        var path = root.PathOf(staged.Name);
        var standing = Look(path, staged.Name, out var isLink);
        var stagedPath = stagedFiles.Find(staged);
        if (standing is not null && standing.ETag == staged.ETag)
        {
            // Committed before. Should the process have died between the two halves of a rename, this ends it.
            stagedFiles.Discard(staged);
            return new CommitResult.Published(standing.ETag);
        }

        if (standing?.ETag != precondition.Expected)
        {
            return new CommitResult.Conflict(standing, ConflictReason(path, standing, precondition));
        }

        if (stagedPath is null || FileIdentity.Of(stagedPath, follow: false)?.ETag is not { } etag || etag != staged.ETag)
        {
            return new CommitResult.StageLost($"What was staged for {path} is not there any more. Nothing was replaced; it must be cleaned again.");
        }

        return Move(stagedPath, path, staged.Name, precondition, isLink)
            ? new CommitResult.Published(etag)
            : new CommitResult.Conflict(Look(path, staged.Name, out _), ConflictReason(path, null, precondition));
    }

    public WriteResult Write(ObjectName name, ReadOnlySpan<byte> content, Precondition precondition)
    {
        var path = root.PathOf(name);
        var standing = Look(path, name, out var isLink);
        if (standing?.ETag != precondition.Expected)
        {
            return standing is not null && standing.Bytes == content.Length && content.SequenceEqual(File.ReadAllBytes(path))
                ? new WriteResult.Written(standing.ETag)
                : new WriteResult.Conflict(standing);
        }

        var file = stagedFiles.Create(DocumentStage, out _);
        try
        {
            file.Write(content);
            var etag = StagedFiles.Seal(file);
            return Move(file.Name, path, name, precondition, isLink)
                ? new WriteResult.Written(etag)
                : new WriteResult.Conflict(Look(path, name, out _));
        }
        finally
        {
            file.Dispose();
            StagedFiles.Discard(file.Name);
        }
    }

    public bool Delete(ObjectName name, ETag etag)
    {
        var path = root.PathOf(name);
        if (FileIdentity.Of(path) is not { } found)
        {
            return true;
        }

        if (found.ETag != etag)
        {
            return false;
        }

        File.Delete(path);
        return true;
    }

    private static StoredObject? Look(string path, ObjectName name, out bool isLink)
    {
        var found = FileIdentity.Of(path, follow: false);
        if (found?.Kind is FileKind.Folder)
        {
            throw new StorageException(StorageFault.Conflict, $"{path} cannot be written: a folder has that name. Move it away, or write somewhere else.");
        }

        // A link is replaced, never followed; it counts as the content that it shows.
        isLink = found?.Kind is FileKind.Link;
        return (isLink ? FileIdentity.Of(path) : found) is { } shown ? new StoredObject(name, shown.Bytes, shown.ETag) : null;
    }

    /// <summary>False if a stranger, who does not know our locks, was faster.</summary>
    private static bool Move(string stagedPath, string path, ObjectName name, Precondition precondition, bool isLink)
    {
        var mayReplace = precondition.Expected is not null || isLink;
        try
        {
            File.Move(stagedPath, path, mayReplace);
            return true;
        }
        catch (IOException) when (!mayReplace && Look(path, name, out _) is not null)
        {
            return false;
        }
    }

    private static string ConflictReason(string path, StoredObject? standing, Precondition precondition)
    {
        var what = precondition.Expected is null ? "created" : standing is null ? "removed" : "changed";
        return $"{path} was {what} by someone else while it was being written anew. Nothing was replaced; run the same command again.";
    }
}
