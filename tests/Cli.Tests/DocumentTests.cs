using System.Text.RegularExpressions;
using OrleansClean.Cli.Tests.Vocabulary;

namespace OrleansClean.Cli.Tests;

/// <summary>What <c>docs/cli.md</c> shows is what the command prints: each of its blocks is an approved text.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_block_in_the_document_is_what_the_command_prints()
    {
        var path = Path.Combine(WorkingTree.Root, "docs", "cli.md");
        var document = File.ReadAllText(path);
        var shown = 0;
        var expected = Block().Replace(document, block =>
        {
            shown++;
            var name = block.Groups["name"].Value;
            return $"<!-- approved: {name} -->\n```text\n{block.Groups["prompt"].Value}{Approved.Read(name).TrimEnd('\n')}\n```";
        });
        if (Approved.IsUpdating)
        {
            File.WriteAllText(path, expected);
        }

        Assert.True(shown >= 20, $"Only {shown} blocks.");
        Assert.Equal(expected, File.ReadAllText(path));
    }

    [GeneratedRegex(@"<!-- approved: (?<name>[a-z-]+) -->\n```text\n(?<prompt>(\$ [^\n]*\n)?)[\s\S]*?```", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Block();
}
