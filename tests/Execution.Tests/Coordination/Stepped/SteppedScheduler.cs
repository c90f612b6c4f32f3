namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>Runs the tasks of one process on the thread of whoever steps it, one step at a time. A process that is not stepped stands still.</summary>
internal sealed class SteppedScheduler : TaskScheduler
{
    private readonly List<Task> _ready = [];

    /// <summary>Steps that could be taken now.</summary>
    public int Ready => _ready.Count;

    /// <summary>Takes a step.</summary>
    public void Step(int index)
    {
        var task = _ready[index];
        _ready.RemoveAt(index);
        TryExecuteTask(task);
    }

    /// <summary>Begins something in this process.</summary>
    public Task<T> Start<T>(Func<Task<T>> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task) => _ready.Add(task);

    /// <summary>Never: what is ready waits for its step.</summary>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
