using System.Globalization;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Coordination;

/// <summary>Where a batch's journal lies: <c>FOLDER/000001.log</c>, <c>000002.log</c>, …</summary>
/// <param name="Folder">The journal's folder in the store, without a slash at its end.</param>
internal sealed record JournalNames(string Folder)
{
    private const string Extension = ".log";

    /// <summary>The name of a segment; they count from one.</summary>
    public ObjectName Segment(int number) =>
        ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"{Folder}/{number:D6}{Extension}"));

    /// <summary>The name of a log beside the journal, in <c>records</c>; they count from one.</summary>
    public ObjectName Aside(int number) =>
        ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"{Folder[..(Folder.LastIndexOf('/') + 1)]}records/{number:D6}.jsonl"));

    /// <summary>The name of a snapshot that is too large for a line, by its hash.</summary>
    public ObjectName Snapshot(string sha256) => ObjectName.Parse($"{Folder}/snapshot-{sha256}.json");
}
