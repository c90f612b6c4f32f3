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
    private const string JoinedPrefix = "joined";

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

    /// <summary>
    /// The reference to all that several writers staged under one name, in this order: it names their blocks, whose ids tell the writers apart. Throws for
    /// what is no reference to blocks, and for more of them than a commit takes.
    /// </summary>
    public static StagedReference Join(IReadOnlyList<StagedReference> pieces, StageId stage)
    {
        var writers = new List<(BlockIds Ids, int Count)>();
        foreach (var piece in pieces)
        {
            if (piece.Name != pieces[0].Name || !TryRead(piece, writers))
            {
                throw new ArgumentException($"{ObjectName.Show(piece.Name.Value)}: only blocks of one name can be joined.", nameof(pieces));
            }
        }

        var blocks = writers.Sum(writer => writer.Count);
        if (blocks > CountMax)
        {
            throw new StorageException(StorageFault.TooLarge, $"{ObjectName.Show(pieces[0].Name.Value)} would have {blocks} blocks, at most {CountMax} are taken.");
        }

        var content = string.Join('.', writers.Where(writer => writer.Count > 0).Select(writer => $"{writer.Ids.Stage}-{writer.Ids.Describe(writer.Count)[(Prefix.Length + 1)..]}"));
        return new StagedReference(pieces[0].Name, stage, pieces.Sum(piece => piece.Bytes), $"{JoinedPrefix}.{content}", null);
    }

    /// <summary>Reads what <see cref="Describe"/> or <see cref="Join"/> wrote: the ids of all blocks, in order, as base 64.</summary>
    public static bool TryRead(StagedReference staged, [NotNullWhen(true)] out IReadOnlyList<string>? blocks)
    {
        var writers = new List<(BlockIds Ids, int Count)>();
        blocks = TryRead(staged, writers) ? [.. writers.SelectMany(writer => Enumerable.Range(0, writer.Count).Select(index => writer.Ids[index]))] : null;
        return blocks is not null;
    }

    private static bool TryRead(StagedReference staged, List<(BlockIds Ids, int Count)> writers)
    {
        if (!staged.Content.StartsWith(JoinedPrefix + ".", StringComparison.Ordinal))
        {
            return TryRead(staged.Stage, staged.Content, writers);
        }

        foreach (var writer in staged.Content.Split('.', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (writer.Length <= StageId.TextLength
                || !StageId.TryParse(writer.AsSpan(0, StageId.TextLength), out var stage)
                || !TryRead(stage, Prefix + writer[StageId.TextLength..], writers))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryRead(StageId stage, string text, List<(BlockIds Ids, int Count)> writers)
    {
        if (text.Split('-') is not [Prefix, { Length: NonceLength } nonce, var bytesText, var countText]
            || !nonce.All(char.IsAsciiHexDigitLower)
            || !int.TryParse(bytesText, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            || !int.TryParse(countText, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || bytes is < BytesUsed or > BytesMax
            || count > CountMax)
        {
            return false;
        }

        writers.Add((new BlockIds(stage, nonce, bytes), count));
        return true;
    }
}
