using System.Diagnostics;

namespace OrleansClean.Execution.Tests.Arrays;

/// <summary>A small file system in memory, mounted at a folder.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    public SmallDisk(string path, string options)
    {
        _path = path;
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
    }

    public static bool TryMount()
    {
        var folder = Directory.CreateTempSubdirectory("disk-").FullName;
        try
        {
            new SmallDisk(folder, "size=64k").Dispose();
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", _path);

    public void Dispose() => Run("umount", _path);

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command}: {error}");
        }
    }
}

/// <summary>A test that mounts a small disk, which takes root. Elsewhere it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly bool CanMount = SmallDisk.TryMount();

    public SmallDiskFactAttribute()
    {
        if (!CanMount)
        {
            Skip = "This machine does not let the tests mount a small disk: it takes root.";
        }
    }
}
