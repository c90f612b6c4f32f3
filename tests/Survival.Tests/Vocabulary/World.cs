using System.Text;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Survival.Tests.Vocabulary;

/// <summary>The stores of a batch, and the words to clean and to look at what came out.</summary>
internal sealed class World(string inputRoot, IObjectStore inputs, string outputRoot, IObjectStore outputs)
{
    /// <summary>Far longer than anything takes; a batch that is not done by then is stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private const int ClockSpeed = 10;
    private static int _hosts;

    public string InputRoot => inputRoot;

    public string OutputRoot => outputRoot;

    public IObjectStore Inputs => inputs;

    public IObjectStore Outputs => outputs;

    /// <summary>Writes the inputs of the batch before, cleans them, and changes them.</summary>
    public async Task PrepareAsync(Story story)
    {
        await WriteAsync(Story.InputsBefore);
        await using (var host = Host(story, store => store))
        {
            await EndAsync(host, story, Story.Before);
        }

        await WriteAsync(story.InputsNow);
    }

    /// <summary>A host whose every call to a store goes through <paramref name="wrap"/>.</summary>
    public LocalBatchHost Host(Story story, Func<IObjectStore, IObjectStore> wrap) => Host(wrap, story.Seams(new FastClock(ClockSpeed)) with { Holder = Holder() });

    /// <summary>
    /// In memory each host stands for a process of its own, and takes those before it for dead: a zombie is one that others have given up. Where there are other
    /// processes, hosts are who they are.
    /// </summary>
    private ClaimHolder Holder()
    {
        if (!outputRoot.StartsWith("memory://", StringComparison.Ordinal))
        {
            return ClaimHolder.ThisProcess;
        }

        var number = Interlocked.Increment(ref _hosts);
        return new ClaimHolder("here", "one boot", number, 0, (other, _) => other > number);
    }

    private LocalBatchHost Host(Func<IObjectStore, IObjectStore> wrap, BatchSeams seams) => new(
        new LocalHostOptions
        {
            Stores = new LocalStores(name => wrap(name == inputRoot ? inputs : outputs)),
            OutputRoot = outputRoot,
            Workers = 1,
        },
        seams,
        new BatchClock(seams.Time),
        watch: null);

    /// <summary>Submits a batch and waits for its end; null once it is done, else why it is not.</summary>
    public async Task<string?> TryAsync(LocalBatchHost host, Story story, string id)
    {
        var reply = await host.SubmitAsync(story.Submission(this, id), CancellationToken.None);
        if (!reply.IsGood)
        {
            return $"submit: {reply}";
        }

        var status = await host.WaitAsync(id, Patience, CancellationToken.None);
        return status.IsDone ? null : status.Outcome is not HostOutcome.Known ? $"wait: {status}" : throw new InvalidOperationException($"{id} is stuck: {status}");
    }

    /// <summary>Submits a batch, waits for its end, and takes up what failed.</summary>
    public async Task<Ending> EndAsync(LocalBatchHost host, Story story, string id)
    {
        if (await TryAsync(host, story, id) is { } reason)
        {
            throw new InvalidOperationException($"{id} did not end: {reason}");
        }

        var first = await Ending.OfAsync(this, id);
        if (first.Failures.Count == 0)
        {
            return first;
        }

        var reply = await host.RetryAsync(id, CancellationToken.None);
        if (!reply.IsGood)
        {
            throw new InvalidOperationException($"{string.Join(", ", first.Failures)} could not be retried: {reply}");
        }

        var status = await host.WaitAsync(id, Patience, CancellationToken.None);
        return status.IsDone
            ? await Ending.OfAsync(this, id) with { FailuresBefore = first.Failures }
            : throw new InvalidOperationException($"{id} is stuck after a retry: {status}");
    }

    public async Task WriteAsync(IReadOnlyList<(string Name, string Text)> objects)
    {
        foreach (var (name, text) in objects)
        {
            var key = ObjectName.Parse(name);
            var found = await inputs.FindAsync(key, CancellationToken.None);
            Assert.IsType<WriteResult.Written>(
                await inputs.WriteDocumentAsync(key, Encoding.UTF8.GetBytes(text), Precondition.AsFound(found), CancellationToken.None));
        }
    }
}
