using System.IO.MemoryMappedFiles;
using OrleansClean.Cleaning.Arrays;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Arrays;

/// <summary>
/// Changes an array through memory maps, lane by lane. A lane goes from range to range in order and has one of them in doubt; so what
/// is lost by a crash is at most one range for each lane, and that range has its copy.
/// </summary>
internal sealed class InPlaceLanes(ArrayFile array, ArrayRunner runner, InPlaceWork work, UndoFile undo, ArraySeams seams)
{
    private readonly int _elementBytes = array.Header.Element.Bytes();
    private readonly long _ranges = (array.Header.Count + work.RangeElements - 1) / work.RangeElements;
    private long _doneBefore;

    /// <summary>Does what is left and returns how many ranges were done before.</summary>
    public long Run(int workers, CancellationToken cancellationToken)
    {
        if (work.Lanes == 0)
        {
            return 0;
        }

        using var map = MemoryMappedFile.CreateFromFile(
            array.Handle, mapName: null, capacity: 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        new RangePool(work.Lanes, workers).Run(
            () =>
            {
                var scratch = new byte[ArrayRunner.ScratchBytes(BlockElements)];
                return lane => RunLane((int)lane, map, scratch, cancellationToken);
            },
            cancellationToken);
        return _doneBefore;
    }

    private int BlockElements => seams.Tuning.BlockOf(_elementBytes);

    private void RunLane(int lane, MemoryMappedFile map, byte[] scratch, CancellationToken cancellationToken)
    {
        var (first, end) = (_ranges * lane / work.Lanes, _ranges * (lane + 1) / work.Lanes);
        var newest = undo.Newest(lane);
        var (range, sequence) = newest is { } copy ? (copy.Range, copy.Sequence) : (first, 0);
        Interlocked.Add(ref _doneBefore, (range == UndoFile.LaneEnd ? end : range) - first);
        if (range == UndoFile.LaneEnd)
        {
            return;
        }

        if (newest is { } inDoubt)
        {
            Restore(inDoubt);
        }

        for (; range < end; range++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RunRange(lane, ++sequence, range, map, scratch);
        }

        undo.Write(lane, sequence + 1, UndoFile.LaneEnd, []);
        undo.Flush();
        seams.Points.Pass(ArrayPoints.LaneDone);
    }

    /// <summary>Puts a range back as it was. Its copy stays valid until the same bytes were copied anew.</summary>
    private void Restore(UndoCopy copy)
    {
        var (offset, bytes) = PlaceOf(copy.Range);
        var original = new byte[bytes];
        undo.Read(copy, original);
        ArrayState.Try(array.Name, () => RandomAccess.Write(array.Handle, original, offset));
    }

    private unsafe void RunRange(int lane, long sequence, long range, MemoryMappedFile map, byte[] scratch)
    {
        var (offset, bytes) = PlaceOf(range);
        if (RandomAccess.GetLength(array.Handle) != array.Header.Bytes.Length + array.Header.DataBytes)
        {
            throw array.Changed();
        }

        ArrayState.Try(array.Name, () => LocalFile.Reserve(array.Handle, offset, bytes));
        using var view = map.CreateViewAccessor(offset, bytes);
        byte* begin = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref begin);
        try
        {
            if (!LocalFile.Populate(begin, view.PointerOffset + bytes))
            {
                throw array.Changed();
            }

            var elements = new Span<byte>(begin + view.PointerOffset, bytes);
            undo.Write(lane, sequence, range, elements);
            seams.Points.Pass(ArrayPoints.UndoWritten);
            undo.Flush();
            seams.Points.Pass(ArrayPoints.UndoFlushed);
            Transform(elements, scratch);
            ArrayState.Try(array.Name, view.Flush);
            seams.Points.Pass(ArrayPoints.RangeFlushed);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private void Transform(Span<byte> elements, byte[] scratch)
    {
        var blockBytes = BlockElements * _elementBytes;
        for (var at = 0; at < elements.Length; at += blockBytes)
        {
            var block = elements.Slice(at, Math.Min(blockBytes, elements.Length - at));
            try
            {
                ArrayMemory.RunInPlace(runner, block, scratch);
            }
            catch (ArrayValueException)
            {
                // Every element was tried before the first was changed.
                throw array.Changed();
            }

            seams.Points.Pass(ArrayPoints.BlockWritten);
        }
    }

    private (long Offset, int Bytes) PlaceOf(long range)
    {
        var first = range * work.RangeElements;
        var count = Math.Min(work.RangeElements, array.Header.Count - first);
        return (array.Header.Bytes.Length + (first * _elementBytes), (int)(count * _elementBytes));
    }
}
