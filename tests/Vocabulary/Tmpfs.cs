using System.Diagnostics;

namespace OrleansClean.Tests.Vocabulary;

/// <summary>A test that needs a file system of its own, which only root can mount. Elsewhere it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TmpfsFactAttribute : FactAttribute
{
    private static readonly bool CanMount = TryMount();

    public TmpfsFactAttribute()
    {
        if (!CanMount)
        {
            Skip = "This machine does not let the tests mount a small file system: it takes root.";
        }
    }

    private static bool TryMount()
    {
        try
        {
            using var tmpfs = Tmpfs.Mount("size=64k");
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A small file system in memory.</summary>
public sealed class Tmpfs : IDisposable
{
    private Tmpfs(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one at a folder of its own; <paramref name="options"/> are those of <c>mount -o</c>, such as <c>size=64k</c>.</summary>
    public static Tmpfs Mount(string options) => MountAt(Directory.CreateTempSubdirectory("tmpfs-").FullName, options);

    /// <summary>Mounts one at <paramref name="path"/>, which is empty or not there yet, and is gone afterwards.</summary>
    public static Tmpfs MountAt(string path, string options)
    {
        Directory.CreateDirectory(path);
        try
        {
            Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
        }
        catch
        {
            Directory.Delete(path);
            throw;
        }

        return new Tmpfs(path);
    }

    public void Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

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
