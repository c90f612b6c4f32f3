using System.Globalization;
using System.Security.Cryptography;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Mapping.Batches;

/// <summary>Where the documents of a map lie in the store of its results: beside the batches of plans, not among them.</summary>
internal static class MapNames
{
    private const string Maps = StateNames.Root + "/maps";

    /// <summary>The folder of a map's journal.</summary>
    public static string Journal(string id) => $"{Maps}/{id}/journal";

    /// <summary>The folder of what its chunks became.</summary>
    public static string Parts(string id) => $"{Maps}/{id}/parts";

    /// <summary>What a chunk became.</summary>
    public static ObjectName Part(string id, int item) => ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"{Parts(id)}/{item:D7}"));

    /// <summary>The report, written last.</summary>
    public static ObjectName Report(string id) => ObjectName.Parse($"{Maps}/{id}/report.json");

    /// <summary>A document that is named by its content.</summary>
    public static ObjectName Document(string id, string prefix, ReadOnlySpan<byte> content, string extension) =>
        ObjectName.Parse($"{Maps}/{id}/{prefix}{Convert.ToHexStringLower(SHA256.HashData(content))}.{extension}");
}
