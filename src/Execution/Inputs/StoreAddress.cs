namespace OrleansClean.Execution.Inputs;

/// <summary>Addresses of stores that are no folders: <c>SCHEME://NAME/CONTAINER/PREFIX</c>.</summary>
internal static class StoreAddress
{
    private const string Mark = "://";

    /// <summary>True for an address.</summary>
    public static bool Is(string text) => text.Contains(Mark, StringComparison.Ordinal);

    /// <summary>What is below an address under a name.</summary>
    public static string Join(string address, string name)
    {
        var inner = string.Join('/', name.Split('/').Where(part => part is not ("" or ".")));
        return inner.Length == 0 ? address.TrimEnd('/') : $"{address.TrimEnd('/')}/{inner}";
    }

    /// <summary>The container and what is written below it: <c>blob://a/in/2026/*.csv</c> is <c>blob://a/in</c> and <c>2026/*.csv</c>.</summary>
    public static (string Container, string Inner) Split(string address)
    {
        var parts = address.Split('/', 5);
        return (string.Join('/', parts.Take(4)).TrimEnd('/'), parts.Length < 5 ? "" : parts[4].Trim('/'));
    }
}
