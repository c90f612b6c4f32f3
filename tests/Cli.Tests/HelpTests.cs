using OrleansClean.Cli.Output;
using OrleansClean.Cli.Tests.Vocabulary;
using OrleansClean.Cli.Usage;

namespace OrleansClean.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> EveryCommand
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var card in Cards().Select(card => card.Name).Prepend(""))
            {
                names.Add(card);
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Every_command_explains_itself_on_standard_output(string command)
    {
        var answer = await Typed.Async([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, answer.ExitCode);
        Assert.Empty(answer.Error);
        Approved.Matches($"help-{(command.Length == 0 ? "root" : command.Replace(' ', '-'))}", answer.Out);
    }

    [Fact]
    public void Every_command_shows_examples_that_begin_with_its_own_name()
    {
        var cards = Cards().Where(card => card.Card is not Group).ToList();

        Assert.NotEmpty(cards);
        Assert.All(cards, card => Assert.NotEmpty(card.Card.Examples));
        Assert.All(cards, card => Assert.All(card.Card.Examples, e => Assert.StartsWith($"orleansclean {card.Name}", e.Line, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_command_help_is_shown_and_the_exit_code_says_that_nothing_was_done()
    {
        var answer = await Typed.Async();

        Assert.Equal(2, answer.ExitCode);
        Assert.Empty(answer.Out);
        Assert.Contains("Commands:", answer.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, Card Card)> Cards()
    {
        var terminal = new Terminal { Out = TextWriter.Null, Error = TextWriter.Null };
        return Below(CommandLine.Root(terminal), "");
    }

    private static IEnumerable<(string Name, Card Card)> Below(Card parent, string path) =>
        parent.Subcommands.OfType<Card>().SelectMany(card =>
        {
            var name = $"{path} {card.Name}".Trim();
            return Below(card, name).Prepend((name, card));
        });
}
