using System.Globalization;
using System.Text.Json;

namespace OrleansClean.Execution.State;

/// <summary>Which batch a request means: the newest unfinished one of its key, or the next.</summary>
/// <param name="Id">The id.</param>
/// <param name="Key">Plan name and hash.</param>
/// <param name="Existing">What the batch was started with, if it exists.</param>
/// <param name="IsFinished">True if it exists and has come to its end.</param>
internal sealed record BatchChoice(string Id, string Key, BatchHeader? Existing, bool IsFinished)
{
    /// <summary>Chooses. A batch under <paramref name="askedId"/> must be of the same key.</summary>
    public static async Task<BatchChoice> MakeAsync(string? askedId, string key, string root, CancellationToken cancellationToken)
    {
        var state = new BatchFolders(root);
        if (askedId is not null)
        {
            if (!StateNames.IsId(askedId))
            {
                throw new UsageException($"'{Storage.ObjectName.Show(askedId)}' cannot be a batch's id: letters, digits, '-', '_' and '.', at most {StateNames.IdLengthMax}.");
            }

            var header = await state.ReadHeaderAsync(askedId, cancellationToken);
            return header is null || string.Equals(header.Key, key, StringComparison.Ordinal)
                ? new BatchChoice(askedId, key, header, header is not null && !IsUnfinished(state, askedId))
                : throw new UsageException($"The batch {askedId} was started with another plan, other parameters or other inputs ({header.PlanName}). Choose another --id.");
        }

        var last = state.Ids().Select(id => NumberOf(id, key)).DefaultIfEmpty(0).Max();
        if (last > 0)
        {
            var id = IdOf(key, last);
            var header = await state.ReadHeaderAsync(id, cancellationToken);
            if (header is null || IsUnfinished(state, id))
            {
                return new BatchChoice(id, key, header, false);
            }
        }

        return new BatchChoice(IdOf(key, last + 1), key, null, false);
    }

    /// <summary>True if the batch is unfinished.</summary>
    private static bool IsUnfinished(BatchFolders state, string id) => Reports.BatchStatus.IsUnfinished(state.ReadReport(id)?.Status);

    private static string IdOf(string key, int number) => string.Create(CultureInfo.InvariantCulture, $"{key}-{number}");

    private static int NumberOf(string id, string key) =>
        id.StartsWith(key + "-", StringComparison.Ordinal)
        && int.TryParse(id.AsSpan(key.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

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
}
