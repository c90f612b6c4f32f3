using System.Text;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;
using OrleansClean.Storage.Faults;
using OrleansClean.Storage.Memory;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>
/// What a small file costs in calls to a store that is as strict as blobs: they are what takes time there, and what is billed. Appends, to the journal and to
/// the records of rejected rows beside it, come on top; many files share one.
/// </summary>
public sealed class OperationsPerFileTests
{
    private const int Few = 40;
    private const int Many = 240;

    /// <summary>One to read it, and for each object that is published one to stage and one to commit it: the output; with rejects their rows too.</summary>
    [Theory]
    [InlineData("1", null, 1 + 2)]
    [InlineData("no number", null, 1 + (2 * 2))]
    [InlineData("no number", "100%", 1 + (2 * 2))]
    public async Task A_small_file_costs_few_calls(string value, string? gate, int callsMax)
    {
        var few = await CallsAsync(Few, value, gate);
        var many = await CallsAsync(Many, value, gate);

        // What a batch costs once, however many files it has, is in both.
        var each = (double)(many - few) / (Many - Few);
        Assert.True(each <= callsMax, $"{each:0.00} calls for each file: {few} for {Few} files, {many} for {Many}.");
    }

    [Fact]
    public async Task An_unchanged_file_costs_few_calls_too()
    {
        var few = await CallsAsync(Few, "1", isAgain: true);
        var many = await CallsAsync(Many, "1", isAgain: true);

        Assert.True((double)(many - few) / (Many - Few) <= 3, $"{few} for {Few} files, {many} for {Many}.");
    }

    /// <summary>The calls of a batch of so many files but for appends; with <paramref name="isAgain"/>, of a second batch that finds all unchanged.</summary>
    private static async Task<long> CallsAsync(int files, string value, string? gate = null, bool isAgain = false)
    {
        var (inputs, outputs) = (new MemoryStore(TimeProvider.System), new MemoryStore(TimeProvider.System));
        for (var file = 0; file < files; file++)
        {
            var content = Encoding.UTF8.GetBytes($"id,value\n{file},1\n{file},{value}\n");
            await inputs.WriteDocumentAsync(ObjectName.Parse($"in/{file:D4}.csv"), content, Precondition.Absent, default);
        }

        // Passes everything on, and counts the appends. These tests clean all files in ranges, and only files of many megabytes have checkpoints elsewhere.
        var (appends, toRecords, toJournal) = (0, 0, 0);
        var counted = new StoreFaults(outputs, call =>
        {
            var isLeftOut = call.Operation is StoreOperation.Append || call.Name?.Value.Contains("/checkpoints/", StringComparison.Ordinal) is true;
            Interlocked.Add(ref appends, isLeftOut ? 1 : 0);
            Interlocked.Add(ref toRecords, isLeftOut && call.Name!.Value.Contains("/records/", StringComparison.Ordinal) ? 1 : 0);
            Interlocked.Add(ref toJournal, isLeftOut && call.Name!.Value.Contains("/journal/", StringComparison.Ordinal) ? 1 : 0);
            return null;
        });
        var stores = new LocalStores(name => name is "memory://inputs" ? inputs : counted);
        await using var host = new LocalBatchHost(new LocalHostOptions { Stores = stores, OutputRoot = "memory://outputs", Workers = 2 });
        await EndAsync(host, "one", files, gate);
        var before = isAgain ? inputs.Operations + outputs.Operations - appends : files;
        if (isAgain)
        {
            await EndAsync(host, "two", files, gate);
        }

        // All that one append of the journal counts shares one append to the records.
        Assert.InRange(toRecords, value is "1" ? 0 : 1, value is "1" ? 0 : toJournal);

        // Without a second batch, what was written above to begin with is taken off.
        return inputs.Operations + outputs.Operations - appends - before;
    }

    private static async Task EndAsync(LocalBatchHost host, string id, int files, string? gate)
    {
        var reply = await host.SubmitAsync(
            new BatchSubmission
            {
                Id = id,
                PlanText = "plan: 1\nname: cost\nread: {files: \"in/*.csv\"}\nsteps:\n  - parse: {value: integer}\nwrite: out/{name}.csv\n",
                InputRoot = "memory://inputs",
                OutputRoot = "memory://outputs",
                MaxRejects = gate,
                FrozenAt = DateTimeOffset.UnixEpoch,
            },
            default);
        Assert.True(reply.IsGood, reply.Message);
        var end = await host.WaitAsync(id, TimeSpan.FromMinutes(3), default);
        Assert.True(end.IsDone, end.ToString());
        Assert.Equal(files, end.Overview!.Committed + end.Overview.Unchanged);
    }
}
