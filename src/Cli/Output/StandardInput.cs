namespace OrleansClean.Cli.Output;

/// <summary>Standard input as bytes.</summary>
internal static class StandardInput
{
    /// <summary>Opens it.</summary>
    public static Stream Open()
    {
        Pipes.Widen(0);
        return Console.OpenStandardInput();
    }
}
