using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests.Hostile;

/// <summary>
/// Names, headers, cells and plans full of escapes and direction marks, through every command in every form: nothing that a terminal would
/// obey comes out. A command that is new must be added here: the list is held against the catalogue.
/// </summary>
public sealed class TerminalSweepTests : IDisposable
{
    /// <summary>Colours, cursor, title, a link, a bell, C1 controls, backspaces, direction marks, a hidden blank, line separators.</summary>
    private const string Evil = "\u001b[31m\u001b[2J\u001b]0;x\u0007\u001b]8;;http://x\u001b\\\u009b31m\b\u0085\u202e\u2066\u200b\u2028\u00ad\u007f";

    private readonly WorkFolder _work = new WorkFolder()
        .With("plan.yaml", Plan("p", "in/*.csv"))
        .With("evil.yaml", Plan($"p\u202e{Evil}", Evil) + $"{Evil}: {Evil}\n")
        .With("named.yaml", Plan("named", "in/*.csv").Replace("about: x", $"about: {Json(Evil)}\nparams: {{p: {Json(Evil)}}}", StringComparison.Ordinal))
        .With("tests.yaml", Plan("p", "in/*.csv") + $"tests: [{{name: {Json("t" + Evil)}, given: {Json($"id,value\n1,{Evil}\n")}, expect: {Json($"id\n{Evil}\n")}}}]\n")
        .With("in/a.csv", $"id,value,h{Evil}\n1,2,{Evil}\n{Evil},x,3\n3,{Evil},4\n4,5\n\"a\"{Evil},1,2\n5,9{Evil},\"\n")
        .With($"in/n{Name()}.csv", $"id,value\n1,2\n{Evil},{Evil}\n")
        .With($"in/m{Name()}.csv", $"{Evil}\n{Evil}\n")
        .With("in/half.csv", $"id;value{Evil}\n1;2\n");

    /// <summary>A file's name may hold anything but a slash and NUL.</summary>
    private static string Name() => Evil.Replace("/", "", StringComparison.Ordinal);

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task No_command_lets_a_control_character_reach_the_terminal()
    {
        var evil = $"in/n{Name()}.csv";
        string[][] commands =
        [
            ["run", "plan.yaml", "-v", "--progress", "plain", "--log", "log.txt"], ["run", "plan.yaml", "-n"], ["run", "named.yaml", "--force", "--out", $"x{Name()}"],
            ["run", "plan.yaml", "--force", "-o", "json"], ["run", "plan.yaml", "--force", "-o", "jsonl", "--progress", "json"], ["run", "evil.yaml"], ["run", $"no{Evil}.yaml"],
            ["run", "plan.yaml", $"no{Evil}.csv"], ["run", "plan.yaml", $"--{Evil}"], ["run", "plan.yaml", "--id", Evil], ["run", "plan.yaml", "--param", $"x={Evil}"],
            ["run", "plan.yaml", "--workers", Evil], ["run", "plan.yaml", "--max-rejects", Evil],
            ["preview", "plan.yaml", "in/a.csv"], ["preview", "plan.yaml", "in/a.csv", "-o", "json"], ["preview", "plan.yaml", evil], ["preview", "plan.yaml", $"no{Evil}"],
            ["why", "in/a.csv:2"], ["why", "in/a.csv:3"], ["why", "in/a.csv:6"], ["why", "in/a.csv:2", "-o", "json"], ["why", $"{evil}:3"], ["why", $"no{Evil}:1"],
            ["inspect", "in/a.csv", evil], ["inspect", "in/a.csv", "-o", "json"], ["inspect", $"no{Evil}"],
            ["demo", "--seed", "1"],
            ["map", "--list"], ["map", Evil, "--inputs", "in/a.csv"], ["map", "square", "--inputs", "in/a.csv"], ["map", "length", "--inputs", evil, "-o", "text"], ["map", "square", "--library", evil, "--inputs", "in/a.csv"],
            ["array", "evil.yaml"], ["array", evil], ["array", "plan.yaml", evil],
            ["bench", "plan.yaml", "in/a.csv", evil, "--repeat", "1"],
            ["plan", "new", "--from", "in/a.csv"], ["plan", "new", "--from", evil], ["plan", "check", "evil.yaml"], ["plan", "check", "plan.yaml", "in/a.csv", evil], ["plan", "test", "tests.yaml"],
            ["plan", "explain", "named.yaml"], ["plan", "explain", "evil.yaml"], ["plan", "schema"],
            ["rejects", "show"], ["rejects", "show", "-o", "jsonl"], ["rejects", "show", "--file", evil], ["rejects", "show", "--code", Evil], ["rejects", "list"], ["rejects", "export", "--to", $"e{Name()}.csv"], ["rejects", "export", "--to", $"no{Name()}/e.csv"], ["rejects", "export", "-o", "jsonl"],
            ["report", "show"], ["report", "show", "-o", "json"], ["report", "show", "-o", "jsonl"], ["report", "verify"], ["report", "show", Evil], ["report", "verify", "--out", Evil],
            ["batch", "list"], ["batch", "show"], ["batch", "show", "-o", "json"], ["batch", "wait"], ["batch", "cancel"], ["batch", "retry"], ["batch", "resume"], ["batch", "prune"],
            ["batch", "show", Evil], ["batch", "wait", Evil], ["batch", "cancel", Evil], ["batch", "retry", Evil],
            ["version"], [Evil], ["plan", Evil], [$"ru{Evil}"],
        ];
        var found = new List<string>();
        foreach (var command in commands)
        {
            var answer = await Typed.Async(command);
            Assert.NotEqual("", answer.Out + answer.Error);
            found.AddRange(TerminalText.Harm(answer).Select(harm => $"{string.Join(' ', command).Replace(Evil, "EVIL", StringComparison.Ordinal).Replace(Name(), "NAME", StringComparison.Ordinal)}: {harm}"));
        }

        var log = TerminalText.Harm(await File.ReadAllTextAsync("log.txt")).Select(harm => $"log.txt: {harm}");
        Assert.True(found.Concat(log).ToArray() is [], string.Join('\n', found.Concat(log)));
        Assert.Equal(Leaves(CommandLine.Root(TerminalOf()), ""), commands.Select(Path).Where(path => path.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static Output.Terminal TerminalOf() => new() { Out = TextWriter.Null, Error = TextWriter.Null };

    /// <summary>The command's words: one, or two in a group.</summary>
    private static string Path(string[] command)
    {
        var root = CommandLine.Root(TerminalOf());
        var first = root.Subcommands.FirstOrDefault(c => c.Name == command[0]);
        return first is null ? ""
            : first.Subcommands.Count == 0 ? first.Name
            : command.Length > 1 && first.Subcommands.FirstOrDefault(c => c.Name == command[1]) is { } second ? $"{first.Name} {second.Name}" : "";
    }

    private static IEnumerable<string> Leaves(System.CommandLine.Command command, string path) =>
        (command.Subcommands.Count == 0 ? [path] : command.Subcommands.SelectMany(sub => Leaves(sub, $"{path} {sub.Name}".Trim()))).Order(StringComparer.Ordinal);

    private static string Plan(string name, string files) =>
        $"plan: 1\nname: {name}\nabout: x\nread: {{files: {Json(files)}, delimiter: comma, header: 1}}\nsteps:\n  - parse: {{value: decimal}}\n  - dedupe: all\nwrite: out/{{name}}.csv\n";

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
