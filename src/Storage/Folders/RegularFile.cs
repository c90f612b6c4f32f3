namespace OrleansClean.Storage.Folders;

/// <summary>Tells files that can be read again and again from everything else that a path may name.</summary>
public static class RegularFile
{
    /// <summary>
    /// The size of the file at <paramref name="path"/>, behind any links; null for a folder, pipe, socket or device, and where there is
    /// nothing. Opens nothing: opening a pipe may wait for ever.
    /// </summary>
    public static long? LengthOf(string path) =>
        FileIdentity.Of(path) is { Kind: FileKind.File or FileKind.Link } found ? found.Bytes : null;
}
