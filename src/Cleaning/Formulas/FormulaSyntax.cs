namespace OrleansClean.Cleaning.Formulas;

/// <summary>A parsed formula, before it meets a header.</summary>
public abstract record FormulaSyntax
{
    private protected FormulaSyntax()
    {
    }
}
