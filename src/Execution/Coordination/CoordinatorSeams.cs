namespace OrleansClean.Execution.Coordination;

/// <summary>What a coordinator has around it, and a test may take the place of: then each of its steps is one that the test lets it take.</summary>
/// <param name="Time">The clock and its timers.</param>
/// <param name="Scheduler">What runs it.</param>
/// <param name="Chance">Spreads its retries: 0 to 1.</param>
/// <param name="Bounds">When a segment of its journal is closed; null for what ships.</param>
internal sealed record CoordinatorSeams(TimeProvider Time, TaskScheduler Scheduler, Func<double> Chance, JournalBounds? Bounds)
{
    /// <summary>What ships: the thread pool and its dice.</summary>
    public static CoordinatorSeams Real(TimeProvider time) => new(time, TaskScheduler.Default, Random.Shared.NextDouble, null);

    /// <summary>True if every step is taken on one thread, when the scheduler says so.</summary>
    public bool IsStepped => Scheduler != TaskScheduler.Default;

    /// <summary>Begins something that runs by itself.</summary>
    public Task RunAsync(Func<Task> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Scheduler).Unwrap();
}
