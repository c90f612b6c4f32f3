using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>One input of a batch with the names of everything that is made of it.</summary>
/// <param name="Index">Its place in the order of names.</param>
/// <param name="Name">Its name in reports.</param>
/// <param name="Source">The store that it is read from; null if it is refused.</param>
/// <param name="Key">Its name there; null if it is refused.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ETag">Which content is to be read.</param>
/// <param name="Output">The output; null if it is refused.</param>
/// <param name="Rejects">The rejected rows.</param>
/// <param name="Refusal">Why it must not be read, or null.</param>
internal sealed record BatchItem(
    int Index,
    string Name,
    IObjectStore? Source,
    ObjectName? Key,
    long Bytes,
    ETag ETag,
    ObjectName? Output,
    ObjectName? Rejects,
    string? Refusal)
{
    /// <summary>The records of rejected rows in a batch's state.</summary>
    public ObjectName RejectRecordsIn(string batchId) => StateNames.Of(batchId, $"rejects/{Name}.jsonl");
}
