using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Execution.Coordination;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.State;
using OrleansClean.Storage;
using OrleansClean.Survival.Tests.Vocabulary;

namespace OrleansClean.Survival.Tests.Scale;

/// <summary>The journal of a batch of many files, as a coordinator wrote it that was killed after so many of them.</summary>
internal static class LargeJournal
{
    private static readonly Moment At = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());
    private static readonly WorkerId Worker = new("w", 1);

    /// <summary>Writes the documents and the journal of the batch <see cref="Story.Now"/>; returns the journal's bytes.</summary>
    public static async Task<long> WriteAsync(World world, int items, int committed)
    {
        var (header, intent) = await TemplateAsync(world);
        var submission = Story.All[0].Submission(world, Story.Now);
        var accepted = AcceptedSubmission.Of(submission, new LocalStores(name => name == world.InputRoot ? world.Inputs : world.Outputs));
        await accepted.WriteAsync(world.Outputs, CancellationToken.None);
        var document = BatchListingDocument.Encode(header with { BatchId = Story.Now, Key = Story.Now }, Enumerable.Range(0, items).Select(Item));
        var listing = HostingNames.Document(Story.Now, "listing-", document, "jsonl");
        await world.Outputs.WriteImmutableAsync(listing, document, CancellationToken.None);

        var (journal, _) = await BatchJournal.OpenAsync(world.Outputs, new JournalNames(HostingNames.Journal(Story.Now)), TimeProvider.System, null, CancellationToken.None);
        await AppendAsync(journal, [new BatchEvent.Submitted(accepted.Spec, At), new BatchEvent.Listed(listing.Value, items)]);
        var group = new List<BatchEvent>();
        for (var item = 0; item < committed; item++)
        {
            var attempt = new AttemptId(item, 1);
            group.Add(new BatchEvent.Dispatched(attempt, Worker, At));
            group.Add(new BatchEvent.IntentRecorded(attempt, intent.Replace("template", NameOf(item), StringComparison.Ordinal)));
            group.Add(new BatchEvent.ItemCommitted(attempt, ""));
            if (group.Count >= 192)
            {
                await AppendAsync(journal, group);
                group.Clear();
            }
        }

        await AppendAsync(journal, group);
        return await JournalBytesAsync(world);
    }

    /// <summary>Bytes of the journal of the batch.</summary>
    public static async Task<long> JournalBytesAsync(World world) =>
        (await world.Outputs.ListAsync(new ListScope(HostingNames.Journal(Story.Now), IncludeHidden: true), CancellationToken.None)).Objects.Sum(found => found.Bytes);

    private static ListedInput Item(int item) =>
        new($"in/{NameOf(item)}.csv", 0, $"in/{NameOf(item)}.csv", 20, "0x1", $"{NameOf(item)}.csv", $"_rejects/{NameOf(item)}.rejects.csv", null);

    private static string NameOf(int item) => item.ToString("D8", CultureInfo.InvariantCulture);

    private static async Task AppendAsync(BatchJournal journal, IReadOnlyList<BatchEvent> events)
    {
        var group = journal.BeginGroup();
        group.Add(events);
        await group.CommitAsync(CancellationToken.None);
    }

    /// <summary>The header of a listing and the intent of a file, as a real batch of one file wrote them.</summary>
    private static async Task<(BatchHeader Header, string Intent)> TemplateAsync(World world)
    {
        await world.WriteAsync([("in/template.csv", "id,value\n1,1\n")]);
        await using (var host = world.Host(Story.All[0], store => store))
        {
            Assert.Null(await world.TryAsync(host, Story.All[0], Story.Before));
        }

        await foreach (var happened in JournalHistory.ReadAsync(world.Outputs, Story.Before, CancellationToken.None))
        {
            if (happened is BatchEvent.IntentRecorded recorded)
            {
                var document = await world.Outputs.ReadDocumentAsync(StateNames.Of(Story.Before, StateNames.ListingFile), CancellationToken.None);
                return (BatchListingDocument.Parse(document!.Content).Header, recorded.Staged);
            }
        }

        throw new InvalidOperationException("Nothing was published.");
    }
}
