using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansClean.Bench;

/// <summary>The machine under measurement.</summary>
internal static partial class Machine
{
    private const int RusageChildren = -1;

    // Linux counts processor time in /proc/stat in hundredths of a second on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>User and system seconds of all children that have ended so far.</summary>
    public static double ChildrenCpuSeconds()
    {
        Span<long> usage = stackalloc long[18];
        _ = GetUsage(RusageChildren, ref usage[0]);
        return usage[0] + usage[2] + ((usage[1] + usage[3]) / 1e6);
    }

    /// <summary>Seconds that the machine's processors were busy since it started, waiting for disks not counted.</summary>
    public static double BusySeconds()
    {
        var cells = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ticks = cells.Skip(1).Select(c => long.Parse(c, CultureInfo.InvariantCulture)).ToArray();
        return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) / TicksPerSecond;
    }

    /// <summary>Writes what is due to the disks.</summary>
    public static void Sync() => SyncAll();

    /// <summary>One sentence: processor, cores, memory, system, file system.</summary>
    public static string Describe(string folder)
    {
        var model = Field("/proc/cpuinfo", "model name");
        var memory = long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) >> 20;
        var system = Field("/etc/os-release", "PRETTY_NAME", '=').Trim('"');
        var full = Path.GetFullPath(folder);
        var drive = DriveInfo.GetDrives().Where(d => full.StartsWith(d.Name, StringComparison.Ordinal)).MaxBy(d => d.Name.Length);
        return $"{model}, {Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)} cores{(IsVirtual() ? " (virtual)" : "")}, "
            + $"{memory.ToString(CultureInfo.InvariantCulture)} GiB, {system}, Linux {Environment.OSVersion.Version}, "
            + $"{drive?.DriveFormat ?? "unknown file system"}, .NET {Environment.Version}";
    }

    private static bool IsVirtual() => Field("/proc/cpuinfo", "flags").Contains("hypervisor", StringComparison.Ordinal);

    private static string Field(string file, string name, char separator = ':') =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(separator, 2)[1].Trim() ?? "";

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, ref long usage);

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void SyncAll();
}
