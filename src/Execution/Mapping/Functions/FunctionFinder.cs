using System.Reflection;
using System.Runtime.CompilerServices;
using OrleansClean.Cleaning.Plans;

namespace OrleansClean.Execution.Mapping.Functions;

/// <summary>A method that is marked as a map function; whether it can be called is another question.</summary>
/// <param name="Name">The name in the mark.</param>
/// <param name="Method">The method.</param>
/// <param name="Mark">The mark.</param>
internal sealed record MarkedMethod(string Name, MethodInfo Method, MapFunctionAttribute Mark)
{
    /// <summary>Where it is, for messages.</summary>
    public string Place => $"the method {Method.DeclaringType!.FullName?.Replace('+', '.')}.{Method.Name}({string.Join(", ", Method.GetParameters().Select(p => p.ParameterType.Name))})";

    /// <summary>What is wrong if it is a lambda or a local function; else null.</summary>
    public string? Closure
    {
        get
        {
            if (!Method.Name.StartsWith('<') && Method.DeclaringType!.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
            {
                return null;
            }

            var outer = Method.DeclaringType;
            while (outer!.DeclaringType is { } next)
            {
                outer = next;
            }

            var within = Method.Name.IndexOf('>', StringComparison.Ordinal) is var end and > 1 ? $"{outer.Name}.{Method.Name[1..end].Trim('<', '$')}" : outer.Name;
            var captured = Method.DeclaringType!.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(captive => captive.Name).ToList();
            var what = Method.IsStatic || captured.Count == 0 ? "" : $" It captures {string.Join(", ", captured)}, which no worker process has.";
            return $"is a lambda or local function in {within}.{what} Make it a static method of a class, and what it captures parameters that --param gives.";
        }
    }

    /// <summary>As a list shows it.</summary>
    public MapFunctionInfo ToInfo() => new(Name, FunctionBinder.Signature(Method), Mark.About, Mark.Example, Mark.IsPure);
}

/// <summary>Finds the map functions of an assembly by their mark.</summary>
internal sealed class FunctionFinder(Assembly assembly, string place)
{
    private readonly Type[] _types = TypesOf(assembly, place);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<MarkedMethod> All() =>
        [.. Methods().Select(Marked).OfType<MarkedMethod>().OrderBy(marked => marked.Name, StringComparer.Ordinal)];

    /// <summary>The one of this name. Throws <see cref="UsageException"/> that says what there is instead.</summary>
    public MarkedMethod Find(string name)
    {
        var all = All();
        var found = all.Where(marked => marked.Name == name).ToList();
        return found.Count switch
        {
            1 => found[0],
            > 1 => throw new UsageException($"{place} has {found.Count} functions '{name}': {string.Join(" and ", found.Select(marked => marked.Place))}. Give each its own name."),
            _ => throw new UsageException($"There is no function '{name}' in {place}. {Hint(name, all)}"),
        };
    }

    private string Hint(string name, IReadOnlyList<MarkedMethod> all)
    {
        if (Nearest.Of(name, all.Select(marked => marked.Name)) is { } nearest)
        {
            return $"Did you mean '{nearest}'?";
        }

        var bare = Bare(name);
        if (Methods().FirstOrDefault(method => Bare(method.Name) == bare || Bare($"{method.DeclaringType!.Name}{method.Name}") == bare) is { } unmarked)
        {
            return $"There is the method {unmarked.DeclaringType!.FullName}.{unmarked.Name}, without a mark: put [MapFunction(\"{name}\")] above it.";
        }

        return all.Count == 0
            ? "It has no map functions: put [MapFunction(\"name\")] above a static method."
            : $"It has {string.Join(", ", all.Take(20).Select(marked => marked.Name))}.";
    }

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    private IEnumerable<MethodInfo> Methods() => _types.SelectMany(type =>
        type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));

    // By its name, so that a library that was built with another version of the mark is understood, too.
    private static MarkedMethod? Marked(MethodInfo method)
    {
        var data = method.CustomAttributes.FirstOrDefault(a => a.AttributeType.FullName == typeof(MapFunctionAttribute).FullName);
        if (data is null)
        {
            return null;
        }

        var mark = new MapFunctionAttribute(data.ConstructorArguments.FirstOrDefault().Value as string ?? method.Name);
        foreach (var named in data.NamedArguments)
        {
            switch (named.MemberName)
            {
                case nameof(MapFunctionAttribute.About): mark.About = named.TypedValue.Value as string; break;
                case nameof(MapFunctionAttribute.Example): mark.Example = named.TypedValue.Value as string; break;
                case nameof(MapFunctionAttribute.IsPure): mark.IsPure = named.TypedValue.Value is true; break;
                default: break;
            }
        }

        return new MarkedMethod(mark.Name, method, mark);
    }

    private static Type[] TypesOf(Assembly assembly, string place)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            throw new UsageException(
                $"{place} needs what is not there: {e.LoaderExceptions.FirstOrDefault()?.Message} Give the file from the folder that `dotnet publish` made.");
        }
    }
}
