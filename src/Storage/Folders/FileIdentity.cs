using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansClean.Storage.Folders;

/// <summary>
/// What tells one content of a file from another: size, modification time and inode. On Linux by <c>statx</c>, whose
/// layout is the same on every architecture; .NET itself shows neither inode nor device. Elsewhere by size and
/// modification time alone.
/// </summary>
internal readonly partial record struct FileIdentity(long Bytes, long ModifiedNanoseconds, ulong Inode, ulong Device, FileKind Kind)
{
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const int DoNotFollow = 0x100;
    private const uint BasicFields = 0x7ff;
    private const int StatxBytes = 256;

    public ETag ETag => new(string.Create(CultureInfo.InvariantCulture, $"{Bytes}-{ModifiedNanoseconds}-{Inode}"));

    /// <summary>The file at <paramref name="path"/>, a link itself if <paramref name="follow"/> is false; null if there is none.</summary>
    public static FileIdentity? Of(string path, bool follow = true)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OfInfo(path);
        }

        Span<byte> fields = stackalloc byte[StatxBytes];
        return Statx(CurrentFolder, path, follow ? 0 : DoNotFollow, BasicFields, fields) == 0 ? Read(fields) : null;
    }

    /// <summary>The open file.</summary>
    public static FileIdentity? Of(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OfInfo(path);
        }

        Span<byte> fields = stackalloc byte[StatxBytes];
        return Statx(handle, "", EmptyPath, BasicFields, fields) == 0 ? Read(fields) : null;
    }

    private static FileIdentity? OfInfo(string path)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!info.Exists)
        {
            return null;
        }

        var modified = (info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100;
        var kind = info.LinkTarget is not null ? FileKind.Link : info is FileInfo ? FileKind.File : FileKind.Folder;
        return new FileIdentity((info as FileInfo)?.Length ?? 0, modified, 0, 0, kind);
    }

    private static FileIdentity Read(ReadOnlySpan<byte> fields)
    {
        // Offsets of struct statx in the kernel's stat.h: mode 28, inode 32, size 40, mtime 112, device 136.
        var mode = BitConverter.ToUInt16(fields[28..]);
        var seconds = BitConverter.ToInt64(fields[112..]);
        var nanoseconds = BitConverter.ToUInt32(fields[120..]);
        var kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Folder,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return new FileIdentity(
            BitConverter.ToInt64(fields[40..]),
            (seconds * 1_000_000_000) + nanoseconds,
            BitConverter.ToUInt64(fields[32..]),
            BitConverter.ToUInt64(fields[136..]),
            kind);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> fields);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(SafeFileHandle file, string path, int flags, uint mask, Span<byte> fields);
}

/// <summary>What stands at a path.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,

    /// <summary>A pipe, socket or device: opening one may wait for ever.</summary>
    Other,
}
