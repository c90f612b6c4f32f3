using System.Numerics;
using System.Text;
using OrleansClean.Execution.Coordination;
using Xunit.Abstractions;

namespace OrleansClean.Execution.Tests.Coordination;

/// <summary>A journal is data, not code: whatever a line says, it is one of the events that there are, or the journal is refused.</summary>
public sealed class HostileJournalTests(ITestOutputHelper output)
{
    private static readonly string[] Lines =
        [.. File.ReadAllLines(Path.Combine(WorkingTree.Root, "tests", "Execution.Tests", "Coordination", "journal-v1.log")).Select(line => line[9..])];

    private static readonly string[] Parts =
    [
        "null", "{}", "[]", "\"\"", "-1", "1e999", "99999999999999999999", "true", "{\"$type\":\"System.Diagnostics.Process, System\"}", "{\"e\":\"exec\"}", "{\"e\":null}",
        "\"$type\":\"x\",", "\"e\":\"opened\",", "[[[[[[", "{\"a\":", "\\u0000", "\"", ",", ":", "}", "\u001b",
    ];

    [Fact]
    public void A_line_with_a_sound_checksum_and_any_content_is_an_event_or_refused()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed={seed}");
        var random = new Random(seed);
        Assert.NotEmpty(Lines);
        var refused = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var json = new StringBuilder(Lines[random.Next(Lines.Length)]);
            for (var edits = 1 + random.Next(3); edits > 0; edits--)
            {
                var at = random.Next(json.Length);
                json.Remove(at, Math.Min(random.Next(6), json.Length - at)).Insert(at, random.Next(2) == 0 ? Parts[random.Next(Parts.Length)] : "");
            }

            refused += IsRefused(Encoding.UTF8.GetBytes(json.ToString())) ? 1 : 0;
        }

        Assert.InRange(refused, 1_000, 5_000);
    }

    [Theory]
    [InlineData("{\"i\":1,\"a\":1,\"h\":{\"incarnation\":1}}")]
    [InlineData("{\"i\":1,\"a\":1,\"h\":{\"e\":\"exec\",\"command\":\"id\"}}")]
    [InlineData("{\"i\":1,\"a\":1,\"h\":{\"$type\":\"System.Diagnostics.Process, System\",\"e\":\"x\"}}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void An_event_of_no_known_kind_is_refused(string json) => Assert.True(IsRefused(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_line_nested_ten_thousand_deep_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"h\":", 10_000));

        Assert.True(IsRefused(Encoding.UTF8.GetBytes($"{{\"i\":1,\"a\":1,\"x\":{deep}")));
    }

    private static bool IsRefused(byte[] json)
    {
        byte[] line = [.. Encoding.ASCII.GetBytes($"{Checksum(json):x8} "), .. json];
        try
        {
            JournalLine.Decode(line, "Line 1");
            return false;
        }
        catch (JournalDamagedException)
        {
            return true;
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
