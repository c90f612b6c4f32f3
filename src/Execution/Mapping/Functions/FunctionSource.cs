using System.Reflection;
using System.Runtime.Loader;

namespace OrleansClean.Execution.Mapping.Functions;

/// <summary>Where functions come from: this assembly, or a library of the user's.</summary>
internal static class FunctionSource
{
    /// <summary>The functions that come with the command.</summary>
    public static FunctionFinder BuiltIn { get; } = new(typeof(SampleFunctions).Assembly, "OrleansClean");

    /// <summary>The functions of the library at <paramref name="path"/>. Throws <see cref="UsageException"/> if it is none.</summary>
    public static FunctionFinder Load(string path)
    {
        try
        {
            return new FunctionFinder(new LibraryContext(Path.GetFullPath(path)).LoadFromAssemblyPath(Path.GetFullPath(path)), $"'{path}'");
        }
        catch (BadImageFormatException)
        {
            throw new UsageException($"'{path}' is no .NET library. `dotnet build` makes one from a project: give its .dll.");
        }
        catch (Exception e) when (e is FileNotFoundException or FileLoadException)
        {
            throw new UsageException($"'{path}' cannot be loaded: {e.Message}");
        }
    }

    /// <summary>
    /// Loads a library with what lies beside it. What comes from this project is taken from here, so that there is one of each of our types.
    /// </summary>
    private sealed class LibraryContext(string path) : AssemblyLoadContext("map functions")
    {
        private readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name?.StartsWith("OrleansClean.", StringComparison.Ordinal) is not true && _resolver.ResolveAssemblyToPath(assemblyName) is { } found
                ? LoadFromAssemblyPath(found)
                : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
    }
}
