using OrleansClean.Cleaning;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>The up to three objects that an attempt makes, staged under its own id. Sealed they outlive this process.</summary>
internal sealed class HostedOutputs(IObjectStore store, StageId stage, ObjectName output, ObjectName records, ObjectName rows) : ICleaningOutputs, IDisposable
{
    private readonly List<HostedPart> _parts = [];

    /// <summary>The cleaned file.</summary>
    public HostedPart? Output { get; private set; }

    /// <summary>The records of rejected rows, in the batch's state.</summary>
    public HostedPart? Records { get; private set; }

    /// <summary>The rejected rows as they stand in the input.</summary>
    public HostedPart? Rows { get; private set; }

    public Stream OpenOutput() => (Output = Stage(output)).Content;

    public Stream OpenRejectRecords() => (Records = Stage(records)).Content;

    public Stream OpenRejectRows() => (Rows = Stage(rows)).Content;

    /// <summary>Ends all contents.</summary>
    public void Seal(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            part.Seal(cancellationToken);
        }
    }

    /// <summary>Gives up what was sealed: the attempt failed after all.</summary>
    public void Abandon()
    {
        foreach (var part in _parts.Where(part => part.Reference is not null))
        {
            try
            {
                store.AbortAsync(part.Reference!, CancellationToken.None).Now();
            }
            catch (StorageException)
            {
                // Nobody sees it, the sweep takes it, and the caller has a more important failure to tell.
            }
        }
    }

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }

    private HostedPart Stage(ObjectName name)
    {
        var part = new HostedPart(store.StageAsync(name, stage, CancellationToken.None).Now());
        _parts.Add(part);
        return part;
    }
}

/// <summary>One staged object with the hash of its content.</summary>
internal sealed class HostedPart(IStaging staging) : IDisposable
{
    private readonly HashingStream _content = new(staging.Content);

    public ObjectName Name => staging.Name;

    public Stream Content => _content;

    public long Bytes => _content.BytesWritten;

    /// <summary>SHA-256 in hex, once sealed.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>What any process needs to publish it; null before it is sealed.</summary>
    public StagedReference? Reference { get; private set; }

    public void Seal(CancellationToken cancellationToken)
    {
        Reference = staging.SealAsync(cancellationToken).Now();
        Sha256 = _content.Finish();
    }

    public void Dispose()
    {
        _content.Dispose();
        staging.DisposeAsync().Now();
    }
}
