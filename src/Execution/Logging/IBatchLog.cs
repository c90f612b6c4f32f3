namespace OrleansClean.Execution.Logging;

/// <summary>
/// Takes one line per event of a batch, from any thread. Lines carry names, codes and counts; never a cell's text.
/// </summary>
public interface IBatchLog
{
    /// <summary>Records <paramref name="entry"/>. It should not throw.</summary>
    void Write(BatchLogEntry entry);
}

/// <summary>One event of a batch.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Batch">The batch's id.</param>
/// <param name="File">The input's name, or empty for the batch itself.</param>
/// <param name="Attempt">The attempt from one, or 0.</param>
/// <param name="Worker">The worker from one, or 0.</param>
/// <param name="Event">What happened, one kebab-case word.</param>
/// <param name="Message">One sentence, or empty.</param>
public sealed record BatchLogEntry(
    DateTimeOffset Time,
    string Batch,
    string File,
    int Attempt,
    int Worker,
    string Event,
    string Message);
