using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Storage.Folders;
using OrleansClean.Survival.Tests.Vocabulary;

namespace OrleansClean.Survival.Tests.Crashes;

/// <summary>Worlds that several processes share, and their words on a command line.</summary>
internal static class Worlds
{
    /// <summary>In memory where there is such a place: the tests flush it very often.</summary>
    private static readonly string Parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    public static World Parse(string[] words) => words switch
    {
        ["folder", var root] => OnFolder(root),
        ["blobs", var container, var prefix] => OnBlobs(Environment.GetEnvironmentVariable(ConnectionVariable)!, container, prefix),
        _ => throw new ArgumentException(string.Join(' ', words), nameof(words)),
    };

    /// <summary>How the emulator's address comes to the process.</summary>
    public const string ConnectionVariable = "SURVIVAL_TESTS_CONNECTION";

    public static World OnFolder(string root)
    {
        var output = Path.Combine(root, "out");
        return new World(root, new FolderStore(root), output, new FolderStore(output));
    }

    public static World OnBlobs(string connection, string container, string prefix) =>
        new($"blobs://{prefix}/in", Blobs(connection, container, prefix + "/input"), $"blobs://{prefix}/out", Blobs(connection, container, prefix + "/output"));

    public static string NewFolder()
    {
        var path = Path.Combine(Parent, $"survival-{Guid.NewGuid():n}");
        Directory.CreateDirectory(path);
        return path;
    }

    public static AzureBlobStore Blobs(string connection, string container, string prefix) =>
        new(BlobConnection.Parse(connection), container, prefix, new AzureBlobOptions { RetriesMax = 2, RetryDelay = TimeSpan.FromMilliseconds(5), RetryDelayMax = TimeSpan.FromMilliseconds(20) });
}
