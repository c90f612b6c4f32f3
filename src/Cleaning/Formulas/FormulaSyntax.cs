namespace OrleansClean.Cleaning.Formulas;

/// <summary>A parsed formula, before it meets a header.</summary>
public abstract record FormulaSyntax
{
    private protected FormulaSyntax()
    {
    }

    /// <summary>
    /// The one way to write this formula: equal for formulas that differ only in blanks, letter case of words, needless
    /// parentheses and the way in which literals are written. Parameters stand as their values. Part of fingerprints.
    /// </summary>
    public abstract string ToCanonical();
}
