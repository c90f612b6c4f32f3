using System.Text;
using OrleansClean.Cleaning.Tests.Reading;

namespace OrleansClean.Cleaning.Tests.Hostile;

/// <summary>Damages files as disks, cables, editors and attackers do; the same random source gives the same damage.</summary>
internal static class DamagedBytes
{
    /// <summary>A damaged file is not longer than this: what is large has tests of its own.</summary>
    private const int BytesMax = 192 << 10;

    /// <summary>What stands where readers trip: marks, half characters, beginnings of other formats, odd values.</summary>
    private static readonly byte[][] Marks =
    [
        .. new[]
        {
            "\"", "\"\"", "\"\"\"", "\\\"", "'", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\n\n", "\0", "\uFEFF", "\u2028", "\u202e", "\u001b[31m",
            "\"a\"b", "\"a\nb\"", ",,,,,,", "=1+1", "1e999", "-0", "99999999999999999999", "31/2/2024", "NaN", "#", "sep=;", "${p}", "{name}",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xFF, 0xFE], [0xFE, 0xFF], [0x1F, 0x8B, 8, 0], [0x50, 0x4B, 3, 4], [0x1A],
    ];

    /// <summary>One of <paramref name="files"/> after so many injuries; sometimes packed, and then perhaps injured again.</summary>
    public static byte[] Of(IReadOnlyList<byte[]> files, int injuries, Random random)
    {
        var bytes = files[random.Next(files.Count)].ToList();
        for (var i = 0; i < injuries; i++)
        {
            Injure(bytes, files, random);
        }

        if (random.Next(8) == 0)
        {
            bytes = [.. Inputs.Gzip([.. bytes])];
            if (random.Next(2) == 0)
            {
                Injure(bytes, files, random);
            }
        }

        return [.. bytes.Take(BytesMax)];
    }

    private static void Injure(List<byte> bytes, IReadOnlyList<byte[]> files, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = random.Next(Math.Min(bytes.Count - at, 1 << random.Next(1, 14)) + 1);
        switch (random.Next(8))
        {
            case 0: // Cut off.
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 1: // A part is lost.
                bytes.RemoveRange(at, length);
                break;
            case 2: // A part is there twice.
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 3: // It goes on like another file.
                var other = files[random.Next(files.Count)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[random.Next(other.Length + 1)..]);
                break;
            case 4: // Bits flip.
                for (var i = 0; i < 1 + (length % 8) && bytes.Count > 0; i++)
                {
                    bytes[random.Next(bytes.Count)] ^= (byte)(1 << random.Next(8));
                }

                break;
            case 5: // The same mark again and again.
                var mark = Marks[random.Next(Marks.Length)];
                bytes.InsertRange(at, Enumerable.Repeat(mark, 1 << random.Next(12)).SelectMany(m => m));
                break;
            case 6: // A mark instead of what was there.
                bytes.RemoveRange(at, Math.Min(2, bytes.Count - at));
                bytes.InsertRange(at, Marks[random.Next(Marks.Length)]);
                break;
            default:
                bytes.InsertRange(at, Marks[random.Next(Marks.Length)]);
                break;
        }
    }
}
