using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;

namespace OrleansClean.Execution.Tests.Hosting;

/// <summary>What a pool of workers says and hears, call by call.</summary>
public sealed class WorkerPoolTests
{
    [Fact]
    public async Task A_batch_that_was_gone_from_the_list_for_a_while_still_hears_the_pool()
    {
        var batches = new Batches();
        await using var pool = new WorkerPool(
            new WorkerPoolOptions { Name = "w", Generation = 1, Slots = 1, RefreshEvery = TimeSpan.FromMilliseconds(1) },
            batches,
            new Nothing(),
            TimeProvider.System);
        pool.Start();
        await Batches.Until(() => batches.Sequences.Count >= 3, pool);
        batches.IsListed = false;
        var looked = batches.Looked;
        await Batches.Until(() => batches.Looked >= looked + 3, pool);
        batches.IsListed = true;
        var heard = batches.Sequences.Count;
        await Batches.Until(() => batches.Sequences.Count >= heard + 3, pool);

        // A coordinator takes a call with a lower number for one that was overtaken, and answers it with nothing.
        long[] sequences = [.. batches.Sequences];
        Assert.Equal(sequences.Order(), sequences);
        Assert.Equal(sequences.Distinct(), sequences);
    }

    [Fact]
    public async Task A_pool_that_stops_while_it_asks_gives_back_what_the_answer_brings()
    {
        var batch = new SlowToAnswer();
        await using var pool = new WorkerPool(new WorkerPoolOptions { Name = "w", Generation = 1, Slots = 2 }, batch, new Nothing(), TimeProvider.System);
        pool.Start();
        await batch.IsAsked.Task;

        var stopped = pool.StopAsync(TimeSpan.FromMinutes(1));
        Assert.False(stopped.IsCompleted);
        batch.Answer.SetResult(new TakeReply([new AttemptId(3, 1), new AttemptId(4, 2)], [], new BatchPlace("b", "out", "body", "listing"), IsOver: false));
        await stopped;

        Assert.Equal([new AttemptId(3, 1), new AttemptId(4, 2)], batch.Released.OrderBy(attempt => attempt.Item));
    }

    /// <summary>One batch that answers when the test says so, and hears what is given back.</summary>
    private sealed class SlowToAnswer : IOpenBatches, IWorkSource
    {
        public TaskCompletionSource IsAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<TakeReply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Collections.Concurrent.ConcurrentQueue<AttemptId> Released { get; } = new();

        public string Id => "b";

        public Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<IWorkSource>>([this]);

        public Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
        {
            IsAsked.TrySetResult();
            return Answer.Task.WaitAsync(cancellationToken);
        }

        public Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken)
        {
            if (report.Result is AttemptResult.Released)
            {
                Released.Enqueue(report.Attempt);
            }

            return Task.FromResult(new ReportReply(Counted: true));
        }
    }

    private sealed class Batches : IOpenBatches, IWorkSource
    {
        private int _looked;

        public System.Collections.Concurrent.ConcurrentQueue<long> Sequences { get; } = new();

        public bool IsListed { get; set; } = true;

        public int Looked => Volatile.Read(ref _looked);

        public string Id => "b";

        public Task<IReadOnlyList<IWorkSource>> FindAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looked);
            return Task.FromResult<IReadOnlyList<IWorkSource>>(IsListed ? [this] : []);
        }

        public Task<TakeReply> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
        {
            Sequences.Enqueue(request.Sequence);
            return Task.FromResult(new TakeReply([], [], null, IsOver: false));
        }

        public Task<ReportReply> ReportAsync(AttemptReport report, CancellationToken cancellationToken) => Task.FromResult(new ReportReply(Counted: false));

        public static async Task Until(Func<bool> isSo, WorkerPool pool)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (!isSo())
            {
                patience.Token.ThrowIfCancellationRequested();
                pool.Wake();
                await Task.Yield();
            }
        }
    }

    private sealed class Nothing : IAttemptExecutor
    {
        public AttemptOutcome Execute(BatchPlace place, AttemptId attempt, AttemptContext context) => new AttemptOutcome.Released();
    }
}
