using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>Names of state below an output root.</summary>
internal static class StateNames
{
    public const string Root = ".orleansclean";
    public const string Batches = Root + "/batches";
    public const string ListingFile = "listing.jsonl";
    public const string FilesFile = "files.jsonl";
    public const string ManifestFile = "manifest.json";
    public const string ReportFile = "report.json";
    public const string RejectsFolder = "_rejects";

    /// <summary>Characters of a batch id.</summary>
    public const int IdLengthMax = 100;

    /// <summary>The document that names the batch that ran last.</summary>
    public static ObjectName Latest { get; } = ObjectName.Parse(Root + "/latest");

    /// <summary>A document of a batch.</summary>
    public static ObjectName Of(string batchId, string file) => ObjectName.Parse($"{Batches}/{batchId}/{file}");

    /// <summary>True if <paramref name="id"/> can be a batch's id: a file name of plain characters.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= IdLengthMax
        && id[0] is not ('.' or '-')
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
