using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansClean.Storage;
using OrleansClean.Storage.Folders;

namespace OrleansClean.Execution.Arrays;

/// <summary>The folder of what is kept beside arrays, and one array's files in it.</summary>
internal sealed class ArrayState(string arrayPath)
{
    private readonly string _folder = Path.Combine(Path.GetDirectoryName(arrayPath)!, FolderStore.StateFolderName, "arrays");

    public string RecordPath => PathOf(".json");

    /// <summary>A new output while it is being written.</summary>
    public string PartialPath => PathOf(".partial");

    /// <summary>Copies of the ranges of a job in place that are in doubt.</summary>
    public string UndoPath => PathOf(".undo");

    /// <summary>Makes the folder, which only this user can enter: it may hold elements.</summary>
    public void Create() => Try(_folder, () =>
    {
        if (Directory.Exists(_folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(_folder)!;
        Directory.CreateDirectory(parent);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        LocalFile.FlushFolder(parent);
    });

    /// <summary>The record, or null if there is none. A damaged one throws: what it says may be all that keeps an array from being changed twice.</summary>
    public ArrayRecord? Read()
    {
        if (!File.Exists(RecordPath))
        {
            return null;
        }

        var lines = Try(RecordPath, () => File.ReadAllText(RecordPath)).Split('\n');
        try
        {
            var record = lines.Length == 3 && lines[1] == Seal(lines[0]) ? JsonSerializer.Deserialize(lines[0], ArrayJson.Lines.ArrayRecord) : null;
            return record is { Version: ArrayRecord.CurrentVersion } ? record : throw Damaged();
        }
        catch (JsonException)
        {
            throw Damaged();
        }
    }

    /// <summary>Writes the record over the one that stands there; it is on the medium when this returns.</summary>
    public void Write(ArrayRecord record)
    {
        var json = JsonSerializer.Serialize(record, ArrayJson.Lines.ArrayRecord);
        Try(RecordPath, () =>
        {
            var next = PathOf(".json.new");
            using (var file = File.OpenHandle(next, FileMode.Create, FileAccess.Write, FileShare.Read))
            {
                RandomAccess.Write(file, Encoding.UTF8.GetBytes($"{json}\n{Seal(json)}\n"), 0);
                RandomAccess.FlushToDisk(file);
            }

            File.Move(next, RecordPath, overwrite: true);
            LocalFile.FlushFolder(_folder);
        });
    }

    /// <summary>Removes one of the files, if it is there.</summary>
    public static void Remove(string path) => Try(path, () => File.Delete(path));

    /// <summary>Runs <paramref name="action"/> and says in a sentence what the file system has against it.</summary>
    public static void Try(string path, Action action) => Try(path, () =>
    {
        action();
        return true;
    });

    private static T Try<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (LocalFile.Knows(e))
        {
            throw LocalFile.Explain(e, path, "written");
        }
    }

    private string PathOf(string extension) => Path.Combine(_folder, Path.GetFileName(arrayPath) + extension);

    private StorageException Damaged() => new(
        StorageFault.Other,
        $"{RecordPath} is damaged, or of another version, and cannot tell whether a job in place is unfinished. Nothing was changed. "
        + "If the array is sound, remove that file and run the same command again.");

    private static string Seal(string json) => $"sha256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))}";
}
