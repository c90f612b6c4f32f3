namespace OrleansClean.Storage;

/// <summary>Why a store refused.</summary>
public enum StorageFault
{
    /// <summary>Something else; it may pass.</summary>
    Other,

    /// <summary>The name cannot be used, or leads out of the store's root.</summary>
    NameRefused,

    /// <summary>There is no such object.</summary>
    Missing,

    /// <summary>The object is not the one that was listed.</summary>
    Changed,

    /// <summary>A write's precondition does not hold: someone else wrote the object.</summary>
    Conflict,

    /// <summary>No permission.</summary>
    Denied,

    /// <summary>The medium is full, or a quota is reached.</summary>
    Full,

    /// <summary>The medium is read-only.</summary>
    ReadOnly,

    /// <summary>Another process holds it.</summary>
    Busy,

    /// <summary>The store asks for a pause.</summary>
    Throttled,

    /// <summary>Another program left blocks under the name that stand in the way; they expire after a week.</summary>
    Blocked,

    /// <summary>More bytes than the store takes in one go.</summary>
    TooLarge,
}

/// <summary>A store refused to read or write. The message says what, where and what to do.</summary>
public sealed class StorageException(StorageFault fault, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public StorageFault Fault { get; } = fault;

    /// <summary>True if trying again may help without anyone doing anything.</summary>
    public bool IsTransient => Fault is StorageFault.Other or StorageFault.Throttled or StorageFault.Busy;
}
