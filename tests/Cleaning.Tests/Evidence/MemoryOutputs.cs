namespace OrleansClean.Cleaning.Tests.Evidence;

/// <summary>Outputs in memory. A stream that is asked for twice is a broken contract, and throws.</summary>
internal sealed class MemoryOutputs : ICleaningOutputs
{
    private MemoryStream? _output;
    private MemoryStream? _rejectRecords;
    private MemoryStream? _rejectRows;

    public byte[] Output => _output?.ToArray() ?? [];

    public byte[] RejectRecords => _rejectRecords?.ToArray() ?? [];

    public byte[] RejectRows => _rejectRows?.ToArray() ?? [];

    public bool OutputWasOpened => _output is not null;

    public Stream OpenOutput() => Once(ref _output);

    public Stream OpenRejectRecords() => Once(ref _rejectRecords);

    public Stream OpenRejectRows() => Once(ref _rejectRows);

    private static MemoryStream Once(ref MemoryStream? stream)
    {
        Assert.Null(stream);
        return stream = new MemoryStream();
    }
}
