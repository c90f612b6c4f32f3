using OrleansClean.Cli.Stores;
using OrleansClean.Execution;
using OrleansClean.Storage;
using OrleansClean.Storage.AzureBlobs;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Cli.Usage;

/// <summary>One input file that the command line names.</summary>
internal static class InputPath
{
    /// <summary>Opens the file at <paramref name="path"/> from its beginning, as often as the engine wants it.</summary>
    public static Func<Stream> Opener(string path)
    {
        if (BlobConnections.IsAddress(path))
        {
            return BlobOpener(path);
        }

        Check(path);
        return () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
    }

    /// <summary>Refuses what is no file, with what to type instead.</summary>
    public static void Check(string path)
    {
        if (path is "-")
        {
            throw new UsageException("Reading from standard input is not possible. Save it to a file first and name the file.");
        }

        if (Directory.Exists(path))
        {
            throw new UsageException($"'{path}' is a folder. Name one file of it.");
        }

        if (!File.Exists(path))
        {
            throw new UsageException($"There is no file '{path}'.");
        }

        if (RegularFile.LengthOf(path) is null)
        {
            throw new UsageException($"'{path}' is a pipe, socket or device. Files are read more than once: save it to a file first and name the file.");
        }
    }

    /// <summary>Opens one content of a blob, however often: what replaces it meanwhile is not mixed in.</summary>
    private static Func<Stream> BlobOpener(string address)
    {
        if (Secrets.Has(address))
        {
            throw new UsageException($"{ObjectName.Show(Secrets.Hide(address))} holds a key or a signature. Name the account's connection instead: blob://NAME/CONTAINER/BLOB.");
        }

        var slash = address.LastIndexOf('/');
        var store = CommandStores.Instance.Open(address[..slash]);
        if (!ObjectName.TryParse(address[(slash + 1)..], out var name, out _)
            || store.FindAsync(name, CancellationToken.None).AsTask().GetAwaiter().GetResult() is not { } found)
        {
            throw new UsageException($"There is no blob '{ObjectName.Show(address)}'.");
        }

        return () => store.OpenReadAsync(name, found.ETag, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }
}
