namespace OrleansClean.Cleaning.Csv;

/// <summary>Every bound of the CSV engine. A file or row beyond one gets the code named here; nothing is cut off in silence.</summary>
public sealed record Limits
{
    /// <summary>Bytes of one record: 1 MiB. A quoted record beyond it is <c>unterminated-quote</c>, another <c>line-too-long</c>.</summary>
    public int RecordBytesMax { get; init; } = 1 << 20;

    /// <summary>Physical lines of one record: 1,000; beyond it <c>unterminated-quote</c>.</summary>
    public int RecordLinesMax { get; init; } = 1_000;

    /// <summary>Bytes of one field: 1 MiB; beyond it <c>field-too-long</c>.</summary>
    public int FieldBytesMax { get; init; } = 1 << 20;

    /// <summary>Columns of a header: 16,384; beyond it the file fails with <c>too-many-columns</c>.</summary>
    public int ColumnsMax { get; init; } = 16_384;

    /// <summary>Records with broken quotes after which a file fails with <c>malformed-file</c>: 1,000.</summary>
    public int BrokenRecordsMax { get; init; } = 1_000;

    /// <summary>Uncompressed bytes per compressed byte: 200, once 16 MiB are out; beyond it <c>compression-error</c>.</summary>
    public int DecompressionRatioMax { get; init; } = 200;

    /// <summary>The defaults.</summary>
    public static Limits Default { get; } = new();
}
