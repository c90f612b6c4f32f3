using OrleansClean.Execution.Mapping.Pools;

namespace OrleansClean.Execution.Mapping.Lines;

/// <summary>What all lanes over lines share.</summary>
internal sealed record LineMapCall
{
    /// <summary>Bytes of output that a chunk may gather before they are written.</summary>
    public const int OutputBytesMax = 4 << 20;

    /// <summary>The map.</summary>
    public required LineMapRequest Request { get; init; }

    /// <summary>Results by input, or null.</summary>
    public required Memo<string, byte[]>? Memo { get; init; }

    /// <summary>How large chunks are.</summary>
    public required ChunksOfStream Sizes { get; init; }

    /// <summary>Writes what is done of a chunk, when its turn has come; false if the map stops.</summary>
    public required Func<LineChunk, bool> DeliverPart { get; init; }

    /// <summary>Cancelled when the map stops before its end.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>True if the chunk may go on: its output is small, or has been written.</summary>
    public bool HasRoom(LineChunk chunk) => chunk.Output.Length < OutputBytesMax || DeliverPart(chunk);
}
