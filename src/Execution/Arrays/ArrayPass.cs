using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Arrays;

/// <summary>Where elements come from, at any place and for many threads.</summary>
internal interface IElementSource
{
    /// <summary>As messages name it.</summary>
    string Name { get; }

    /// <summary>What is read.</summary>
    NpyHeader Header { get; }

    /// <summary>Fills <paramref name="block"/> with the elements from <paramref name="index"/> on.</summary>
    void Read(long index, Span<byte> block);
}

/// <summary>One pass over all elements: read, measure, run, measure, write, block by block.</summary>
internal sealed class ArrayPass(IElementSource source, ArrayRunner runner, ArrayTuning tuning)
{
    private readonly Lock _lock = new();
    private readonly int _inBytes = source.Header.Element.Bytes();

    /// <summary>Measures the elements as they are read.</summary>
    public ArrayMeasure? Before { get; init; }

    /// <summary>Mean and deviation are measured of what is read.</summary>
    public bool BeforeHasMoments { get; init; }

    /// <summary>Measures what the steps made.</summary>
    public ArrayMeasure? After { get; init; }

    /// <summary>Mean and deviation are measured of what the steps made.</summary>
    public bool AfterHasMoments { get; init; }

    /// <summary>Takes the elements from an index on; null if nothing is written.</summary>
    public ElementSink? Sink { get; init; }

    /// <summary>Called when a range has been handed to the sink.</summary>
    public Action? RangeDone { get; init; }

    public void Run(int workers, CancellationToken cancellationToken)
    {
        var rangeElements = tuning.RangeOf(_inBytes);
        var ranges = ((source.Header.Count - 1) / rangeElements) + 1;
        new RangePool(source.Header.Count == 0 ? 0 : ranges, workers).Run(
            () =>
            {
                var block = new byte[tuning.BlockOf(_inBytes) * _inBytes];
                var scratch = new byte[ArrayRunner.ScratchBytes(tuning.BlockOf(_inBytes))];
                return range => RunRange(range * rangeElements, Math.Min(source.Header.Count, (range + 1) * rangeElements), block, scratch, cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>The same over the elements from <paramref name="from"/> to before <paramref name="to"/>, on the caller's thread.</summary>
    public void RunRange(long from, long to, CancellationToken cancellationToken) => RunRange(
        from,
        to,
        new byte[tuning.BlockOf(_inBytes) * _inBytes],
        new byte[ArrayRunner.ScratchBytes(tuning.BlockOf(_inBytes))],
        cancellationToken);

    private void RunRange(long from, long to, byte[] block, byte[] scratch, CancellationToken cancellationToken)
    {
        var before = Before is null ? null : new ArrayMeasure(source.Header.Element, BeforeHasMoments);
        var after = After is null ? null : new ArrayMeasure(runner.Result, AfterHasMoments);
        for (var index = from; index < to; index += block.Length / _inBytes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var part = block.AsSpan(0, (int)Math.Min(block.Length, (to - index) * _inBytes));
            source.Read(index, part);
            before?.Add(part);
            var made = Run(index, part, scratch);
            after?.Add(made);
            Sink?.Invoke(index, made);
        }

        lock (_lock)
        {
            Add(Before, before);
            Add(After, after);
        }

        RangeDone?.Invoke();
    }

    private static void Add(ArrayMeasure? whole, ArrayMeasure? part)
    {
        if (part is not null)
        {
            whole!.Add(part);
        }
    }

    private Span<byte> Run(long index, Span<byte> part, byte[] scratch)
    {
        try
        {
            return runner.Run(part, scratch);
        }
        catch (ArrayValueException failure)
        {
            throw Locate(index, part, scratch, failure);
        }
    }

    /// <summary>Finds the first element of a block that cannot take a step. The block is read again, because steps have changed it.</summary>
    private FileFailedException Locate(long index, Span<byte> part, byte[] scratch, ArrayValueException failure)
    {
        source.Read(index, part);
        for (var i = 0; i < part.Length / _inBytes; i++)
        {
            try
            {
                runner.Run(part.Slice(i * _inBytes, _inBytes), scratch);
            }
            catch (ArrayValueException first)
            {
                return Failure(source, index + i, first);
            }
        }

        return Failure(source, index, failure);
    }

    private static FileFailedException Failure(IElementSource source, long index, ArrayValueException failure) => new(
        ProblemCodes.ElementError,
        $"{source.Name} cannot be transformed: element {source.Header.PlaceOf(index)} cannot take `{failure.Step.Words}`: {failure.Message} Nothing was changed.",
        failure);
}

/// <summary>Takes elements, from many threads.</summary>
internal delegate void ElementSink(long index, ReadOnlySpan<byte> elements);
