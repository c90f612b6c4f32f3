using System.Buffers.Binary;

namespace OrleansClean.Execution.Mapping.Workers;

/// <summary>What host and worker tell each other. Each frame: four bytes of length, one of kind, the content.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the worker, first: which function, with which parameters, as JSON.</summary>
    Open = (byte)'O',

    /// <summary>To the worker, instead of opening: list the functions of a library.</summary>
    List = (byte)'L',

    /// <summary>From the worker: it is ready, or why it cannot be; as JSON.</summary>
    Hello = (byte)'H',

    /// <summary>To the worker: inputs. A byte that says whether each answer is to be sent at once, then each input with its length.</summary>
    Inputs = (byte)'I',

    /// <summary>From the worker: answers in the order of inputs. Each: a byte of <see cref="AnswerKind"/>, length, content.</summary>
    Answers = (byte)'A',

    /// <summary>From the worker: it has done what it answered, and ends now; whoever is next goes to another one.</summary>
    Bye = (byte)'B',
}

/// <summary>What became of an input.</summary>
internal enum AnswerKind : byte
{
    /// <summary>The content is the result as JSON.</summary>
    Result,

    /// <summary>The content is a code, a line end, and a message.</summary>
    Fault,

    /// <summary>An attempt failed; the next one of the same input begins.</summary>
    Retrying,
}

/// <summary>Frames over a pair of pipes.</summary>
internal static class Frames
{
    /// <summary>Bytes before the content.</summary>
    public const int HeadBytes = 5;

    /// <summary>Bytes of a frame: a result and what is around it.</summary>
    public const int BytesMax = 64 << 20;

    /// <summary>Reads a frame into <paramref name="content"/>. False at the end of the stream, wherever that is; throws if it is no frame.</summary>
    public static bool TryRead(Stream stream, ref byte[] content, out FrameKind kind, out int length)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        kind = default;
        length = 0;
        if (stream.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes)
        {
            return false;
        }

        length = BinaryPrimitives.ReadInt32LittleEndian(head);
        kind = (FrameKind)head[4];
        if (length is < 0 or > BytesMax || !Enum.IsDefined(kind))
        {
            throw new InvalidDataException("A worker process sent what is no answer: something wrote to its pipe.");
        }

        if (content.Length < length)
        {
            content = new byte[Math.Max(length, content.Length * 2)];
        }

        return stream.ReadAtLeast(content.AsSpan(0, length), length, throwOnEndOfStream: false) == length;
    }

    /// <summary>Writes the head of a frame.</summary>
    public static void WriteHead(Span<byte> head, FrameKind kind, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(head, length);
        head[4] = (byte)kind;
    }

    /// <summary>Writes a frame.</summary>
    public static void Write(Stream stream, FrameKind kind, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        WriteHead(head, kind, content.Length);
        stream.Write(head);
        stream.Write(content);
        stream.Flush();
    }
}

/// <summary>Bytes that are gathered for a frame.</summary>
internal sealed class FrameBuffer
{
    private byte[] _bytes = new byte[1 << 16];

    /// <summary>Bytes that are gathered.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that are gathered.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(byte value)
    {
        Free(1)[0] = value;
        Length++;
    }

    /// <summary>Adds bytes with their length before them.</summary>
    public void AppendSized(ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Free(4 + bytes.Length), bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length + 4));
        Length += 4 + bytes.Length;
    }

    /// <summary>Takes bytes with their length off the beginning of <paramref name="rest"/>.</summary>
    public static ReadOnlySpan<byte> TakeSized(ref ReadOnlySpan<byte> rest)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        var taken = rest.Slice(4, length);
        rest = rest[(4 + length)..];
        return taken;
    }

    private Span<byte> Free(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
