using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrleansClean.Storage.Blobs;

/// <summary>
/// The ids of one writer's blocks. The service lets the last writer of an id win, even after someone has decided to commit it, and it
/// refuses ids of different lengths under one name. So each id holds the attempt, a number of chance that no other writer has, and
/// the block's index, all of fixed width.
/// </summary>
internal sealed record BlockIds
{
    /// <summary>Blocks that one commit takes.</summary>
    public const int CountMax = 50_000;

    /// <summary>Bytes of an id before it is written as base 64.</summary>
    public const int BytesMax = 64;

    /// <summary>Bytes of an id of ours.</summary>
    public const int BytesUsed = StageId.TextLength + NonceLength + IndexLength;

    private const int NonceLength = 8;
    private const int IndexLength = 5;
    private const string Prefix = "blocks";

    private BlockIds(StageId stage, string nonce, int bytes)
    {
        Stage = stage;
        Nonce = nonce;
        Bytes = bytes;
    }

    /// <summary>Whose blocks they are.</summary>
    public StageId Stage { get; }

    /// <summary>Tells two writers of one attempt apart.</summary>
    public string Nonce { get; }

    /// <summary>The length of each id in bytes; more than <see cref="BytesUsed"/> only beside another program's longer ids.</summary>
    public int Bytes { get; }

    /// <summary>Ids for a new writer.</summary>
    public static BlockIds New(StageId stage) => new(stage, RandomNumberGenerator.GetHexString(NonceLength, lowercase: true), BytesUsed);

    /// <summary>The same writer's ids in another length, which another program's leftover blocks dictate.</summary>
    public BlockIds WithLength(int bytes) => new(Stage, Nonce, bytes);

    /// <summary>The id of the block at <paramref name="index"/>, as base 64.</summary>
    public string this[int index]
    {
        get
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{Stage}{Nonce}{index:D5}");
            return Convert.ToBase64String(Encoding.ASCII.GetBytes(id.PadRight(Bytes, '-')));
        }
    }

    /// <summary>What a reference keeps: everything that names <paramref name="count"/> blocks.</summary>
    public string Describe(int count) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Nonce}-{Bytes}-{count}");

    /// <summary>Reads what <see cref="Describe"/> wrote.</summary>
    public static bool TryRead(StagedReference staged, [NotNullWhen(true)] out BlockIds? ids, out int count)
    {
        ids = null;
        count = 0;
        if (staged.Content.Split('-') is not [Prefix, { Length: NonceLength } nonce, var bytesText, var countText]
            || !nonce.All(char.IsAsciiHexDigitLower)
            || !int.TryParse(bytesText, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            || !int.TryParse(countText, NumberStyles.None, CultureInfo.InvariantCulture, out count)
            || bytes is < BytesUsed or > BytesMax
            || count > CountMax)
        {
            return false;
        }

        ids = new BlockIds(staged.Stage, nonce, bytes);
        return true;
    }
}
