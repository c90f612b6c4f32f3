using System.Globalization;
using System.Text;

namespace OrleansClean.Silo.Tests.Telemetry;

/// <summary>As much of the protobuf encoding as it takes to look at a message whose fields are known.</summary>
internal static class Protobuf
{
    /// <summary>The values of a field that are messages, texts or bytes.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number) =>
        All(message).Where(field => field.Number == number && field.Type == 2).Select(field => field.Bytes);

    /// <summary>A text; empty if it is not there.</summary>
    public static string Text(ReadOnlyMemory<byte> message, int number) =>
        Fields(message, number).Select(bytes => Encoding.UTF8.GetString(bytes.Span)).FirstOrDefault("");

    /// <summary>A number; zero if it is not there.</summary>
    public static string Number(ReadOnlyMemory<byte> message, int number) =>
        All(message).Where(field => field.Number == number && field.Type == 0).Select(field => field.Value).FirstOrDefault().ToString(CultureInfo.InvariantCulture);

    private static List<(int Number, int Type, ulong Value, ReadOnlyMemory<byte> Bytes)> All(ReadOnlyMemory<byte> message)
    {
        var fields = new List<(int, int, ulong, ReadOnlyMemory<byte>)>();
        for (var place = 0; place < message.Length;)
        {
            var key = Varint(message.Span, ref place);
            var (number, type) = ((int)(key >> 3), (int)(key & 7));
            var value = type is 0 or 2 ? Varint(message.Span, ref place) : 0;
            var length = type switch { 0 => 0, 1 => 8, 2 => (int)value, 5 => 4, _ => throw new InvalidDataException($"Type {type} is no type of a field.") };
            fields.Add((number, type, value, message.Slice(place, length)));
            place += length;
        }

        return fields;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int place)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[place++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
