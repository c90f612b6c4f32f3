namespace OrleansClean.Execution.Running;

/// <summary>A worker owns its thread: nobody else is kept waiting when it waits for a store.</summary>
internal static class Waiting
{
    /// <summary>Waits for the result.</summary>
    public static T Now<T>(this ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();

    /// <summary>Waits for the end.</summary>
    public static void Now(this ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
        {
            task.AsTask().GetAwaiter().GetResult();
        }
    }
}
