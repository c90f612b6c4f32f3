using System.Globalization;

namespace OrleansClean.Bench;

/// <summary>A process and its children, as Linux shows them under <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>Memory of the tree now. Pages that processes share count once.</summary>
    public static long MemoryBytes(int processId)
    {
        var (bytes, pending) = (0L, new Stack<int>([processId]));
        while (pending.TryPop(out var id))
        {
            // Processes may end between two looks: what is gone uses nothing.
            bytes += Look(() => ProportionalBytes(id));
            foreach (var child in Look(() => Children(id)) ?? [])
            {
                pending.Push(child);
            }
        }

        return bytes;
    }

    private static long ProportionalBytes(int id)
    {
        var line = File.ReadLines($"/proc/{Text(id)}/smaps_rollup").FirstOrDefault(l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(4, line.Length - 7), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) * 1024;
    }

    private static List<int> Children(int id) =>
    [
        .. Directory.GetDirectories($"/proc/{Text(id)}/task")
            .SelectMany(task => Look(() => File.ReadAllText(Path.Combine(task, "children")))?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [])
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)),
    ];

    private static T? Look<T>(Func<T> look)
    {
        try
        {
            return look();
        }
        catch (IOException)
        {
            return default;
        }
        catch (UnauthorizedAccessException)
        {
            return default;
        }
    }

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
