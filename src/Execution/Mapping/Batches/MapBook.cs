using OrleansClean.Execution.Hosting.Works;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>A map as its journal has it.</summary>
internal sealed class MapBook : WorkBook
{
    private const int FailuresKept = 1_000;

    public long Ok { get; private set; }

    public long FailedInputs { get; private set; }

    public long TimedOut { get; private set; }

    public long Retries { get; private set; }

    /// <summary>Some failures, the earliest among them.</summary>
    public List<MapFailure> First { get; } = [];

    /// <inheritdoc />
    protected override void Add(string staged)
    {
        var part = MapPart.Parse(staged);
        Ok += part.Ok;
        FailedInputs += part.Failed;
        TimedOut += part.TimedOut;
        Retries += part.Retries;
        First.AddRange(part.First);
        if (First.Count > FailuresKept)
        {
            First.Sort((a, b) => a.Index.CompareTo(b.Index));
            First.RemoveRange(FailuresKept / 2, First.Count - (FailuresKept / 2));
        }
    }
}
