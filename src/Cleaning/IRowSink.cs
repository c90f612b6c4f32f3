using OrleansClean.Cleaning.Csv;
using OrleansClean.Cleaning.Steps;

namespace OrleansClean.Cleaning;

/// <summary>Told what becomes of every row in the deciding pass, in file order. False ends the pass early.</summary>
internal interface IRowSink
{
    /// <summary>The row has passed all steps.</summary>
    bool Finished(Row row);

    /// <summary>A rule removed the row.</summary>
    bool Dropped(Record record, RowStep step);

    /// <summary>The row is bad; <paramref name="step"/> is null if reading found it so.</summary>
    bool Rejected(Record record, RowStep? step, Problem problem);
}
