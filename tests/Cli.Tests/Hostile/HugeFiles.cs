using System.IO.Compression;
using System.Text;

namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>Files that are large where a reader does not expect it, written without holding them.</summary>
internal static class HugeFiles
{
    /// <summary>Writes a head, then a part again and again, then a tail.</summary>
    public static void Write(string path, string head, string part, long repeats, string tail = "")
    {
        using var file = File.Create(path);
        file.Write(Encoding.UTF8.GetBytes(head));
        WriteParts(file, Encoding.UTF8.GetBytes(part), repeats);
        file.Write(Encoding.UTF8.GetBytes(tail));
    }

    /// <summary>As <see cref="Write"/>, packed into one gzip.</summary>
    public static void Pack(string path, string head, string part, long repeats, string tail = "")
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(head));
        WriteParts(gzip, Encoding.UTF8.GetBytes(part), repeats);
        gzip.Write(Encoding.UTF8.GetBytes(tail));
    }

    /// <summary>
    /// A gzip of <paramref name="members"/> equal members of <paramref name="memberBytes"/> bytes each: gigabytes in megabytes, made in no time.
    /// </summary>
    public static void PackMembers(string path, string part, int memberBytes, int members)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            WriteParts(gzip, Encoding.UTF8.GetBytes(part), memberBytes / Math.Max(1, part.Length));
        }

        using var file = File.Create(path);
        WriteParts(file, packed.ToArray(), members);
    }

    private static void WriteParts(Stream stream, byte[] part, long repeats)
    {
        // Few large writes instead of many small ones.
        var perBlock = (int)Math.Max(1, Math.Min(repeats, (1 << 18) / Math.Max(1, part.Length)));
        byte[] block = [.. Enumerable.Repeat(part, perBlock).SelectMany(p => p)];
        for (; repeats >= perBlock; repeats -= perBlock)
        {
            stream.Write(block);
        }

        stream.Write(block, 0, (int)repeats * part.Length);
    }
}
