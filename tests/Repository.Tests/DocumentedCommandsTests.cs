using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace OrleansClean.Repository.Tests;

/// <summary>A command or a flag that stands in a document must exist: the command itself is asked.</summary>
public sealed partial class DocumentedCommandsTests
{
    private static readonly ConcurrentDictionary<string, string?> HelpByPath = new(StringComparer.Ordinal);

    [Fact]
    public void Every_command_and_flag_in_the_documents_exists()
    {
        var commands = DocumentedCommands();
        Assert.True(commands.Count >= 5, $"Only {commands.Count} commands found in the documents.");

        var wrong = commands.Select(command => (command, Problem: Check(command.Words)))
            .Where(entry => entry.Problem is not null)
            .Select(entry => $"{entry.command.Place}: {string.Join(' ', entry.command.Words)}: {entry.Problem}")
            .ToList();

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("run plan.yaml --wokers 4", "'run --help' does not list --wokers")]
    [InlineData("rnu plan.yaml", "no such command")]
    [InlineData("plan chekc plan.yaml", "no such command")]
    public void A_command_that_does_not_exist_is_noticed(string line, string problem) =>
        Assert.Equal(problem, Check(line.Split(' ')));

    [Fact]
    public void Every_file_that_the_documents_link_to_exists()
    {
        var links = House.FilesEndingIn(".md")
            .SelectMany(document => Link().Matches(House.Read(document)).Select(match => (document, Target: match.Groups["target"].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith('#'))
            .ToList();
        Assert.NotEmpty(links);

        var broken = links
            .Where(link => !Path.Exists(Path.Combine(House.Root, Path.GetDirectoryName(link.document)!, link.Target.Split('#')[0])))
            .Select(link => $"{link.document}: {link.Target}")
            .ToList();
        Assert.True(broken.Count == 0, $"Links to files that are not there:\n{string.Join('\n', broken)}");
    }

    [Fact]
    public void Every_heading_that_the_documents_link_to_exists()
    {
        var links = House.FilesEndingIn(".md")
            .SelectMany(document => Link().Matches(House.Read(document)).Select(match => (document, Target: match.Groups["target"].Value.Split('#'))))
            .Where(link => link.Target.Length == 2 && !link.Target[0].Contains("://", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(links);

        var broken = links
            .Where(link => !Anchors(link.Target[0] is "" ? link.document : Path.Combine(Path.GetDirectoryName(link.document)!, link.Target[0])).Contains(link.Target[1]))
            .Select(link => $"{link.document}: {string.Join('#', link.Target)}")
            .ToList();
        Assert.True(broken.Count == 0, $"Links to headings that are not there:\n{string.Join('\n', broken)}");
    }

    [Fact]
    public void Every_file_of_ours_that_the_documents_name_exists()
    {
        var named = House.FilesEndingIn(".md")
            .SelectMany(document => OwnFile().Matches(House.Read(document)).Select(match => (document, File: match.Groups["file"].Value)))
            .ToList();
        Assert.NotEmpty(named);

        var missing = named.Where(name => !House.Files.Contains(name.File)).Select(name => $"{name.document}: {name.File}").ToList();
        Assert.True(missing.Count == 0, $"Files that documents name and that are not there:\n{string.Join('\n', missing)}");
    }

    /// <summary>What a link may name in a document: its headings in lower case, blanks as hyphens, without other signs.</summary>
    private static HashSet<string> Anchors(string document) =>
        [.. House.Lines(document).Where(line => line.StartsWith('#')).Select(line => string.Concat(line.TrimStart('#').Trim().ToLowerInvariant()
            .Where(sign => char.IsAsciiLetterOrDigit(sign) || sign is ' ' or '-' or '_')).Replace(' ', '-'))];

    // Documents of decisions are left out: a page may speak of what was rejected.
    private static List<(string Place, string[] Words)> DocumentedCommands() =>
        [.. House.FilesEndingIn(".md")
            .Where(document => !document.StartsWith("docs/decisions/0", StringComparison.Ordinal))
            .SelectMany(document => House.Lines(document).SelectMany((line, index) =>
                CommandIn().Matches(line).Select(match => ($"{document}:{index + 1}", Words(match.Groups["words"].Value)))))];

    private static string[] Words(string text)
    {
        // Two spaces begin the remark beside a command; a sentence's own punctuation ends it.
        var command = Remark().Split(text)[0].TrimEnd('.', ',', ';', ':');
        return command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Check(string[] words)
    {
        var path = new List<string>();
        foreach (var word in words)
        {
            if (!CommandWord().IsMatch(word) || HelpOf([.. path, word]) is null)
            {
                break;
            }

            path.Add(word);
        }

        var help = HelpOf(path)!;
        var next = words.Skip(path.Count).FirstOrDefault();
        if (next is not null && CommandWord().IsMatch(next) && IsGroup(help))
        {
            return "no such command";
        }

        var unknown = words.Skip(path.Count).TakeWhile(word => word is not "--")
            .Where(word => word.Length > 1 && word[0] == '-')
            .Select(word => word.Split('=')[0])
            .FirstOrDefault(flag => !Flags(help).Contains(flag));
        return unknown is null ? null : $"'{string.Join(' ', path)} --help' does not list {unknown}";
    }

    private static bool IsGroup(string help) => help.Contains("Commands:", StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> Flags(string help) =>
        [.. Flag().Matches(help).Select(match => match.Groups["flag"].Value), "-h", "--help"];

    /// <summary>The help of a command, or null if there is none of this name.</summary>
    private static string? HelpOf(List<string> path) =>
        HelpByPath.GetOrAdd(string.Join(' ', path), _ =>
        {
            var (exitCode, output, _) = Command.Run([.. path, "--help"]);
            // A command that does not know its subcommand answers with its own help: the usage line says whose it is.
            return exitCode == 0 && (path.Count == 0 || UsageOf(path).IsMatch(output)) ? output : null;
        });

    private static Regex UsageOf(List<string> path) =>
        new($@"orleansclean {string.Join(' ', path)}\b", RegexOptions.NonBacktracking);

    [GeneratedRegex(@"(^\s*(\$ )?|`)(?:orleansclean|dotnet run (?:-c Release )?--project src/Cli --) (?<words>[^`#]*[^`# ])", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CommandIn();

    [GeneratedRegex(@"\s{2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Remark();

    [GeneratedRegex("^[a-z]+$", RegexOptions.NonBacktracking)]
    private static partial Regex CommandWord();

    [GeneratedRegex(@"(^|[\s,\[|(`'])(?<flag>--?[a-z][a-z-]*)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Flag();

    [GeneratedRegex(@"`(?<file>(src|tests|docs|samples|eng|bench)/[A-Za-z0-9_./-]+\.(cs|csproj|md|yaml|csv|json|txt|sh))`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex OwnFile();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
