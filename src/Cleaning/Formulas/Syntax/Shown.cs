namespace OrleansClean.Cleaning.Formulas;

/// <summary>Parts of formulas in messages, bounded.</summary>
internal static class Shown
{
    /// <summary>The node in its one spelling.</summary>
    public static string Formula(FormulaSyntax syntax) => Shorten(syntax.ToCanonical());

    /// <summary>At most 60 characters, on one line.</summary>
    public static string Shorten(string text)
    {
        var start = text.Length <= 60 ? text : $"{text[..60]}…";
        return string.Concat(start.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
