using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>
/// Every place that takes a name from a user, a plan or a folder is given every name of the table: what is written lies where the name
/// says, below the output root; what is refused says why; nothing around changes, and no name steers the terminal.
/// </summary>
public sealed class HostileNamesTests : IDisposable
{
    private const string Here = "1/2/3/here";
    private const string Content = "id,value\n1,2\n";

    private readonly WorkFolder _work = new();

    public HostileNamesTests()
    {
        _work.With($"{Here}/in/a.csv", Content).With("secret.csv", "s\n1\n").With("1/2/3/secret.csv", "s\n1\n");
        Environment.CurrentDirectory = Path.Combine(_work.Path, Here);
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Files_of_hostile_names_are_cleaned_to_their_own_place_or_refused_one_by_one()
    {
        var made = HostileNames.All.Where(CanBeMade).ToArray();
        Assert.True(made.Length > 80, $"{made.Length} of {HostileNames.All.Count}");
        for (var i = 0; i < made.Length; i++)
        {
            Make($"in/{i}/{made[i]}");
        }

        Plan("read: {files: [\"in/**\", \"in/**/.*\", \"in/**/.*/**\"]}\nwrite: \"out/{dir}/{name}.{ext}.out\"\n");
        var before = Surroundings.Of(_work.Path);

        var answer = await TypedAsync("run", "plan.yaml", "-o", "jsonl");

        Assert.Equal(4, answer.ExitCode);
        Assert.Empty(before.Changes($"{Here}/out"));
        var files = answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var cleaned = files.Where(file => file.GetProperty("status").GetString() is "cleaned").ToArray();
        Assert.Equal(Directory.GetFiles("in", "*", Everything).Count(path => !path.Contains("/.orleansclean/", StringComparison.Ordinal)), files.Length);
        Assert.All(files.Except(cleaned), file =>
        {
            Assert.Equal("storage-error", file.GetProperty("failure").GetProperty("code").GetString());
            Assert.NotEqual("", file.GetProperty("failure").GetProperty("message").GetString());
        });
        Assert.All(cleaned, file => Assert.Equal(Content, File.ReadAllText(file.GetProperty("output").GetProperty("path").GetString()!)));
        Assert.Equal(cleaned.Length, Directory.GetFiles("out", "*.out", Everything).Length);
        Assert.True(cleaned.Length > 60, $"{cleaned.Length} of {files.Length} cleaned");
    }

    [Fact]
    public async Task A_template_leads_where_it_says_or_is_refused_with_a_reason()
    {
        var written = 0;
        foreach (var name in HostileNames.All)
        {
            Plan($"read: {{files: in/a.csv}}\nwrite: {JsonSerializer.Serialize($"out/{name}", Plain)}\n");
            written += await IsWrittenBelowOutAsync("run", "plan.yaml", "-q") ? 1 : 0;
        }

        Assert.InRange(written, 60, HostileNames.All.Count - 40);
    }

    [Fact]
    public async Task A_parameter_in_a_template_leads_where_it_says_or_is_refused_with_a_reason()
    {
        Plan("params: {x: day}\nread: {files: in/a.csv}\nwrite: out/{param.x}/{name}.csv\n");
        var written = 0;
        var (first, tried) = (Random.Shared.Next(3), 0);
        foreach (var name in HostileNames.All.Where((name, i) => i % 3 == first && !name.Contains('\0', StringComparison.Ordinal)))
        {
            tried++;
            written += await IsWrittenBelowOutAsync("run", "plan.yaml", "-q", "--param", $"x={name}") ? 1 : 0;
        }

        Assert.InRange(written, tried / 5, tried - 5);
    }

    [Fact]
    public async Task An_id_is_a_plain_word_or_refused()
    {
        Plan("read: {files: in/a.csv}\nwrite: out/{name}.csv\n");
        foreach (var name in HostileNames.All)
        {
            var before = Surroundings.Of(_work.Path);
            var answer = await TypedAsync("run", "plan.yaml", "-q", "--id=" + name);

            var isPlain = name.Length is > 0 and <= 100 && name[0] is not ('.' or '-') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
            Assert.Equal((name, isPlain ? 0 : 2), (name, answer.ExitCode));
            Assert.True(isPlain || answer.Error.Contains("id", StringComparison.Ordinal), answer.Error);
            Assert.Empty(before.Changes($"{Here}/out"));
            if (isPlain)
            {
                Assert.True(File.Exists($"out/.orleansclean/batches/{name}/report.json"), name);
            }
        }
    }

    [Fact]
    public async Task Commands_that_look_for_a_batch_find_none_of_a_hostile_id_and_touch_nothing()
    {
        Plan("read: {files: in/a.csv}\nwrite: out/{name}.csv\n");
        Assert.Equal(0, (await TypedAsync("run", "plan.yaml", "-q", "--id", "good")).ExitCode);
        var before = Surroundings.Of(_work.Path);

        string[][] commands = [["batch", "show"], ["batch", "cancel"], ["batch", "retry"], ["batch", "wait"], ["report", "show"], ["report", "verify"], ["rejects", "show"], ["rejects", "list"]];
        foreach (var name in HostileNames.All.Where(name => name.Length > 0))
        {
            foreach (var command in commands)
            {
                var answer = await TypedAsync([.. command, "--", name]);
                Assert.True(answer.ExitCode == 2, $"{string.Join(' ', command)} {name}: {answer.ExitCode} {answer.Error}");
                Assert.NotEqual("", answer.Error);
            }
        }

        Assert.Empty(before.Changes());
    }

    [Fact]
    public async Task Files_and_folders_of_hostile_names_that_are_not_there_are_told_and_not_made()
    {
        Plan("read: {files: in/a.csv}\nwrite: out/{name}.csv\n");
        var before = Surroundings.Of(_work.Path);
        foreach (var name in HostileNames.All.Where(name => IsAskedFor(name)).Select(name => $"nothing/{name}"))
        {
            foreach (var command in (string[][])[["run", "plan.yaml", "--", name], ["inspect", "--", name], ["preview", "plan.yaml", "--", name], ["why", "--", $"{name}:1"], ["plan", "check", "--", name]])
            {
                var answer = await TypedAsync(command);
                Assert.True(answer.ExitCode is 1 or 2, $"{string.Join(' ', command)}: {answer.ExitCode} {answer.Out} {answer.Error}");
                Assert.NotEqual("", answer.Error);
            }
        }

        Assert.Empty(before.Changes());
    }

    [Fact]
    public async Task The_name_inside_of_an_archive_means_nothing()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Content));
        }

        // The flag for a name, and a name that leads out of the folder.
        byte[] plain = packed.ToArray();
        byte[] named = [.. plain[..3], 8, .. plain[4..10], .. "../../../evil.csv\0"u8, .. plain[10..]];
        await File.WriteAllBytesAsync("in/b.csv.gz", named);
        await File.WriteAllTextAsync("in/c.csv", "PK\u0003\u0004../../../evil.csv");
        Plan("read: {files: \"in/**\"}\nwrite: out/{name}.csv\n");
        var before = Surroundings.Of(_work.Path);

        var answer = await TypedAsync("run", "plan.yaml");

        Assert.Equal(4, answer.ExitCode);
        Assert.Equal(Content, await File.ReadAllTextAsync("out/b.csv"));
        Assert.Empty(before.Changes($"{Here}/out"));
    }

    [Theory]
    [InlineData("read: {files: \"in/\\0.csv\"}\nwrite: out/{name}.csv\n", "NUL")]
    [InlineData("read: {files: in/a.csv, exclude: [\"\\0\"]}\nwrite: out/{name}.csv\n", "NUL")]
    [InlineData("read: {files: in/a.csv}\nwrite: \"a\\0b/{name}.csv\"\n", "control character")]
    [InlineData("params: {x: \"\\e[31m\"}\nread: {files: in/a.csv}\nwrite: \"out{param.x}/{name}.csv\"\n", "control character")]
    public async Task A_plan_that_names_what_no_file_can_be_called_is_refused_with_a_reason(string plan, string why)
    {
        Plan(plan);
        var before = Surroundings.Of(_work.Path);

        var answer = await TypedAsync("run", "plan.yaml");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(why, answer.Error, StringComparison.Ordinal);
        Assert.Empty(before.Changes());
    }

    /// <summary>No system hands NUL to a command, and what leads back is there.</summary>
    private static bool IsAskedFor(string name) =>
        !name.Contains('\0', StringComparison.Ordinal) && name.Split('/').All(part => part is not ("" or "." or ".."));

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.Default };

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };

    /// <summary>Exactly one output below <c>out/</c>; or a refusal that says why, and nothing anywhere.</summary>
    private async Task<bool> IsWrittenBelowOutAsync(params string[] command)
    {
        var shown = string.Join(' ', command) + " " + await File.ReadAllTextAsync("plan.yaml");
        var before = Surroundings.Of(_work.Path);
        var answer = await TypedAsync(command);
        Assert.True(before.Changes($"{Here}/out").Count == 0, $"{shown}: {string.Join(' ', before.Changes($"{Here}/out"))}");
        var outputs = !Directory.Exists("out") ? [] : Directory.GetFiles("out", "*", Everything).Where(path => !path.Contains("/.orleansclean/", StringComparison.Ordinal)).ToArray();
        if (answer.ExitCode != 0)
        {
            Assert.True(answer.ExitCode is 1 or 2 && outputs.Length == 0, $"{shown}: {answer.ExitCode} {answer.Error} {string.Join(' ', outputs)}");
            Assert.True((answer.Error + answer.Out).Length > 20, shown);
        }
        else
        {
            Assert.Equal(Content, await File.ReadAllTextAsync(Assert.Single(outputs)));
        }

        if (Directory.Exists("out"))
        {
            Directory.Delete("out", recursive: true);
        }

        return answer.ExitCode == 0;
    }

    private static async Task<Answer> TypedAsync(params string[] words)
    {
        var answer = await Typed.Async(words);
        Assert.DoesNotContain("this is a bug", answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal-error", answer.Out + answer.Error, StringComparison.Ordinal);
        Assert.True(TerminalText.Harm(answer).ToArray() is [], $"{string.Join(' ', words)}: {string.Join(' ', TerminalText.Harm(answer))}");
        return answer;
    }

    private static void Plan(string rest) => File.WriteAllText("plan.yaml", $"plan: 1\nname: p\n{rest}");

    /// <summary>True if the system makes a file of that name below a folder.</summary>
    private static bool CanBeMade(string name) =>
        name.Length > 0 && !name.Contains('\0', StringComparison.Ordinal) && !name.Contains('\uD800', StringComparison.Ordinal)
        && name.Split('/').All(part => part is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(part) <= 240) && Encoding.UTF8.GetByteCount(name) <= 1_000;

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Content);
    }
}
