using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Mapping.Lines;

namespace OrleansClean.Execution.Mapping.Functions;

/// <summary>Makes a method that is marked as a map function callable, or says why it cannot be called.</summary>
internal static class FunctionBinder
{
    private const string Expected = $"A map function is static, as in `public static TResult Name(TInput input)`; TInput is {TextValues.TypesText}, and TResult what JSON can say.";

    /// <summary>The function with its parameters. Throws <see cref="UsageException"/> for what cannot be.</summary>
    public static LineFunction Bind(MarkedMethod marked, IReadOnlyDictionary<string, string> parameters)
    {
        var method = marked.Method;
        if (Problem(marked) is { } problem)
        {
            throw new UsageException($"'{marked.Name}' {problem}\n{Expected}");
        }

        var declared = method.GetParameters();
        RefuseUnknown(marked, declared, parameters);
        var arguments = new object?[declared.Length];
        for (var i = 1; i < declared.Length; i++)
        {
            arguments[i] = declared[i].ParameterType == typeof(CancellationToken) ? null : Argument(marked, declared[i], parameters);
        }

        var make = typeof(FunctionBinder).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(declared[0].ParameterType, method.ReturnType);
        return (LineFunction)make.Invoke(null, [method, arguments])!;
    }

    /// <summary>What a method takes and gives, as the list of functions shows it.</summary>
    public static string Signature(MethodInfo method)
    {
        var declared = method.GetParameters();
        var more = declared.Skip(1).Where(p => p.ParameterType != typeof(CancellationToken)).Select(p =>
            $", {p.Name}: {NameOf(p.ParameterType)}{(p.HasDefaultValue ? string.Create(CultureInfo.InvariantCulture, $" = {p.DefaultValue ?? "null"}") : "")}");
        return $"{(declared.Length == 0 ? "nothing" : NameOf(declared[0].ParameterType))} → {NameOf(method.ReturnType)}{string.Concat(more)}";
    }

    private static string? Problem(MarkedMethod marked)
    {
        var method = marked.Method;
        var declared = method.GetParameters();
        return marked.Closure is { } closure ? closure
            : !method.IsStatic ? $"is {marked.Place}, which is not static: in a worker process there is no {method.DeclaringType!.Name} to call it on."
            : method.ContainsGenericParameters ? $"is {marked.Place}, which is generic: nobody says what its types are."
            : declared.Length == 0 ? $"is {marked.Place}, which takes no input."
            : declared.FirstOrDefault(p => p.ParameterType.IsByRef) is { } byReference ? $"is {marked.Place}, whose parameter {byReference.Name} is given by reference."
            : !TextValues.Types.ContainsKey(declared[0].ParameterType) ? $"is {marked.Place}, whose input is a {NameOf(declared[0].ParameterType)}: a line of text cannot be read as that."
            : method.ReturnType == typeof(void) ? $"is {marked.Place}, which gives no result."
            : IsTask(method.ReturnType) ? $"is {marked.Place}, which gives a {NameOf(method.ReturnType)}: a worker does one input at a time, so let the method wait for it."
            : declared.Skip(1).FirstOrDefault(p => p.ParameterType != typeof(CancellationToken) && !TextValues.Types.ContainsKey(p.ParameterType)) is { } odd
                ? $"is {marked.Place}, whose parameter {odd.Name} is a {NameOf(odd.ParameterType)}: --param gives {TextValues.TypesText}."
            : null;
    }

    private static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static void RefuseUnknown(MarkedMethod marked, ParameterInfo[] declared, IReadOnlyDictionary<string, string> parameters)
    {
        string[] known = [.. declared.Skip(1).Where(p => p.ParameterType != typeof(CancellationToken)).Select(p => p.Name!)];
        foreach (var name in parameters.Keys.Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            var hint = Nearest.Of(name, known) is { } nearest ? $"Did you mean {nearest}?"
                : known.Length == 0 ? "It has none."
                : $"It has {string.Join(", ", known)}.";
            throw new UsageException($"'{marked.Name}' has no parameter '{name}'. {hint}");
        }
    }

    private static object? Argument(MarkedMethod marked, ParameterInfo parameter, IReadOnlyDictionary<string, string> parameters)
    {
        var type = NameOf(parameter.ParameterType);
        if (!parameters.TryGetValue(parameter.Name!, out var text))
        {
            return parameter.HasDefaultValue
                ? parameter.DefaultValue
                : throw new UsageException($"'{marked.Name}' needs its parameter {parameter.Name} ({type}): --param {parameter.Name}=VALUE");
        }

        return TextValues.Read(parameter.ParameterType, text)
            ?? throw new UsageException($"The parameter {parameter.Name} of '{marked.Name}' is of type {type}, and '{text}' is none.");
    }

    private static string NameOf(Type type) =>
        TextValues.Types.TryGetValue(type, out var name) ? name
        : type == typeof(void) ? "nothing"
        : type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.Name;

    private static BoundFunction<TInput, TResult> Make<TInput, TResult>(MethodInfo method, object?[] arguments)
    {
        if (arguments.Length == 1)
        {
            var plain = method.CreateDelegate<Func<TInput, TResult>>();
            return new BoundFunction<TInput, TResult>((input, _) => plain(input));
        }

        var types = method.GetParameters();
        if (arguments.Length == 2 && types[1].ParameterType == typeof(CancellationToken))
        {
            return new BoundFunction<TInput, TResult>(method.CreateDelegate<Func<TInput, CancellationToken, TResult>>());
        }

        var invoker = MethodInvoker.Create(method);
        var tokens = types.Select((p, i) => (p, i)).Where(entry => entry.p.ParameterType == typeof(CancellationToken)).Select(entry => entry.i).ToArray();
        return new BoundFunction<TInput, TResult>((input, token) =>
        {
            var all = (object?[])arguments.Clone();
            all[0] = input;
            foreach (var i in tokens)
            {
                all[i] = token;
            }

            try
            {
                return (TResult)invoker.Invoke(null, all.AsSpan())!;
            }
            catch (TargetInvocationException e) when (e.InnerException is not null)
            {
                ExceptionDispatchInfo.Throw(e.InnerException);
                throw;
            }
        });
    }
}
