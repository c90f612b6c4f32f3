using System.Diagnostics;
using System.Globalization;

namespace OrleansClean.Execution;

/// <summary>A set of processors, written as on Linux: <c>0-3</c>, <c>0,2</c>, <c>0-1,6</c>.</summary>
public sealed class CpuSet
{
    /// <summary>The highest processor that can be named: an affinity mask has 64 bits.</summary>
    public const int ProcessorMax = 63;

    private readonly ulong _mask;

    private CpuSet(ulong mask) => _mask = mask;

    /// <summary>How many processors the set names.</summary>
    public int Count => System.Numerics.BitOperations.PopCount(_mask);

    /// <summary>Reads a set; null if <paramref name="text"/> is none.</summary>
    public static CpuSet? Parse(string text)
    {
        ulong mask = 0;
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryRead(ends[0], out var first) || !TryRead(ends[^1], out var last) || last < first)
            {
                return null;
            }

            for (var cpu = first; cpu <= last; cpu++)
            {
                mask |= 1UL << cpu;
            }
        }

        return new CpuSet(mask);
    }

    /// <summary>
    /// Keeps this process on the set. Returns null, or a sentence that says why it cannot be done. Call it before the
    /// first worker starts: threads take their creator's affinity.
    /// </summary>
    public string? Apply()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows())
        {
            return "Binding to processors works on Linux and Windows only.";
        }

        try
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = unchecked((nint)_mask);
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"This process may not use processors {this}; `nproc` and `taskset -p $$` show what it may use.";
        }
    }

    /// <inheritdoc />
    public override string ToString()
    {
        var cpus = Enumerable.Range(0, ProcessorMax + 1).Where(cpu => (_mask & (1UL << cpu)) != 0);
        return string.Join(',', cpus.Select(cpu => cpu.ToString(CultureInfo.InvariantCulture)));
    }

    private static bool TryRead(string text, out int cpu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu <= ProcessorMax;
}
