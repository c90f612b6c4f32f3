namespace OrleansClean.Execution.Inputs;

/// <summary>The form in which two names are equal that some file system takes for one: without regard to letter case.</summary>
internal static class NameFold
{
    public static string Of(string name) => Composition.Compose(name).ToUpperInvariant();
}
