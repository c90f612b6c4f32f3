using System.Globalization;

namespace OrleansClean.Execution.State;

/// <summary>Processes of this machine, as Linux tells of them. What it does not tell is taken to live.</summary>
internal static class RunningProcesses
{
    /// <summary>Fields of <c>/proc/PID/stat</c> after the name in brackets, which may hold anything.</summary>
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>
    /// This boot of the machine and, since containers may share its name, the namespace of its process numbers. Empty on other systems: there a claim of
    /// another process is believed until its deadline.
    /// </summary>
    public static string Boot { get; } = ReadBoot();

    /// <summary>When a process started, in clock ticks since the boot; null if there is no such process, or it cannot be seen.</summary>
    public static long? StartOf(int process) => ReadStat(process) is { } fields ? long.Parse(fields[StartField], CultureInfo.InvariantCulture) : null;

    /// <summary>False if the process that started then is known to have ended.</summary>
    public static bool Lives(int process, long started)
    {
        try
        {
            // One that ended and that nobody has waited for is still listed, as Z or X.
            return ReadStat(process) is { } fields
                ? fields[StateField] is not ("Z" or "X") && long.Parse(fields[StartField], CultureInfo.InvariantCulture) == started
                : !Directory.Exists("/proc/1");
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static string[]? ReadStat(int process)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ') is { Length: > StartField } fields ? fields : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string ReadBoot()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {new FileInfo("/proc/self/ns/pid").LinkTarget}"
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
