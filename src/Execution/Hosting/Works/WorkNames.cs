using System.Globalization;
using System.Security.Cryptography;
using OrleansClean.Batches;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>Where the documents of work other than cleaning lie in the store of its results: beside the batches of plans, not among them.</summary>
public static class WorkNames
{
    /// <summary>The folder of a batch's journal, whatever its kind.</summary>
    public static string Journal(WorkKind kind, string id) => kind is WorkKind.CleanFiles ? HostingNames.Journal(id) : $"{Folder(kind, id)}/journal";

    /// <summary>The report, written last.</summary>
    public static ObjectName Report(WorkKind kind, string id) => ObjectName.Parse($"{Folder(kind, id)}/report.json");

    /// <summary>The submission.</summary>
    internal static ObjectName Body(WorkKind kind, string id, string sha256) => ObjectName.Parse($"{Folder(kind, id)}/body-{sha256}.json");

    /// <summary>A listing, named by its content.</summary>
    internal static ObjectName Listing(WorkKind kind, string id, ReadOnlySpan<byte> content, string extension) =>
        ObjectName.Parse($"{Folder(kind, id)}/listing-{Convert.ToHexStringLower(SHA256.HashData(content))}.{extension}");

    /// <summary>The folder of what its items became.</summary>
    internal static string Parts(WorkKind kind, string id) => $"{Folder(kind, id)}/parts";

    /// <summary>What an item became.</summary>
    internal static ObjectName Part(WorkKind kind, string id, int item) =>
        ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"{Parts(kind, id)}/{item:D7}"));

    private static string Folder(WorkKind kind, string id) => $"{KindOfWork.All[kind].Folder}/{id}";
}
