using System.CommandLine;
using System.CommandLine.Help;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Clusters;
using OrleansClean.Cli.Commands;
using OrleansClean.Cli.Output;
using OrleansClean.Cli.Usage;
using OrleansClean.Execution;
using OrleansClean.Storage;

namespace OrleansClean.Cli;

/// <summary>The whole command as one function: words in, text and an exit code out.</summary>
internal static class CommandLine
{
    /// <summary>
    /// Carries out one command line, with clusters if there is a <paramref name="door"/> to them. Every outcome is an exit code; no exception leaves.
    /// </summary>
    public static async Task<int> InvokeAsync(
        IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken, IClusterDoor? door = null)
    {
        var root = Root(terminal, door);
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var isGroup = parsed.CommandResult.Command.Subcommands.Count > 0;
        if (AsksForHelp(parsed) && !(isGroup && parsed.UnmatchedTokens.Count > 0))
        {
            terminal.Out.Write(HelpText.Of(parsed.CommandResult.Command, terminal.Width));
            return 0;
        }

        if (StrayOptions.Find(arguments, parsed) is { } stray)
        {
            return Refuse(terminal, stray);
        }

        if (isGroup)
        {
            return NoCommand(terminal, parsed.CommandResult.Command, parsed.UnmatchedTokens);
        }

        if (parsed.Errors.Count > 0)
        {
            var asked = CommandPath.Of(parsed.CommandResult.Command);
            return Refuse(terminal, $"{ParseProblem.Of(parsed)}\n'{asked} --help' shows how it is typed.");
        }

        return await RunAsync(parsed, terminal, cancellationToken);
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            // Signals and exceptions are ours: the library would exit 1 for every one of them.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = terminal.Out,
                Error = terminal.Error,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (UsageException problem)
        {
            return Refuse(terminal, problem.Message);
        }
        catch (PlanException problems)
        {
            terminal.Say(Visible.Message(problems.Message));
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (FileFailedException failure) when (failure.InnerException is PlanException problems)
        {
            terminal.Say(Visible.Message(problems.Message));
            return ExitCodes.Usage;
        }
        catch (FileFailedException failure)
        {
            terminal.Say($"orleansclean: {failure.Code}: {Visible.Message(failure.Message)}");
            return ExitCodes.Failed;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or StorageException)
        {
            terminal.Say($"orleansclean: {Visible.Message(failure.Message)}");
            return ExitCodes.Failed;
        }
#pragma warning disable CA1031 // A bug: it is shown whole, so that it can be reported. A core dump would help nobody who cleans files.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            terminal.Say($"orleansclean: this is a bug, please report it with the lines below.\n{Visible.Message(bug.ToString())}");
            return ExitCodes.Failed;
        }
    }

    private static int NoCommand(Terminal terminal, Command group, IReadOnlyList<string> unmatched)
    {
        if (unmatched.Count == 0)
        {
            terminal.Error.Write(HelpText.Of(group, terminal.Width));
            return ExitCodes.Usage;
        }

        var nearest = Nearest.Of(unmatched[0], group.Subcommands.Select(command => command.Name));
        var hint = nearest is null ? $"'{CommandPath.Of(group)} --help' lists them." : $"Did you mean '{CommandPath.Of(group)} {nearest}'?";
        return Refuse(terminal, $"There is no command '{Visible.Path(unmatched[0])}'. {hint}");
    }

    private static int Refuse(Terminal terminal, string message)
    {
        terminal.Say($"orleansclean: {Visible.Message(message)}");
        return ExitCodes.Usage;
    }

    private static bool AsksForHelp(ParseResult parsed) => parsed.Action is HelpAction;

    internal static Group Root(Terminal terminal, IClusterDoor? door = null)
    {
        var root = new Group(
            "orleansclean",
            "Cleans many CSV files at once with one plan, and accounts for every row.",
            Catalogue.Commands(terminal, door))
        {
            Examples =
            [
                new("orleansclean demo", "see it work on 200 messy files"),
                new("orleansclean inspect in/*.csv", "what kind of CSV is this?"),
                new("orleansclean plan new --from in/a.csv > plan.yaml", "a plan to begin with"),
                new("orleansclean preview plan.yaml in/a.csv", "what it would do to the first rows"),
                new("orleansclean run plan.yaml", "do it"),
            ],
        };
        root.Add(new HelpOption("--help", "-h") { Description = "Show how a command is typed, with examples.", Recursive = true });
        return root;
    }
}
