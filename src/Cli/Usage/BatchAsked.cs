using System.CommandLine;
using OrleansClean.Cli.Stores;
using OrleansClean.Execution.State;
using OrleansClean.Storage.AzureBlobs;

namespace OrleansClean.Cli.Usage;

/// <summary>Which batch a command looks at: <c>--out</c> says the folder, an id the batch; by default the newest one near.</summary>
internal sealed class BatchAsked
{
    private readonly Option<string?> _folder = new("--out")
    {
        Description = "The output folder of the batch. Default: the newest batch in, above or below the working folder.",
        HelpName = "DIR",
    };

    private readonly Argument<string?> _id = new("ID")
    {
        Description = "The batch. Default: the latest.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Adds the argument and the option to <paramref name="command"/>.</summary>
    public void AddTo(Command command)
    {
        command.Add(_id);
        AddFolderTo(command);
    }

    /// <summary>Adds the option alone: the command always looks at the latest batch.</summary>
    public void AddFolderTo(Command command) => command.Add(_folder);

    /// <summary>The id that was given, or null for the latest.</summary>
    public string? Id(ParseResult parsed) => parsed.GetValue(_id);

    /// <summary>The state that the batch is in.</summary>
    public StateFolder State(ParseResult parsed) => parsed.GetValue(_folder) is { } folder
        ? StateFolder.Open(folder, CommandStores.Instance)
        : StateFolder.Find(Environment.CurrentDirectory, CommandStores.Instance);

    /// <summary>A folder as a person would write it from here.</summary>
    public static string Shown(string folder)
    {
        if (BlobConnections.IsAddress(folder))
        {
            return folder;
        }

        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? folder : $"{relative}/";
    }

    /// <summary>Options that find the state of <paramref name="outputRoot"/> again from here; empty if none are needed.</summary>
    public static string Words(string outputRoot)
    {
        if (BlobConnections.IsAddress(outputRoot))
        {
            return $"--out {Output.ShellWord.Of(outputRoot)}";
        }

        try
        {
            var found = StateFolder.Find(Environment.CurrentDirectory).OutputRoot;
            if (string.Equals(Full(found), Full(outputRoot), StringComparison.Ordinal))
            {
                return "";
            }
        }
        catch (Execution.UsageException)
        {
            // There is none near: the folder must be said.
        }

        return $"--out {Output.ShellWord.Of(Shown(outputRoot))}";
    }

    private static string Full(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}
