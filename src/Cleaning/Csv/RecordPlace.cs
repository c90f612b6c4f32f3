namespace OrleansClean.Cleaning.Csv;

/// <summary>Where a record begins in its file.</summary>
/// <param name="Line">The physical line from one.</param>
/// <param name="RecordsBefore">Records before it, the header not counted.</param>
/// <param name="ByteOffset">Bytes of decoded input before it.</param>
internal readonly record struct RecordPlace(long Line, long RecordsBefore, long ByteOffset);
