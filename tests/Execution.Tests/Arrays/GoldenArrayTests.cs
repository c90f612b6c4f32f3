using System.Text.Json;
using OrleansClean.Cleaning.Arrays;

namespace OrleansClean.Execution.Tests.Arrays;

/// <summary>What numpy made of the same arrays, byte for byte. <c>Golden/README.md</c> says how.</summary>
public sealed class GoldenArrayTests
{
    private static readonly string Folder = Path.Combine(WorkingTree.Root, "tests", "Execution.Tests", "Arrays", "Golden");

    public static TheoryData<string, string> Cases() => Cases(_ => true);

    /// <summary>Those that keep the kind of the elements.</summary>
    public static TheoryData<string, string> CasesInPlace() => Cases(name => !name.Contains("-to-", StringComparison.Ordinal));

    private static TheoryData<string, string> Cases(Predicate<string> isWanted)
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "cases.json")));
        var data = new TheoryData<string, string>();
        foreach (var one in cases.RootElement.EnumerateArray().Where(one => isWanted(one.GetProperty("name").GetString()!)))
        {
            data.Add(one.GetProperty("name").GetString()!, string.Join('\n', one.GetProperty("steps").EnumerateArray().Select(step => step.GetString())));
        }

        return data;
    }

    [Fact]
    public void There_are_cases() => Assert.True(Cases().Count >= 40);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_new_file_is_what_numpy_makes_of_it(string name, string steps)
    {
        using var place = new ArrayPlace(steps.Split('\n'));
        foreach (var cut in ((long, int)[])[(0, 0), (7, 3)])
        {
            place.Cut = cut;
            await place.RunAsync(input: Path.Combine(Folder, $"{name}.in.npy"), force: true);

            AssertSame(name, File.ReadAllBytes(place.PathOf("out.npy")));
        }
    }

    [Theory]
    [MemberData(nameof(CasesInPlace))]
    public async Task In_place_an_array_becomes_what_numpy_makes_of_it(string name, string steps)
    {
        using var place = new ArrayPlace(steps.Split('\n')) { Cut = (7, 3) };
        File.Copy(Path.Combine(Folder, $"{name}.in.npy"), place.PathOf("in.npy"));

        await place.RunAsync(output: null);

        AssertSame(name, File.ReadAllBytes(place.PathOf("in.npy")));
    }

    /// <summary>NaN has many bit patterns, and processors choose among them differently: NaN is NaN. Everything else is the same byte.</summary>
    private static void AssertSame(string name, byte[] actual)
    {
        var expected = File.ReadAllBytes(Path.Combine(Folder, $"{name}.out.npy"));
        Assert.Equal(expected.Length, actual.Length);
        var header = NpyHeader.Read(new MemoryStream(expected), name);
        var size = header.Element.Bytes();
        for (var at = 0; at < expected.Length; at += at < header.Bytes.Length ? 1 : size)
        {
            var length = at < header.Bytes.Length ? 1 : size;
            var left = expected.AsSpan(at, length);
            var right = actual.AsSpan(at, length);
            var isNan = at >= header.Bytes.Length && header.Element switch
            {
                ArrayElement.F32 => float.IsNaN(BitConverter.ToSingle(left)) && float.IsNaN(BitConverter.ToSingle(right)),
                ArrayElement.F64 => double.IsNaN(BitConverter.ToDouble(left)) && double.IsNaN(BitConverter.ToDouble(right)),
                _ => false,
            };
            Assert.True(isNan || left.SequenceEqual(right), $"{name}: byte {at}: expected {Convert.ToHexString(left)}, actual {Convert.ToHexString(right)}");
        }
    }
}
