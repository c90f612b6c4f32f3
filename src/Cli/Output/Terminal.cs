using Spectre.Console;

namespace OrleansClean.Cli.Output;

/// <summary>
/// The two streams that a command may write: data goes to <see cref="Out"/>, what is said about it to
/// <see cref="Error"/>. Nothing else in the command touches the console.
/// </summary>
internal sealed class Terminal
{
    /// <summary>The width of what is not a terminal, so that files and pipes hold the same text everywhere.</summary>
    public const int DefaultWidth = 120;

    /// <summary>Where data goes: ledgers, tables, JSON.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where messages and progress go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input, for data as bytes.</summary>
    public Func<Stream> OpenIn { get; init; } = StandardInput.Open;

    /// <summary>Opens what <see cref="Out"/> writes to, for data as bytes.</summary>
    public Func<Stream> OpenOut { get; init; } = StandardOutput.Open;

    /// <summary>A person looks at <see cref="Error"/>: a moving bar is welcome.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>Colour may be used on <see cref="Error"/>. <c>NO_COLOR</c> forbids it.</summary>
    public bool HasColor { get; init; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess()
    {
        var isTerminal = !Console.IsErrorRedirected;
        var isDumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Terminal
        {
            Out = Utf8(Console.OpenStandardOutput()),
            Error = TextWriter.Synchronized(Utf8(Console.OpenStandardError())),
            ErrorIsTerminal = isTerminal && !isDumb,
            HasColor = isTerminal && !isDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = Console.IsOutputRedirected ? DefaultWidth : Math.Clamp(WindowWidth(), 60, 240),
        };
    }

    /// <summary>Writes a line of data.</summary>
    public void Line(string text = "") => Out.Write(text + "\n");

    /// <summary>Writes a message for a person.</summary>
    public void Say(string text) => Error.Write(text + "\n");

    /// <summary>Writes a table as plain text: no colour, no cursor movement, no blanks at the ends of lines.</summary>
    public void Write(Table table)
    {
        using var text = new StringWriter();
        ConsoleOver(text, AnsiSupport.No, ColorSystemSupport.NoColors).Write(table);
        foreach (var line in text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            Line(line.TrimEnd());
        }
    }

    /// <summary>A Spectre console over <see cref="Error"/> for a moving bar.</summary>
    public IAnsiConsole Bars() => ConsoleOver(
        Error,
        ErrorIsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
        HasColor ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors);

    private IAnsiConsole ConsoleOver(TextWriter writer, AnsiSupport ansi, ColorSystemSupport colors)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = ansi,
            ColorSystem = colors,
            Interactive = ansi == AnsiSupport.Yes ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Width;
        return console;
    }

    // Each write reaches the stream at once: what was said before a crash is seen.
    private static StreamWriter Utf8(Stream stream) =>
        new(stream, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
