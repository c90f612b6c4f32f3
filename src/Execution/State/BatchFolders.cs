using System.Text.Json;

namespace OrleansClean.Execution.State;

/// <summary>The folders that batches left below an output root, read as they are.</summary>
internal sealed class BatchFolders(string root)
{
    private readonly string _folder = Path.Combine(root, StateNames.Root, "batches");

    /// <summary>The ids, in no order.</summary>
    public IEnumerable<string> Ids() => Directory.Exists(_folder) ? Directory.EnumerateDirectories(_folder).Select(path => Path.GetFileName(path)!) : [];

    /// <summary>A file of a batch.</summary>
    public string PathOf(string id, string file) => Path.Combine(_folder, id, file);

    /// <summary>What a batch was started with; null if it was not, or its listing is damaged.</summary>
    public async Task<BatchHeader?> ReadHeaderAsync(string id, CancellationToken cancellationToken)
    {
        var path = PathOf(id, StateNames.ListingFile);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var lines = new StreamReader(path);
            var line = await lines.ReadLineAsync(cancellationToken);
            return line is null ? null : JsonSerializer.Deserialize(line, ExecutionJson.Lines.BatchHeader);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path} is damaged or of another version ({e.Message.Split('.')[0]}). Move the folder of batch {id} away; its outputs stay.");
        }
    }

    /// <summary>A batch's report; null if it has none that can be read.</summary>
    public Reports.BatchReport? ReadReport(string id)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(PathOf(id, StateNames.ReportFile)), ExecutionJson.Pages.BatchReport);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The frozen inputs of a batch, in the order of names.</summary>
    public IEnumerable<ListedInput> ReadInputs(string id) =>
        File.ReadLines(PathOf(id, StateNames.ListingFile)).Skip(1).Select(line => JsonSerializer.Deserialize(line, ExecutionJson.Lines.ListedInput)!);
}
