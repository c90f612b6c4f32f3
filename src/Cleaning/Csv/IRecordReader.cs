namespace OrleansClean.Cleaning.Csv;

/// <summary>What a reader found.</summary>
internal enum ReadResult
{
    /// <summary>A record, filled in.</summary>
    Record,

    /// <summary>
    /// A broken record: raw bytes, place and number are filled in, fields are not; <see cref="IRecordReader.Problem"/>
    /// says what is wrong. Reading goes on behind it.
    /// </summary>
    Broken,

    /// <summary>The end of the input.</summary>
    End,
}

/// <summary>
/// Reads records in file order, in bounded memory. The two implementations are <c>CsvReader</c>, for one-byte
/// delimiters and doubled quotes, and <c>CsvHelperReader</c>, for every other dialect.
/// Throws <see cref="FileFailedException"/> for what costs the whole file, and nothing else.
/// </summary>
internal interface IRecordReader : IDisposable
{
    /// <summary>Why the last record is broken.</summary>
    Problem? Problem { get; }

    /// <summary>Lines without a character that were passed over so far (files of two or more columns).</summary>
    long BlankLines { get; }

    /// <summary>Bytes of decoded input consumed so far.</summary>
    long BytesRead { get; }

    /// <summary>Reads the next record into <paramref name="record"/>.</summary>
    ReadResult Read(Record record);
}
