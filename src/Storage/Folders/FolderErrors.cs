namespace OrleansClean.Storage.Folders;

/// <summary>Turns what the file system throws into sentences for a person.</summary>
internal static class FolderErrors
{
    // errno values that .NET passes on in HResult, and their Windows counterparts.
    private const int NoSpace = 28;
    private const int ReadOnlySystem = 30;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>True for what <see cref="Of"/> can name.</summary>
    public static bool Knows(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary><paramref name="action"/> completes "cannot be …": <c>read</c>, <c>written</c>, <c>listed</c>.</summary>
    public static StorageException Of(Exception exception, string path, string action)
    {
        var (fault, reason) = exception switch
        {
            UnauthorizedAccessException => (StorageFault.Denied, "permission is denied. Check its owner and mode, and those of its folder."),
            FileNotFoundException or DirectoryNotFoundException => (StorageFault.Missing, "it is not there any more."),
            PathTooLongException => (StorageFault.NameRefused, "its name is longer than the file system takes. Give it a shorter one."),
            { HResult: NoSpace or WindowsDiskFull } =>
                (StorageFault.Full, "the disk is full. Free some space and run the same command again."),
            { HResult: QuotaExceeded } =>
                (StorageFault.Full, "the disk quota is used up. Free some space and run the same command again."),
            { HResult: ReadOnlySystem } =>
                (StorageFault.ReadOnly, "the file system is read-only. Write somewhere else with --out, or mount it writable."),
            { HResult: WindowsSharingViolation } => (StorageFault.Busy, "another process holds it open."),
            _ => (StorageFault.Other, $"{exception.Message.TrimEnd('.')}."),
        };
        return new StorageException(fault, $"{ObjectName.Show(path)} cannot be {action}: {reason}", exception);
    }
}
