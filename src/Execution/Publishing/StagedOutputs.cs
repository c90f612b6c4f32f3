using OrleansClean.Cleaning;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Publishing;

/// <summary>
/// The up to three objects that cleaning one file makes, staged where nobody sees them. Sealed they wait to be published;
/// disposed they are gone.
/// </summary>
internal sealed class StagedOutputs(IObjectStore store, ObjectName output, ObjectName records, ObjectName rows) : ICleaningOutputs, IDisposable
{
    private readonly List<StagedPart> _parts = [];

    /// <summary>The cleaned file.</summary>
    public StagedPart? Output { get; private set; }

    /// <summary>The records of rejected rows, in the batch's state.</summary>
    public StagedPart? Records { get; private set; }

    /// <summary>The rejected rows as they stand in the input.</summary>
    public StagedPart? Rows { get; private set; }

    public Stream OpenOutput() => (Output = Stage(output)).Content;

    public Stream OpenRejectRecords() => (Records = Stage(records)).Content;

    public Stream OpenRejectRows() => (Rows = Stage(rows)).Content;

    /// <summary>Ends all contents.</summary>
    public void Seal()
    {
        foreach (var part in _parts)
        {
            part.Seal();
        }
    }

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }

    private StagedPart Stage(ObjectName name)
    {
        var part = new StagedPart(store.StageAsync(name, CancellationToken.None).Now());
        _parts.Add(part);
        return part;
    }
}

/// <summary>One staged object with the hash of its content.</summary>
internal sealed class StagedPart(IStagedObject staged) : IDisposable
{
    private readonly HashingStream _content = new(staged.Content);

    public ObjectName Name => staged.Name;

    public Stream Content => _content;

    public long Bytes => _content.BytesWritten;

    /// <summary>SHA-256 in hex, once sealed.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>The tag that the object will have, once sealed.</summary>
    public ETag ETag { get; private set; }

    public void Seal()
    {
        ETag = staged.SealAsync(CancellationToken.None).Now();
        Sha256 = _content.Finish();
    }

    /// <summary>Makes it visible. A publication that has begun is not cancelled half way.</summary>
    public void Commit(Precondition precondition) => staged.CommitAsync(precondition, CancellationToken.None).Now();

    public void Dispose()
    {
        _content.Dispose();
        staged.DisposeAsync().Now();
    }
}
