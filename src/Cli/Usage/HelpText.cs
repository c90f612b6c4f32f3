using System.CommandLine;
using System.Text;
using OrleansClean.Cli.Output;

namespace OrleansClean.Cli.Usage;

/// <summary>The help of a command as text: what it does, how it is typed, what it takes, and lines that work.</summary>
internal static class HelpText
{
    private const int LeftMax = 30;
    private const int ExampleMax = 56;

    /// <summary>The help of <paramref name="command"/>, at most <paramref name="width"/> columns wide.</summary>
    public static string Of(Command command, int width)
    {
        var text = new StringBuilder();
        Paragraph(text, command.Description ?? "", "", width);
        text.Append('\n');
        Section(text, "Usage", [Usage(command)]);
        Rows(text, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")), width);
        Rows(text, "Arguments", command.Arguments.Select(a => (Label(a), a.Description ?? "")), width);
        Rows(text, "Options", command.Options.Where(o => !o.Hidden).Select(o => (Label(o), o.Description ?? "")), width);
        if (command is Card card)
        {
            Rows(text, "Examples", card.Examples.Select(e => (e.Line, e.Does)), width, ExampleMax);
            if (card.Remarks is { } remarks)
            {
                Paragraph(text, remarks, "", width);
                text.Append('\n');
            }
        }

        if (command.Subcommands.Count > 0)
        {
            text.Append('\'').Append(CommandPath.Of(command)).Append(" COMMAND --help' says more about one of them.\n");
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Usage(Command command)
    {
        var words = new StringBuilder(CommandPath.Of(command));
        if (command.Subcommands.Count > 0)
        {
            return words.Append(" COMMAND").ToString();
        }

        foreach (var argument in command.Arguments)
        {
            words.Append(' ').Append(argument.Arity.MinimumNumberOfValues == 0 ? $"[{Label(argument)}]" : Label(argument));
        }

        return words.Append(command.Options.Any(o => o is not System.CommandLine.Help.HelpOption) ? " [options]" : "").ToString();
    }

    private static string Label(Argument argument) => argument.HelpName ?? argument.Name;

    private static string Label(Option option)
    {
        var names = option.Aliases.Where(a => a is not "-?" and not "/?" and not "/h").Append(option.Name)
            .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal);
        var value = option.Arity.MaximumNumberOfValues == 0 ? "" : $" {option.HelpName ?? "VALUE"}";
        return string.Join(", ", names) + value;
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        text.Append(title).Append(":\n");
        foreach (var line in lines)
        {
            text.Append("  ").Append(line).Append('\n');
        }

        text.Append('\n');
    }

    private static void Rows(StringBuilder text, string title, IEnumerable<(string Left, string Right)> rows, int width, int leftMax = LeftMax)
    {
        var list = rows.ToList();
        if (list.Count == 0)
        {
            return;
        }

        // A column as wide as its widest entry that is not unreasonably wide; wider ones get a line of their own.
        var left = list.Where(row => row.Left.Length <= leftMax).Select(row => row.Left.Length).DefaultIfEmpty(leftMax).Max();
        text.Append(title).Append(":\n");
        foreach (var (label, description) in list)
        {
            text.Append("  ").Append(label);
            if (label.Length > left)
            {
                text.Append('\n').Append(' ', left + 2);
            }
            else
            {
                text.Append(' ', left - label.Length);
            }

            text.Append("  ");
            var indent = new string(' ', left + 4);
            text.Append(Wrapped(description, indent, Math.Min(width, Terminal.DefaultWidth) - indent.Length)).Append('\n');
        }

        text.Append('\n');
    }

    private static void Paragraph(StringBuilder text, string words, string indent, int width)
    {
        foreach (var line in words.Split('\n'))
        {
            text.Append(indent).Append(Wrapped(line, indent, Math.Min(width, Terminal.DefaultWidth) - indent.Length)).Append('\n');
        }
    }

    private static string Wrapped(string words, string indent, int width)
    {
        var text = new StringBuilder();
        var column = 0;
        foreach (var word in words.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > width)
            {
                text.Append('\n').Append(indent);
                column = 0;
            }
            else if (column > 0)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        return text.ToString();
    }
}
