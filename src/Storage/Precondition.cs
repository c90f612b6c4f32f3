namespace OrleansClean.Storage;

/// <summary>What must be true of a name for a write to happen. There is no write without one: a late duplicate then fails.</summary>
public readonly record struct Precondition
{
    private Precondition(ETag? expected) => Expected = expected;

    /// <summary>The tag that the object must have, or null if there must be no object.</summary>
    public ETag? Expected { get; }

    /// <summary>There is no object of that name.</summary>
    public static Precondition Absent => default;

    /// <summary>The object has this content.</summary>
    public static Precondition Matches(ETag etag) => new(etag);

    /// <summary>The object is as it was found: this one, or absent for null.</summary>
    public static Precondition AsFound(StoredObject? found) => new(found?.ETag);
}
