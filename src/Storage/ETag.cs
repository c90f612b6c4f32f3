namespace OrleansClean.Storage;

/// <summary>
/// Which content an object has. Two equal tags of one name mean the same bytes; it changes with every write. In a folder
/// it is size, modification time in nanoseconds and inode, and it survives a rename.
/// </summary>
/// <param name="Value">The tag, to be compared and kept, never to be parsed.</param>
public readonly record struct ETag(string Value)
{
    /// <inheritdoc />
    public override string ToString() => Value;
}
