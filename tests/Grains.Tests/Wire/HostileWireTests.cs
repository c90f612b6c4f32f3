using System.Text;
using System.Text.Json;
using OrleansClean.Grains.Membership;
using OrleansClean.Grains.Registry;
using OrleansClean.Grains.Wire;
using Xunit.Abstractions;

namespace OrleansClean.Grains.Tests.Wire;

/// <summary>
/// What arrives over the wire or stands in the cluster's documents is read as the record that was expected, or refused in the one way that
/// its reader knows. No text names a type to make.
/// </summary>
public sealed class HostileWireTests(ITestOutputHelper output)
{
    private static readonly string[] Parts =
    [
        "null", "{}", "[]", "[null]", "\"\"", "-1", "1e999", "99999999999999999999", "true", "{\"$type\":\"System.Diagnostics.Process, System\"}", "\"$type\":\"x\",", "[[[[[[", "{\"a\":",
        "\\u0000", "\\ud800", "\"", ",", ":", "}",
    ];

    [Fact]
    public void A_record_of_the_wire_that_was_damaged_is_a_record_or_refused_as_JSON() => ForDamaged(Goldens(), (name, text) =>
    {
        var type = WireTypes.ByName[name];
        try
        {
            var read = JsonSerializer.Deserialize(text, WireTypes.Json.GetTypeInfo(type));
            Assert.True(read is null || read.GetType() == type, text);
        }
        catch (JsonException)
        {
            // The only way in which the wire's reader refuses.
        }
    });

    [Fact]
    public void A_membership_document_that_was_damaged_is_one_or_refused_in_words()
    {
        var document = Encoding.UTF8.GetString(MembershipDocument.Empty.Encode()).Replace("[]", "[{\"silo\":\"s\",\"tag\":1}]", StringComparison.Ordinal);

        ForDamaged([("membership", document)], (_, text) => MustReadOrRefuse(bytes => Assert.All(MembershipDocument.Decode(bytes, "x").Rows, row => Assert.NotNull(row.Silo)), text));
    }

    [Fact]
    public void A_batch_of_the_registry_that_was_damaged_is_one_or_refused_in_words()
    {
        var document = Encoding.UTF8.GetString(new ClusterBatch("b", "out", "p", "hash", DateTimeOffset.UnixEpoch).Encode());

        ForDamaged([("batch", document)], (_, text) => MustReadOrRefuse(bytes => Assert.NotNull(ClusterBatch.Decode(bytes, "x").Id), text));
    }

    private static void MustReadOrRefuse(Action<byte[]> read, string text)
    {
        try
        {
            read(Encoding.UTF8.GetBytes(text));
        }
        catch (InvalidDataException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
    }

    private void ForDamaged(List<(string Name, string Text)> originals, Action<string, string> check)
    {
        Assert.NotEmpty(originals);
        var seed = Environment.TickCount;
        output.WriteLine($"seed={seed}");
        var random = new Random(seed);
        for (var i = 0; i < 3_000; i++)
        {
            var (name, original) = originals[random.Next(originals.Count)];
            var text = new StringBuilder(original);
            for (var edits = 1 + random.Next(3); edits > 0; edits--)
            {
                var at = random.Next(text.Length);
                text.Remove(at, Math.Min(random.Next(8), text.Length - at)).Insert(at, random.Next(2) == 0 ? Parts[random.Next(Parts.Length)] : "");
            }

            check(name, text.ToString());
        }
    }

    private static List<(string Name, string Text)> Goldens() =>
        [.. WireTypes.ByName.Keys.Select(name => (name, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Wire", "Golden", name + ".json"))))];
}
