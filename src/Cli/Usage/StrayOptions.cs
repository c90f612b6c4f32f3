using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Cli.Usage;

/// <summary>
/// Finds words that look like options and are none. A parser that takes any number of files would make <c>--wokers 4</c>
/// two files, and the run would quietly use another number of workers.
/// </summary>
internal static class StrayOptions
{
    /// <summary>A message for the first such word, or null.</summary>
    public static string? Find(IReadOnlyList<string> arguments, ParseResult parsed)
    {
        var takenAsText = parsed.Tokens
            .Where(token => token.Type == TokenType.Argument)
            .Select(token => token.Value)
            .Concat(parsed.UnmatchedTokens)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            if (argument is "--")
            {
                return null;
            }

            if (argument.Length > 1 && argument[0] == '-' && takenAsText.Contains(argument))
            {
                return Message(argument, parsed.CommandResult.Command);
            }
        }

        return null;
    }

    private static string Message(string argument, Command command)
    {
        var typed = argument.Split('=', ':')[0];
        var nearest = Nearest.Of(typed, OptionNames(command));
        var hint = nearest is null
            ? $"'{CommandPath.Of(command)} --help' lists the options."
            : $"Did you mean {nearest}?";
        var file = command.Arguments.Count > 0
            ? $" If it is a file, put it after --: {CommandPath.Of(command)} … -- {Output.Visible.Path(argument)}"
            : "";
        return $"There is no option {Output.Visible.Path(typed)}. {hint}{(nearest is null ? file : "")}";
    }

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Append(option.Name)).Append("--help");
}

/// <summary>A command as it is typed: <c>orleansclean plan check</c>.</summary>
internal static class CommandPath
{
    /// <summary>The words from the root to <paramref name="command"/>.</summary>
    public static string Of(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Of(parent)} {command.Name}" : command.Name;
}
