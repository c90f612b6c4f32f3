using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>
/// The up to three objects that an attempt makes, staged under its own id. Sealed they outlive this process. Where calls are dear, few records of rejected
/// rows become no object: they go with the attempt's report and share an append with those of other files.
/// </summary>
/// <param name="store">Where they go.</param>
/// <param name="stage">Whose they are.</param>
/// <param name="output">The cleaned file's name.</param>
/// <param name="records">The name of the records of rejected rows.</param>
/// <param name="rows">The name of the rejected rows.</param>
/// <param name="mayShare">Few records may go with the report.</param>
internal sealed class HostedOutputs(
    IObjectStore store, StageId stage, ObjectName output, ObjectName records, ObjectName rows, bool mayShare) : ICleaningOutputs, IDisposable
{
    /// <summary>Bytes of records that go with a report: about forty rejected rows. A message of a cluster takes them beside everything else.</summary>
    public const int AsideBytesMax = 12 << 10;

    private readonly List<HostedPart> _parts = [];
    private ShortStream? _aside;

    /// <summary>The cleaned file.</summary>
    public HostedPart? Output { get; private set; }

    /// <summary>The records of rejected rows, in the batch's state; null also if they go aside.</summary>
    public HostedPart? Records { get; private set; }

    private ReadOnlyMemory<byte> Aside => _aside?.Content ?? default;

    /// <summary>The rejected rows as they stand in the input.</summary>
    public HostedPart? Rows { get; private set; }

    public Stream OpenOutput() => (Output ??= Stage(output)).Content;

    public Stream OpenRejectRecords() => mayShare && store.Limits.IsRemote
        ? _aside ??= new ShortStream(AsideBytesMax, () => (Records = Stage(records)).Content)
        : (Records ??= Stage(records)).Content;

    public Stream OpenRejectRows() => (Rows ??= Stage(rows)).Content;

    /// <summary>Ends all contents. Throws <see cref="InvalidOperationException"/> if no output was asked for.</summary>
    public MadeOutputs Seal(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            part.Seal(cancellationToken);
        }

        var cleaned = Output ?? throw new InvalidOperationException("The engine asked for no output. This is a bug.");
        return new MadeOutputs(cleaned.Made, Records?.Made, Rows?.Made) { Aside = Aside };
    }

    /// <summary>A block of each content ends here: their digests become those of their blocks.</summary>
    public void EndBlocks() => _parts.ForEach(part => part.EndBlock());

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

    /// <summary>What is staged so far, for a checkpoint; null where the store cannot open it again.</summary>
    public ImmutableArray<StagedCheckpoint>? Checkpoint() =>
        Aside.IsEmpty && _parts.TrueForAll(part => part.Handle is not null) ? [.. _parts.Select(part => part.Checkpoint())] : null;

    /// <summary>Opens what an earlier attempt staged; false, and nothing is open, unless all of it is there as it was.</summary>
    public bool TryReopen(ImmutableArray<StagedCheckpoint> staged)
    {
        foreach (var one in staged)
        {
            if (HostedPart.TryReopen(store, one) is not { } part)
            {
                _parts.ForEach(opened => opened.Dispose());
                _parts.Clear();
                (Output, Records, Rows) = (null, null, null);
                return false;
            }

            _parts.Add(part);
            Output = part.Name == output ? part : Output;
            Records = part.Name == records ? part : Records;
            Rows = part.Name == rows ? part : Rows;
        }

        return true;
    }

    /// <summary>What is staged and not sealed stays, for another attempt to go on with.</summary>
    public void Leave() => _parts.ForEach(part => part.Leave());

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }

    private HostedPart Stage(ObjectName name)
    {
        var part = HostedPart.Begin(store, name, stage);
        _parts.Add(part);
        return part;
    }
}

/// <summary>What an attempt made, sealed: what any process needs to publish it.</summary>
/// <param name="Output">The cleaned file.</param>
/// <param name="Records">The records of rejected rows; null if there are none, or they go aside.</param>
/// <param name="Rows">The rejected rows; null if there are none.</param>
internal sealed record MadeOutputs(MadeObject Output, MadeObject? Records, MadeObject? Rows)
{
    /// <summary>The records of rejected rows that go with the report; empty if there are none.</summary>
    public ReadOnlyMemory<byte> Aside { get; init; }

    /// <summary>The records as they were written, wherever they go; null if there are none.</summary>
    public FileRecords? WrittenRecords => Records is { } made ? new FileRecords(made.Sha256, made.Staged.Bytes)
        : Aside.IsEmpty ? null
        : new FileRecords(Convert.ToHexStringLower(SHA256.HashData(Aside.Span)), Aside.Length);
}

/// <summary>One sealed object.</summary>
/// <param name="Staged">What any process needs to publish it.</param>
/// <param name="Sha256">Its digest.</param>
internal sealed record MadeObject(StagedReference Staged, string Sha256);

/// <summary>One staged object with the hash of its content.</summary>
internal sealed class HostedPart(IStaging staging, StageId stage, HashingStream content) : IDisposable
{
    private readonly HashingStream _content = content;

    public ObjectName Name => staging.Name;

    public Stream Content => _content;

    public long Bytes => _content.BytesWritten;

    /// <summary>SHA-256 in hex, once sealed.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>What any process needs to publish it; null before it is sealed.</summary>
    public StagedReference? Reference { get; private set; }

    /// <summary>The object, once sealed.</summary>
    public MadeObject Made => new(Reference!, Sha256);

    /// <summary>Where the store finds it before it is sealed, or null.</summary>
    public string? Handle => staging.Handle;

    public static HostedPart Begin(IObjectStore store, ObjectName name, StageId stage)
    {
        var staging = store.StageAsync(name, stage, CancellationToken.None).Now();
        return new HostedPart(staging, stage, new HashingStream(staging.Content));
    }

    /// <summary>What was staged up to a checkpoint; null unless it is there with the bytes that it had.</summary>
    public static HostedPart? TryReopen(IObjectStore store, StagedCheckpoint staged)
    {
        if (!StageId.TryParse(staged.Stage, out var stage))
        {
            return null;
        }

        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var staging = store.ReopenAsync(ObjectName.Parse(staged.Name), stage, staged.Handle, staged.Bytes, hash.AppendData, CancellationToken.None).Now();
        if (staging is not null && Convert.ToHexStringLower(hash.GetCurrentHash()) == staged.Sha256)
        {
            return new HostedPart(staging, stage, new HashingStream(staging.Content, hash, staged.Bytes));
        }

        hash.Dispose();
        staging?.DisposeAsync().Now();
        return null;
    }

    /// <summary>What is there so far.</summary>
    public StagedCheckpoint Checkpoint() => new(Name.Value, stage.ToString(), staging.Handle!, Bytes, _content.HashSoFar);

    /// <summary>A block of the content ends here.</summary>
    public void EndBlock() => _content.EndBlock();

    /// <summary>Disposed without being sealed, it stays.</summary>
    public void Leave() => staging.Leave();

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
