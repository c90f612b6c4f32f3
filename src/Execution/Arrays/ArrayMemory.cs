using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>An array in this process's memory, changed where it stands by several threads.</summary>
internal sealed class ArrayMemory<T>(Memory<T> values, ArrayElement element) : IElementSource
    where T : unmanaged
{
    public string Name => "the array in memory";

    public NpyHeader Header { get; } = new() { Element = element, Shape = [values.Length], Count = values.Length, Bytes = [] };

    public void Read(long index, Span<byte> block) =>
        MemoryMarshal.AsBytes(values.Span.Slice((int)index, block.Length / Unsafe.SizeOf<T>())).CopyTo(block);

    /// <summary>Runs the steps over all elements.</summary>
    public void Change(ArrayRunner runner, ArrayTuning tuning, int workers, CancellationToken cancellationToken)
    {
        var rangeElements = (int)tuning.RangeOf(Unsafe.SizeOf<T>());
        var blockElements = tuning.BlockOf(Unsafe.SizeOf<T>());
        new RangePool((values.Length + rangeElements - 1L) / rangeElements, workers).Run(
            () =>
            {
                var scratch = new byte[ArrayRunner.ScratchBytes(blockElements)];
                return range =>
                {
                    var first = (int)range * rangeElements;
                    var elements = values.Span.Slice(first, Math.Min(rangeElements, values.Length - first));
                    for (var at = 0; at < elements.Length; at += blockElements)
                    {
                        var block = elements.Slice(at, Math.Min(blockElements, elements.Length - at));
                        ArrayMemory.RunInPlace(runner, MemoryMarshal.AsBytes(block), scratch);
                    }
                };
            },
            cancellationToken);
    }
}

/// <summary>Blocks that stay where they are.</summary>
internal static class ArrayMemory
{
    /// <summary>Runs the steps over a block; where casts led it elsewhere it is copied back.</summary>
    public static void RunInPlace(ArrayRunner runner, Span<byte> block, byte[] scratch)
    {
        var made = runner.Run(block, scratch);
        if (!Unsafe.AreSame(ref MemoryMarshal.GetReference(made), ref MemoryMarshal.GetReference(block)))
        {
            made.CopyTo(block);
        }
    }
}
