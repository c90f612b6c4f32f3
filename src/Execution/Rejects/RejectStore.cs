using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Rejects;

/// <summary>The rejected rows of one batch, read as a stream. Rows of unchanged files come from the batch that cleaned them.</summary>
public sealed class RejectStore
{
    private readonly StateFolder _state;
    private readonly string? _batchId;

    /// <summary>The rejects of a batch; a null <paramref name="batchId"/> means the latest.</summary>
    public RejectStore(StateFolder state, string? batchId)
    {
        _state = state;
        _batchId = batchId;
    }

    /// <summary>Inputs that have rejected rows, with their number and codes, in the order of names.</summary>
    public IEnumerable<FileRejects> Files() => throw new InvalidOperationException($"Not built yet {_state.OutputRoot} {_batchId}.");

    /// <summary>Rejected rows in the order of files and rows; of one file or of all, of one code or of all.</summary>
    public IEnumerable<RejectRecord> Read(string? file = null, string? code = null) =>
        throw new InvalidOperationException(_batchId);
}
