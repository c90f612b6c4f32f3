using System.Globalization;
using OrleansClean.Storage;

namespace OrleansClean.Execution.State;

/// <summary>
/// Keeps a second process out of an output root. It is a lock of the operating system on <c>.orleansclean/lock</c>, which
/// ends with its process however that ends; <c>lock.owner</c> beside it is only for the message.
/// </summary>
internal sealed class RootLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _ownerPath;

    private RootLock(FileStream file, string ownerPath)
    {
        _file = file;
        _ownerPath = ownerPath;
    }

    /// <summary>Takes the lock, or throws <see cref="UsageException"/> naming the process that has it.</summary>
    public static RootLock Take(string root, string batchId, DateTimeOffset now)
    {
        var path = Path.Combine(root, StateNames.Root, "lock");
        var ownerPath = path + ".owner";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var owner = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId}, batch {batchId}, since {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
            File.WriteAllText(ownerPath, owner);
            return new RootLock(file, ownerPath);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StorageException(StorageFault.Denied, $"{root} cannot be written: permission is denied. Choose another folder with --out, or change its mode.", e);
        }
        catch (IOException e) when (IsHeld(path, e))
        {
            throw new UsageException($"{root} is in use by {ReadOwner(ownerPath)}. Wait until it is done, or end it; nothing was written.");
        }
        catch (IOException e)
        {
            throw new StorageException(StorageFault.ReadOnly, $"{root} cannot be written: {Reason(e)}. Choose another folder with --out.", e);
        }
    }

    // errno values that .NET passes on in HResult; its own words for these name neither the cause nor the folder.
    private static string Reason(IOException e) => e switch
    {
        { HResult: 28 } => "the disk is full",
        { HResult: 30 } => "the file system is read-only",
        DirectoryNotFoundException or FileNotFoundException => "no folder can be made there",
        _ => e.Message.TrimEnd('.'),
    };

    /// <summary>True if a process holds the lock of <paramref name="root"/> now.</summary>
    public static bool IsTaken(string root)
    {
        var path = Path.Combine(root, StateNames.Root, "lock");
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException e) when (IsHeld(path, e))
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_ownerPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Only a message would have used it.
        }

        _file.Dispose();
    }

    /// <summary>.NET tells a lock that is held by a plain IOException; the file is there and its folder can be written.</summary>
    private static bool IsHeld(string path, IOException e)
    {
        const int wouldBlock = 11;
        const int wouldBlockOnMac = 35;
        const int sharingViolation = unchecked((int)0x80070020);
        return File.Exists(path) && e.HResult is wouldBlock or wouldBlockOnMac or sharingViolation;
    }

    private static string ReadOwner(string path)
    {
        try
        {
            var owner = File.ReadAllText(path);
            return owner.Length is > 0 and < 300 ? owner : "another process";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }
}
