using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Arrays;

/// <summary>A copy of a range as it was before a step touched it.</summary>
/// <param name="Offset">Where its bytes stand in the undo file.</param>
/// <param name="Sequence">How many came before it in its lane, and itself.</param>
/// <param name="Range">The range; <see cref="UndoFile.LaneEnd"/> if the lane is done and the copy is empty.</param>
/// <param name="Bytes">Its length.</param>
internal readonly record struct UndoCopy(long Offset, long Sequence, long Range, long Bytes);

/// <summary>
/// The copies of the ranges that are in doubt. Each lane has two slots and fills them in turn, so that the newest whole copy says where the
/// lane is: every range before it is done and flushed, it may be done, half done or untouched, and none behind it was touched. A slot is
/// whole if its checksums hold; one that was being filled when the power went is not, and the range it was meant for is untouched.
/// </summary>
internal sealed class UndoFile : IDisposable
{
    /// <summary>Stands for a range: the lane has none left.</summary>
    public const long LaneEnd = -1;

    private const int SlotsPerLane = 2;
    private const int PageBytes = 4_096;
    private const int HeaderBytes = 60;
    private const int NonceBytes = 16;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly long _slotBytes;
    private readonly byte[] _nonce;

    private UndoFile(string path, SafeFileHandle file, long rangeBytes, string nonce)
    {
        _path = path;
        _file = file;
        _slotBytes = PageBytes + ((rangeBytes + PageBytes - 1) / PageBytes * PageBytes);
        _nonce = Convert.FromHexString(nonce);
    }

    private static ReadOnlySpan<byte> Magic => "OCUNDO01"u8;

    /// <summary>Makes an empty file with room for <paramref name="lanes"/>; it is on the medium when this returns.</summary>
    public static UndoFile Create(string path, int lanes, long rangeBytes, string nonce)
    {
        UndoFile? made = null;
        try
        {
            ArrayState.Try(path, () =>
            {
                made = new UndoFile(path, File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read), rangeBytes, nonce);
                RandomAccess.SetLength(made._file, lanes * SlotsPerLane * made._slotBytes);
                LocalFile.Reserve(made._file, 0, lanes * SlotsPerLane * made._slotBytes);
                RandomAccess.FlushToDisk(made._file);
            });
            return made!;
        }
        catch (StorageException)
        {
            // Nothing was begun yet: what the file took of a full disk is given back.
            made?.Dispose();
            ArrayState.Remove(path);
            throw;
        }
    }

    /// <summary>Opens the file of a job that was interrupted.</summary>
    public static UndoFile Open(string path, long rangeBytes, string nonce)
    {
        UndoFile? opened = null;
        ArrayState.Try(path, () => opened = new UndoFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read), rangeBytes, nonce));
        return opened!;
    }

    /// <summary>Writes a copy into the slot that the sequence falls on. It counts once it is whole.</summary>
    public void Write(int lane, long sequence, long range, ReadOnlySpan<byte> bytes)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        Magic.CopyTo(header);
        _nonce.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], lane);
        BinaryPrimitives.WriteInt64LittleEndian(header[28..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(header[36..], range);
        BinaryPrimitives.WriteInt64LittleEndian(header[44..], bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[52..], Checksum(0, bytes));
        BinaryPrimitives.WriteUInt32LittleEndian(header[56..], Checksum(0, header[..56]));
        var offset = OffsetOf(lane, sequence % SlotsPerLane);
        try
        {
            RandomAccess.Write(_file, bytes, offset + PageBytes);
            RandomAccess.Write(_file, header, offset);
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            throw LocalFile.Explain(e, _path, "written");
        }
    }

    /// <summary>Waits until everything that was written is on the medium.</summary>
    public void Flush() => ArrayState.Try(_path, () => RandomAccess.FlushToDisk(_file));

    /// <summary>
    /// The newest whole copy of a lane, or null if the lane has not begun. Throws if neither slot is whole and the lane may have begun: then
    /// nobody knows what was done.
    /// </summary>
    public UndoCopy? Newest(int lane)
    {
        UndoCopy? newest = null;
        var broken = 0;
        for (var slot = 0; slot < SlotsPerLane; slot++)
        {
            var found = ReadSlot(lane, slot, out var isEmpty);
            broken += found is null && !isEmpty ? 1 : 0;
            newest = found is { } copy && copy.Sequence > (newest?.Sequence ?? 0) ? copy : newest;
        }

        // Before its first copy is whole, a lane has filled no other slot.
        return newest is null && broken == SlotsPerLane ? throw Damaged() : newest;
    }

    /// <summary>Reads the bytes of a copy.</summary>
    public void Read(UndoCopy copy, Span<byte> bytes)
    {
        if (bytes.Length != copy.Bytes || ReadFully(copy.Offset, bytes) < bytes.Length)
        {
            throw Damaged();
        }
    }

    public void Dispose() => _file.Dispose();

    private UndoCopy? ReadSlot(int lane, int slot, out bool isEmpty)
    {
        var offset = OffsetOf(lane, slot);
        Span<byte> header = stackalloc byte[HeaderBytes];
        isEmpty = ReadFully(offset, header) == HeaderBytes && header.IndexOfAnyExcept((byte)0) < 0;
        var isWhole = header.StartsWith(Magic)
            && header.Slice(8, NonceBytes).SequenceEqual(_nonce)
            && BinaryPrimitives.ReadInt32LittleEndian(header[24..]) == lane
            && BinaryPrimitives.ReadUInt32LittleEndian(header[56..]) == Checksum(0, header[..56]);
        var copy = new UndoCopy(
            offset + PageBytes,
            BinaryPrimitives.ReadInt64LittleEndian(header[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[36..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[44..]));
        return isWhole && copy.Bytes <= _slotBytes - PageBytes && ChecksumOf(copy) == BinaryPrimitives.ReadUInt32LittleEndian(header[52..]) ? copy : null;
    }

    private uint ChecksumOf(UndoCopy copy)
    {
        var block = new byte[64 << 10];
        var checksum = 0u;
        for (long at = 0; at < copy.Bytes; at += block.Length)
        {
            var part = block.AsSpan(0, (int)Math.Min(block.Length, copy.Bytes - at));
            checksum = Checksum(checksum, part[..ReadFully(copy.Offset + at, part)]);
        }

        return checksum;
    }

    private long OffsetOf(int lane, long slot) => ((lane * SlotsPerLane) + slot) * _slotBytes;

    private int ReadFully(long position, Span<byte> bytes)
    {
        try
        {
            var total = 0;
            while (total < bytes.Length && RandomAccess.Read(_file, bytes[total..], position + total) is var read and > 0)
            {
                total += read;
            }

            return total;
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            throw LocalFile.Explain(e, _path, "read");
        }
    }

    private StorageException Damaged() => new(
        StorageFault.Other,
        $"{_path} is damaged, and what it was to save is not known. Nothing was changed now; the array is partly transformed. Restore it from a copy, and remove {Path.ChangeExtension(_path, ".json")}.");

    /// <summary>CRC-32C, by the processor's own instruction where it has one.</summary>
    private static uint Checksum(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            checksum = BitOperations.Crc32C(checksum, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            checksum = BitOperations.Crc32C(checksum, rest);
        }

        return checksum;
    }
}
