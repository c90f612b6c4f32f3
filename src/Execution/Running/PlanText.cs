using System.Globalization;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary>Reads a plan's text from a file.</summary>
internal static class PlanText
{
    /// <summary>Bytes of a plan.</summary>
    public const int BytesMax = 4 << 20;

    /// <summary>The text at <paramref name="path"/>. Throws <see cref="UsageException"/> if there is none.</summary>
    public static string Read(string path, string written)
    {
        if (Directory.Exists(path))
        {
            throw new UsageException($"{ObjectName.Show(written)} is a folder, not a plan. Name the plan's file.");
        }

        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new UsageException($"There is no plan {ObjectName.Show(written)} (looked for {ObjectName.Show(path)}). `orleansclean plan new` writes one.");
        }

        if (file.Length > BytesMax)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{ObjectName.Show(written)} has {file.Length} bytes; a plan has at most {BytesMax}. Is it the data?"));
        }

        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The plan {ObjectName.Show(written)} cannot be read: {e.Message}");
        }
    }
}
