namespace OrleansClean.Cli.Tests.Vocabulary;

/// <summary>Plans that tests share.</summary>
internal static class Plans
{
    /// <summary>Types a column and writes below <c>out/</c>.</summary>
    public const string Small = """
        plan: 1
        name: small
        read: {files: "in/*.csv"}
        steps:
          - parse: {value: decimal}
          - filter: value >= 0
        write: out/{name}.csv
        """;
}
