using System.CommandLine;

namespace OrleansClean.Cli.Usage;

/// <summary>A command line that works, and what it does.</summary>
internal sealed record Example(string Line, string Does);

/// <summary>A command as its help shows it: what it does, what it takes, what it answers, and examples to type.</summary>
internal abstract class Card(string name, string description) : Command(name, description)
{
    /// <summary>Lines to type, shown by <c>--help</c>.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>What else a user of this command wants to know, or null.</summary>
    public string? Remarks { get; init; }
}

/// <summary>A command that only holds others.</summary>
internal sealed class Group : Card
{
    public Group(string name, string description, params ReadOnlySpan<Command> commands)
        : base(name, description)
    {
        foreach (var command in commands)
        {
            Add(command);
        }
    }
}
