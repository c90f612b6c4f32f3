using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>Reads objects that hold one JSON text a line.</summary>
internal static class StoredLines
{
    private const int LineBytesMax = 64 << 20;

    /// <summary>The lines without their ends, each with its place. A line is good until the next one is asked for.</summary>
    public static async IAsyncEnumerable<(ReadOnlySequence<byte> Line, RecordPlace Place)> ReadAsync(
        IObjectStore store, ObjectName name, ETag etag, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await store.OpenReadAsync(name, etag, cancellationToken);
        var lines = PipeReader.Create(content, new StreamPipeReaderOptions(bufferSize: 1 << 18, leaveOpen: true));
        var position = 0L;
        while (true)
        {
            var read = await lines.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                var line = rest.Slice(0, end);
                yield return (line, new RecordPlace(position, (int)line.Length));
                position += line.Length + 1;
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (read.IsCompleted || rest.Length > LineBytesMax)
            {
                break;
            }

            lines.AdvanceTo(rest.Start, rest.End);
        }

        await lines.CompleteAsync();
    }

    /// <summary>A line's value.</summary>
    public static T Parse<T>(ReadOnlySequence<byte> line, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref reader, type)!;
    }
}
