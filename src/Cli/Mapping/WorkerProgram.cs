using System.Reflection;
using OrleansClean.Execution.Mapping;

namespace OrleansClean.Cli.Mapping;

/// <summary>How this command starts itself as a worker process.</summary>
internal static class WorkerProgram
{
    /// <summary>The program that runs now, or the runtime with this assembly where the program is another one, such as a test's.</summary>
    public static WorkerCommand Find()
    {
        var program = Environment.ProcessPath;
        var isOurs = Assembly.GetEntryAssembly() == typeof(WorkerProgram).Assembly;
        if (isOurs && program is not null && !IsRuntime(program))
        {
            return new WorkerCommand(program, [MapWorker.Word]);
        }

        var runtime = program is not null && IsRuntime(program) ? program : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var assembly = Path.Combine(AppContext.BaseDirectory, typeof(WorkerProgram).Assembly.GetName().Name + ".dll");
        return new WorkerCommand(runtime, ["exec", assembly, MapWorker.Word]);
    }

    private static bool IsRuntime(string program) => Path.GetFileNameWithoutExtension(program) is "dotnet";
}
