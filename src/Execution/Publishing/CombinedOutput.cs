using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansClean.Cleaning;
using OrleansClean.Execution.Reports;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Publishing;

/// <summary>
/// <c>combine: true</c>: every input is cleaned into a part, and the parts become one output in the order of names, under
/// the first part's header. A file whose columns differ from the first one's fails with <c>missing-label</c>. The parts
/// lie in the batch's state meanwhile, so this needs the output's size twice.
/// </summary>
internal sealed class CombinedOutput(PreparedBatch batch, Publisher publisher)
{
    private const int BlockBytes = 1 << 18;

    /// <summary>A part's name: the place of its file in the batch.</summary>
    public static ObjectName PartName(string batchId, BatchItem item) =>
        StateNames.Of(batchId, string.Create(CultureInfo.InvariantCulture, $"parts/{item.Index:D7}.csv"));

    /// <summary>The files that cannot be combined with the first one, with their failures.</summary>
    public static IEnumerable<(ReadyFile File, FileSummary Failure)> FindMisfits(IReadOnlyList<ReadyFile> files)
    {
        // A file without a header has nothing to contribute, and nothing to disagree with.
        var first = files.FirstOrDefault(f => !Columns(f).IsEmpty);
        foreach (var file in files)
        {
            if (first is null || Columns(file).IsEmpty || Columns(file).SequenceEqual(Columns(first), StringComparer.Ordinal))
            {
                continue;
            }

            var missing = Columns(first).Except(Columns(file), StringComparer.Ordinal).ToList();
            var extra = Columns(file).Except(Columns(first), StringComparer.Ordinal).ToList();
            var difference = missing.Count + extra.Count == 0
                ? "the columns stand in another order"
                : string.Join(" and ", new[] { Tell("it lacks", missing), Tell("it has besides", extra) }.Where(t => t.Length > 0));
            yield return (file, file.Summary with
            {
                Status = FileStatus.Failed,
                Rows = null,
                Output = null,
                Rejects = null,
                Codes = null,
                Detail = null,
                FirstReject = null,
                Failure = new FileFailure(
                    ProblemCodes.MissingLabel,
                    $"It cannot be combined with {first.Item.Name}: {difference}. A select: step gives all files the same columns."),
            });
        }
    }

    /// <summary>Joins the parts and publishes: rejects first, the output last.</summary>
    public FileOutput Publish(IReadOnlyList<ReadyFile> files)
    {
        var name = batch.Items.First(i => i.Output is not null).Output!;
        using var staged = new StagedPart(batch.Store.StageAsync(name, CancellationToken.None).Now());
        var isFirst = true;
        foreach (var file in files)
        {
            var part = file.Outputs.Output!;
            part.Commit(Precondition.AsFound(publisher.FindForWriting(part.Name)));
            using var content = batch.Store.OpenReadAsync(part.Name, part.ETag, CancellationToken.None).Now();
            Append(content, staged.Content, keepHeader: isFirst);
            isFirst &= Columns(file).IsEmpty;
        }

        staged.Seal();
        var standing = publisher.FindForWriting(name);
        var objects = files.SelectMany(publisher.PublishRejects).Append(new WrittenObject(name.Value, staged.ETag.Value)).ToImmutableArray();
        publisher.Write(new OutputRecord
        {
            Output = name.Value,
            BatchId = batch.Id,
            Input = "*",
            InputEtag = Digest(batch.Items),
            Effective = batch.Effective,
            Day = files.Any(f => f.Summary.Detail!.ClockWasRead) ? batch.Day : null,
            Objects = objects,
            Before = standing is null ? [] : [new WrittenObject(name.Value, standing.ETag.Value)],
        });
        staged.Commit(Precondition.AsFound(standing));
        foreach (var part in files.Select(f => f.Outputs.Output!))
        {
            batch.Store.DeleteAsync(part.Name, part.ETag, CancellationToken.None).Now();
        }

        return new FileOutput(batch.Template.PathOf(name.Value), staged.Sha256, staged.Bytes);
    }

    /// <summary>The summaries of all files if the combined output needs no work, else null.</summary>
    public IReadOnlyList<FileSummary>? FindCurrent()
    {
        var upToDate = new UpToDate(batch);
        var output = batch.Items.FirstOrDefault(i => i.Output is not null)?.Output;
        var record = output is null ? null : upToDate.RecordOf(output);
        if (batch.Request.Force || record is null || !upToDate.IsCurrent(record, "*")
            || !string.Equals(record.InputEtag, Digest(batch.Items), StringComparison.Ordinal) || !upToDate.ObjectsStand(record))
        {
            return null;
        }

        var path = batch.Folder.PathOf(StateNames.Of(record.BatchId, StateNames.FilesFile));
        if (!File.Exists(path))
        {
            return null;
        }

        var files = File.ReadLines(path).Select(line => JsonSerializer.Deserialize(line, ExecutionJson.Lines.FileSummary)!).ToList();
        return files.Count == batch.Items.Length && files.All(f => f.Status is FileStatus.Cleaned or FileStatus.Unchanged)
            ? [.. files.Select(f => f with { Status = FileStatus.Unchanged, CleanedBy = f.CleanedBy ?? record.BatchId, Attempts = 0, Millis = 0, Worker = null })]
            : null;
    }

    private static ImmutableArray<string> Columns(ReadyFile file) => file.Summary.Detail!.Columns;

    private static string Tell(string what, List<string> names) => names.Count == 0
        ? ""
        : $"{what} {string.Join(", ", names.Take(5).Select(n => $"'{ObjectName.Show(n)}'"))}{(names.Count > 5 ? " and more" : "")}";

    private static string Digest(ImmutableArray<BatchItem> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var item in items)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{item.Name}\0{item.ETag}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Copies a part. Without its header it begins behind the first line end outside of quotes: parts are our own RFC
    /// 4180, where every quote of a field that needs one is doubled.
    /// </summary>
    private static void Append(Stream part, Stream output, bool keepHeader)
    {
        var block = System.Buffers.ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var isInHeader = !keepHeader;
            var isQuoted = false;
            for (var read = part.Read(block); read > 0; read = part.Read(block))
            {
                var rest = block.AsSpan(0, read);
                while (isInHeader && !rest.IsEmpty)
                {
                    var next = rest.IndexOfAny((byte)'"', (byte)'\n');
                    if (next < 0)
                    {
                        rest = [];
                        break;
                    }

                    isQuoted ^= rest[next] == (byte)'"';
                    isInHeader = rest[next] == (byte)'"' || isQuoted;
                    rest = rest[(next + 1)..];
                }

                output.Write(rest);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(block);
        }
    }
}
