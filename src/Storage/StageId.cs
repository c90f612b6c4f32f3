using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansClean.Storage;

/// <summary>
/// Whose staged content it is: one attempt at one item of one batch. Its text always has the same length, because a blob takes
/// only block ids of one length.
/// </summary>
/// <param name="Batch">A hash of the batch's id.</param>
/// <param name="Item">The item's place in the batch.</param>
/// <param name="Attempt">The attempt, the fencing token: the coordinator never gives a number twice.</param>
public readonly record struct StageId(ulong Batch, uint Item, ushort Attempt)
{
    /// <summary>Characters of the text.</summary>
    public const int TextLength = 16 + 8 + 4;

    /// <summary>The id of an attempt.</summary>
    public static StageId Of(string batchId, int item, int attempt) => new(HashOf(batchId), checked((uint)item), checked((ushort)attempt));

    /// <summary>The hash that stands for a batch's id.</summary>
    public static ulong HashOf(string batchId) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(batchId)));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out StageId stage)
    {
        stage = default;
        if (text.Length != TextLength
            || !ulong.TryParse(text[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var batch)
            || !uint.TryParse(text[16..24], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var item)
            || !ushort.TryParse(text[24..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var attempt))
        {
            return false;
        }

        stage = new StageId(batch, item, attempt);
        return true;
    }

    /// <summary>28 hexadecimal digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Batch:x16}{Item:x8}{Attempt:x4}");
}
