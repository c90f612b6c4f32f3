using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Storage.Folders;

/// <summary>
/// Keeps writers to one name apart while one of them compares and writes, across threads and processes: a lock of the
/// operating system on one of a few files, which ends with its process however that ends. It is held for microseconds.
/// </summary>
internal sealed class NameLocks(FolderRoot root, TimeSpan waitMax)
{
    private const int Stripes = 16;

    private readonly Lock[] _threads = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private readonly string _folder = root.StatePathOf("locks");

    /// <summary>Runs <paramref name="write"/> while no other writer of this name runs.</summary>
    public T Hold<T>(ObjectName name, Func<T> write)
    {
        // Not string.GetHashCode, which differs between processes.
        var stripe = 0;
        foreach (var c in name.Value)
        {
            stripe = ((stripe * 31) + c) & 0xFFFF;
        }

        stripe %= Stripes;
        lock (_threads[stripe])
        {
            using var file = Open(stripe);
            return write();
        }
    }

    /// <summary>
    /// Opens a file that nobody locks: a handle on the root's file system. On Unix sharing is a lock, too: one of the locked files would be refused while somebody
    /// writes, and its writers would wait as long as the handle is open.
    /// </summary>
    public SafeFileHandle OpenAny()
    {
        root.OpenPrivate(_folder);
        return File.OpenHandle(Path.Combine(_folder, "none"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    private SafeFileHandle Open(int stripe)
    {
        root.OpenPrivate(_folder);
        var path = PathOf(stripe);
        var started = Stopwatch.GetTimestamp();
        for (var wait = 1; ; wait = Math.Min(wait * 2, 20))
        {
            try
            {
                return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (Stopwatch.GetElapsedTime(started) > waitMax)
                {
                    // A holder that is frozen in mid-write must not freeze the others.
                    throw new StorageException(
                        StorageFault.Busy,
                        $"{path} is held by another process that does not go on. Nothing was written; end that process if it is frozen.",
                        e);
                }
            }

            Thread.Sleep(wait);
        }
    }

    private string PathOf(int stripe) => Path.Combine(_folder, stripe.ToString("x2", CultureInfo.InvariantCulture));

    /// <summary>.NET tells a lock that is held by a plain IOException with the system's number.</summary>
    private static bool IsHeld(IOException e)
    {
        const int wouldBlock = 11;
        const int wouldBlockOnMac = 35;
        const int sharingViolation = unchecked((int)0x80070020);
        return e.HResult is wouldBlock or wouldBlockOnMac or sharingViolation;
    }
}
