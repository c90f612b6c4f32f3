using OrleansClean.Execution.Arrays;

namespace OrleansClean.Execution.Tests.Arrays;

/// <summary>Does something to the world the first time that a job is at a point.</summary>
internal sealed class Meddler(string at, Action meddle) : ArrayPoints
{
    private int _done;

    public override void Pass(string point)
    {
        if (point == at && Interlocked.Exchange(ref _done, 1) == 0)
        {
            meddle();
        }
    }
}
