namespace OrleansClean.Cli.Output;

/// <summary>A word of a suggested command line, so that it can be copied into a shell.</summary>
internal static class ShellWord
{
    private const string Plain = "-_./:=,@%+~";

    /// <summary>The word itself, in single quotes if a shell would read it differently.</summary>
    public static string Of(string word)
    {
        var shown = Visible.Path(word);
        return shown.All(c => char.IsLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
            ? shown
            : $"'{shown.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
