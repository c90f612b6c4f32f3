using OrleansClean.Cleaning.Reading;

namespace OrleansClean.Cleaning.Writing;

/// <summary>Where a <see cref="WritingSink"/> writes: the outputs of a file, or the memory of one of its ranges.</summary>
internal sealed record RowTargets
{
    /// <summary>Opens the cleaned rows.</summary>
    public required Func<Stream> Output { get; init; }

    /// <summary>Opens the records of rejected rows.</summary>
    public required Func<Stream> RejectRecords { get; init; }

    /// <summary>Opens the rejected rows, in the input's encoding.</summary>
    public required Func<Stream> RejectRows { get; init; }

    /// <summary>What stands above the rejected rows.</summary>
    public ReadOnlyMemory<byte> RejectHead { get; init; }

    /// <summary>What stands above the rejected rows was written before.</summary>
    public bool RowsHaveBegun { get; init; }

    /// <summary>The names of the columns come first.</summary>
    public bool WriteHeader { get; init; }

    /// <summary>Bytes that are held back; 0 to write them out as they come.</summary>
    public int HoldBytes { get; init; }

    /// <summary>The outputs of <paramref name="job"/>, from the beginning or from a checkpoint.</summary>
    public static RowTargets Of(FileCleaning job, InputFile input, RangeCheckpoint? from = null) => new()
    {
        Output = job.Outputs.OpenOutput,
        RejectRecords = job.Outputs.OpenRejectRecords,
        RejectRows = () => input.EncodeLikeInput(job.Outputs.OpenRejectRows(), from?.HasRejectRows == true),
        RejectHead = input.Head,
        RowsHaveBegun = from?.HasRejectRows == true,
        WriteHeader = job.WriteHeader && from is null,
    };

    /// <summary>The outputs of one piece of <paramref name="job"/>: the first one begins with the names of the columns, and none with what stands above rejected rows.</summary>
    public static RowTargets OfPiece(FileCleaning job, InputFile input, bool isFirst) => new()
    {
        Output = job.Outputs.OpenOutput,
        RejectRecords = job.Outputs.OpenRejectRecords,
        RejectRows = () => input.EncodeLikeInput(job.Outputs.OpenRejectRows(), hasBegun: true),
        RowsHaveBegun = true,
        WriteHeader = job.WriteHeader && isFirst,
    };
}
