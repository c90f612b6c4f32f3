using System.Text;
using System.Text.Json;
using OrleansClean.Cli.Tests.Vocabulary;
using Xunit.Abstractions;

namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>
/// Batches of files that are made to hurt, cleaned by the built command within 256 MB of heap: no crash, no hang, each file
/// cleaned or failed with its code, every row accounted for.
/// </summary>
public sealed class SmallHeapTests(ITestOutputHelper output) : IDisposable
{
    private const int Mega = 1_000_000;

    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Large_fields_rows_headers_and_bombs_cost_their_row_or_their_file()
    {
        Directory.CreateDirectory("in");
        HugeFiles.Write("in/field.csv", "id,t\n1,a\n2,", "x", 200 * Mega, "\n3,c\n");
        HugeFiles.Write("in/quoted-field.csv", "id,t\n1,a\n2,\"", "x", 200 * Mega, "\"\n3,c\n");
        HugeFiles.Write("in/never-closed.csv", "id,t\n1,\"open\n", "2,plain\n", Mega);
        HugeFiles.Write("in/all-open.csv", "id,t\n", "1,\"open\n", Mega / 2);
        HugeFiles.Write("in/columns.csv", "c", ",c", Mega, "\n1\n");
        HugeFiles.Write("in/cells.csv", "id,t\n", new string(',', 400_000) + "\n", 20, "1,a\n");
        HugeFiles.Write("in/wide-rows.csv", string.Join(',', Enumerable.Range(0, 16_000).Select(i => $"c{i}")) + "\n", string.Join(',', Enumerable.Repeat("1", 16_000)) + "\n", 500);
        HugeFiles.Write("in/blank-lines.csv", "", "\n", 40 * Mega, "id,t\n1,a\n");
        HugeFiles.Write("in/blank-after.csv", "id,t\n1,a\n", "\r\n", 20 * Mega, "2,b\n");
        HugeFiles.Write("in/nul.csv", "id,t\n", "\0", 40 * Mega, "\n1,a\n");
        HugeFiles.Write("in/nul-rows.csv", "id,t\n", "\0,\0\n", 200_000);
        HugeFiles.Write("in/quotes.csv", "id,t\n", "\"", 20 * Mega);
        HugeFiles.Write("in/quote-lines.csv", "", "\"\n", 2 * Mega);
        HugeFiles.Write("in/one-line.csv", "", "id,t,", 20 * Mega);
        HugeFiles.Write("in/rejects.csv", "id,t\n", "a,b,c\n", Mega / 4);
        HugeFiles.PackMembers("in/bomb.csv.gz", $"1,{new string('a', 1_000)}\n", 40 * Mega, 1);
        HugeFiles.PackMembers("in/ten-gigabytes.csv.gz", $"1,{new string('a', 1_000)}\n", 10 * Mega, 1_000);
        HugeFiles.PackMembers("in/nul-gigabytes.csv.gz", "\0", 10 * Mega, 1_000);
        HugeFiles.PackMembers("in/members.csv.gz", "1,a\n", 4, 50_000);
        HugeFiles.PackMembers("in/empty-members.csv.gz", "", 0, 50_000);
        await File.WriteAllBytesAsync("in/twice.csv.gz.gz", await PackedAsync("in/bomb.csv.gz"));
        _work.With("plan.yaml", "plan: 1\nname: p\nread: {files: \"in/*\"}\nsteps:\n  - normalize_headers\n  - trim: all\nwrite: out/{name}.{ext}\n");

        var files = await CleanAsync("--file-timeout", "9m");

        Assert.Equal("cleaned 2 of 3, field-too-long 1", files["in/field.csv"]);
        Assert.Equal("cleaned 2 of 3, field-too-long 1", files["in/quoted-field.csv"]);
        Assert.Equal("cleaned 1000000 of 1000001, unterminated-quote 1", files["in/never-closed.csv"]);
        Assert.Equal("failed too-many-columns", files["in/columns.csv"]);
        Assert.Equal("cleaned 1 of 21, extra-cell 20", files["in/cells.csv"]);
        Assert.Equal("cleaned 500 of 500", files["in/wide-rows.csv"]);
        Assert.Equal("failed blank-header", files["in/blank-lines.csv"]);
        Assert.Equal("cleaned 2 of 2", files["in/blank-after.csv"]);
        Assert.Equal("failed compression-error", files["in/bomb.csv.gz"]);
        Assert.Equal("failed compression-error", files["in/ten-gigabytes.csv.gz"]);
    }

    [Fact]
    public async Task Steps_that_remember_or_grow_stay_within_their_bounds()
    {
        Directory.CreateDirectory("in");
        HugeFiles.Write("in/growing.csv", "id,t\n", "1," + new string('a', 500_000) + "\n", 20);
        HugeFiles.Write("in/wide.csv", string.Join(',', Enumerable.Range(0, 16_000).Select(i => $"c{i}")) + ",t,id\n", string.Join(',', Enumerable.Repeat("=1", 16_002)) + "\n", 100);
        using (var file = new StreamWriter("in/keys.csv"))
        {
            file.Write("id,t\n");
            for (var i = 0; i < 7_000_000; i++)
            {
                file.Write($"1,{i}\n");
            }
        }

        _work.With("plan.yaml", """
            plan: 1
            name: p
            read: {files: "in/*"}
            steps:
              - dedupe: [t]
              - replace: {columns: [t], pattern: "a", with: "$0$0$0$0"}
              - derive:
                  u: concat(t, t, t, t)
                  m: count()
              - filter: t matches '(a+)+$' or t like '%k%' or true
              - guard: formulas
            write: out/{name}.csv
            """);

        var files = await CleanAsync("--file-timeout", "9m");

        Assert.Equal("failed memory-limit", files["in/keys.csv"]);
        Assert.Equal("cleaned 1 of 100", files["in/wide.csv"]);
        Assert.Equal(3, files.Count);
    }

    [Theory]
    [InlineData("plan: 1\nname: p\nsteps:\n  - filter: ", "(", 10_000, "a > 1\nwrite: x.csv\n")]
    [InlineData("plan: 1\nname: p\nsteps:\n  - filter: ", "not ", 4_000, "a > 1\nwrite: x.csv\n")]
    [InlineData("plan: 1\nname: p\nsteps: ", "[", 500_000, "")]
    [InlineData("{\"plan\": 1, \"name\": \"p\", \"steps\": ", "[{\"trim\":", 50_000, "")]
    [InlineData("plan: 1\nname: p\nsteps:\n  - replace: {columns: all, with: x, pattern: \"", "(((a{100}){100}){100}){100}", 1, "\"}\nwrite: x.csv\n")]
    [InlineData("plan: 1\nname: p\nsteps:\n  - replace: {columns: all, with: x, pattern: \"", "(a|", 300, "\"}\nwrite: x.csv\n")]
    [InlineData("plan: 1\nname: p\nwrite: \"", "{name}/", 100_000, "x.csv\"\n")]
    public async Task A_plan_that_is_nested_or_repeated_beyond_reason_is_told_so(string before, string part, int repeats, string after)
    {
        _work.With("plan.yaml", before + string.Concat(Enumerable.Repeat(part, repeats)) + after);

        var answer = await SmallProcess.RunAsync("plan", "check", "plan.yaml");

        Assert.True(answer.ExitCode == 2, $"{answer.ExitCode} {answer.Error}");
        Assert.Contains("plan.yaml", answer.Out + answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("this is a bug", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_files_of_every_kind_are_classified()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORLEANSCLEAN_SEED"), System.Globalization.CultureInfo.InvariantCulture, out var pinned) ? pinned : Environment.TickCount;
        output.WriteLine($"seed={seed}");
        var random = new Random(seed);
        var corpus = WorkingTree.Shared("corpus");
        output.WriteLine(corpus is null ? "shared/corpus is not there: only the samples are damaged" : corpus);
        string[] folders = [Path.Combine(WorkingTree.Root, "samples"), .. corpus is null ? [] : new[] { corpus }];
        var originals = folders.SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            .Where(path => new FileInfo(path).Length is > 0 and < 200_000).Order(StringComparer.Ordinal).ToArray();
        Directory.CreateDirectory("in");
        for (var i = 0; i < 300; i++)
        {
            var bytes = await File.ReadAllBytesAsync(originals[random.Next(originals.Length)]);
            var other = await File.ReadAllBytesAsync(originals[random.Next(originals.Length)]);
            await File.WriteAllBytesAsync($"in/{i}.csv", Damaged(bytes, other, random));
        }

        _work.With("plan.yaml", "plan: 1\nname: p\nread: {files: \"in/*\"}\nsteps:\n  - normalize_headers\n  - drop_empty: rows\n  - dedupe: all\n  - guard: formulas\nwrite: out/{name}.csv\n");

        var files = await CleanAsync("--file-timeout", "9m");

        Assert.Equal(300, files.Count);
        Assert.Contains(files.Values, outcome => outcome.StartsWith("cleaned", StringComparison.Ordinal));
        Assert.Contains(files.Values, outcome => outcome.StartsWith("failed", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Gigabytes_go_through_in_the_same_memory()
    {
        Directory.CreateDirectory("in");
        HugeFiles.Write("in/gigabyte.csv", "id,t,value\n", "17,\"a note, quoted\",265.4160\n", 1_000_000_000 / 28);
        HugeFiles.Pack("in/packed.csv.gz", "id,t,value\n", string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i},{i * 7919 % 10007},{i}.5\n")), 10_000);
        HugeFiles.Write("in/field.csv", "id,t\n1,a\n2,\"", "x", 1_000_000_000, "\"\n3,c\n");
        _work.With("plan.yaml", "plan: 1\nname: p\nread: {files: \"in/*\"}\nsteps:\n  - trim: all\n  - parse: {id: integer}\nwrite: out/{name}.csv\n");

        var files = await CleanAsync();

        Assert.Equal("cleaned 35714285 of 35714285", files["in/gigabyte.csv"]);
        Assert.Equal("cleaned 50000000 of 50000000", files["in/packed.csv.gz"]);
        Assert.Equal("cleaned 2 of 3, field-too-long 1", files["in/field.csv"]);
    }

    /// <summary>Runs the plan, checks what must hold for any input, and tells what became of each file.</summary>
    private async Task<Dictionary<string, string>> CleanAsync(params string[] words)
    {
        var answer = await SmallProcess.RunAsync(["run", "plan.yaml", "-j", "2", "-o", "jsonl", .. words]);

        Assert.True(answer.ExitCode is 0 or 4, $"{answer.ExitCode} {answer.Error}");
        Assert.DoesNotContain("OutOfMemory", answer.Error, StringComparison.Ordinal);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var file = JsonDocument.Parse(line).RootElement;
            files[file.GetProperty("path").GetString()!] = Outcome(file);
        }

        Assert.Equal(Directory.GetFiles("in").Length, files.Count);
        foreach (var (name, outcome) in files)
        {
            output.WriteLine($"{name}: {outcome}");
        }

        Assert.DoesNotContain(files, file => file.Value.Contains("internal-error", StringComparison.Ordinal) || file.Value.Contains("file-timeout", StringComparison.Ordinal));
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(Directory.GetFiles("out/.orleansclean/batches", "report.json", SearchOption.AllDirectories)[0]));
        Assert.True(report.RootElement.GetProperty("ledger").GetProperty("rows").GetProperty("balanced").GetBoolean());
        var verified = await Typed.Async("report", "verify", "--out", "out");
        Assert.True(verified.ExitCode == 0, verified.Out);
        return files;
    }

    private static string Outcome(JsonElement file)
    {
        if (file.TryGetProperty("failure", out var failure) && failure.ValueKind == JsonValueKind.Object)
        {
            return $"failed {failure.GetProperty("code").GetString()}";
        }

        var rows = file.GetProperty("rows");
        var (rowsIn, rowsOut) = (rows.GetProperty("in").GetInt64(), rows.GetProperty("out").GetInt64());
        Assert.Equal(rowsIn, rowsOut + rows.GetProperty("dropped").GetInt64() + rows.GetProperty("rejected").GetInt64());
        var codes = file.TryGetProperty("codes", out var counted) && counted.ValueKind == JsonValueKind.Object
            ? string.Concat(counted.EnumerateObject().Select(code => $", {code.Name} {code.Value.GetInt64()}"))
            : "";
        return $"{file.GetProperty("status").GetString()} {rowsOut} of {rowsIn}{codes}";
    }

    /// <summary>Cut, torn, spliced, repeated, bits flipped, or marks strewn in.</summary>
    private static byte[] Damaged(byte[] bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Length);
        switch (random.Next(6))
        {
            case 0:
                return bytes[..at];
            case 1:
                return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            case 2:
                return [.. bytes, .. bytes[at..], .. bytes];
            case 3:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(new[] { "\"", "\0", "\r", ",\"", "\n\"", "\u2028" }[random.Next(6)], 1 + random.Next(2_000)))), .. bytes[at..]];
            case 4:
                return [.. bytes[at..], .. bytes[..at]];
            default:
                for (var i = 0; i < 1 + random.Next(50); i++)
                {
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                }

                return bytes;
        }
    }

    private static async Task<byte[]> PackedAsync(string path)
    {
        var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(await File.ReadAllBytesAsync(path));
        }

        return packed.ToArray();
    }
}
