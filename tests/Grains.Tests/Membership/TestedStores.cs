using OrleansClean.Storage;
using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Storage.AzureBlobs.Tests;
using OrleansClean.Storage.Folders;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Grains.Tests.Membership;

/// <summary>Every store that a cluster may keep itself in: what is asked of its membership is asked on each.</summary>
public sealed class TestedStores(Azurite azurite) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("oc-membership");
    private readonly MemoryStore _memory = new(TimeProvider.System);
    private readonly string _container = $"c{Guid.NewGuid():n}";

    /// <summary>Their names. Azurite's is missing where it cannot run, and a test that needs it says so.</summary>
    public static IReadOnlyList<string> All => Azurite.WhyNot is null ? ["folder", "memory", "azurite"] : ["folder", "memory"];

    /// <summary>The same as cases of a test.</summary>
    public static TheoryData<string> Names => new(All);

    /// <summary>Makes a store ready.</summary>
    public async Task PrepareAsync(string name)
    {
        if (name is "azurite")
        {
            await Blobs().PrepareAsync(CancellationToken.None);
        }
    }

    /// <summary>The store through an object of its own, as each process has one.</summary>
    public IObjectStore Open(string name) => name switch
    {
        "folder" => new FolderStore(_folder.FullName),
        "memory" => _memory,
        _ => Blobs(),
    };

    public void Dispose() => _folder.Delete(recursive: true);

    private AzureBlobStore Blobs() => new(BlobConnection.Parse(azurite.ConnectionString), _container, "work", new AzureBlobOptions());
}
