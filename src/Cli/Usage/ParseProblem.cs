using System.CommandLine;
using System.CommandLine.Parsing;

namespace OrleansClean.Cli.Usage;

/// <summary>What is wrong with a command line, in the words of this command and not of its parser.</summary>
internal static class ParseProblem
{
    /// <summary>The first problem of <paramref name="parsed"/>, which has one.</summary>
    public static string Of(ParseResult parsed)
    {
        var error = parsed.Errors[0];
        return error.SymbolResult switch
        {
            ArgumentResult { Tokens.Count: 0, Argument: { } argument, Parent: CommandResult } => $"{argument.HelpName ?? argument.Name} is missing.",
            OptionResult { Tokens.Count: 0, IdentifierToken: { } typed, Option: { } option } => $"{typed.Value} needs a value: {typed.Value} {option.HelpName ?? "VALUE"}",
            _ when parsed.UnmatchedTokens.Count > 0 => $"There is no place for '{parsed.UnmatchedTokens[0]}'.",
            _ => error.Message,
        };
    }
}
