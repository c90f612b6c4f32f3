using System.Runtime.InteropServices;

namespace OrleansClean.Cli;

/// <summary>Turns the signals that ask a process to stop into a cancellation and the exit code that shells expect.</summary>
internal static class Interruptible
{
    private const int Interrupted = 130;
    private const int Terminated = 143;

    /// <summary>
    /// Runs <paramref name="command"/>. The first signal cancels it, so that nothing half-written is left; the second one
    /// ends the process at once, which loses no more: outputs appear whole or not at all.
    /// </summary>
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        using var stop = new CancellationTokenSource();
        var signalled = 0;
        void Stop(PosixSignalContext context, int exitCode)
        {
            context.Cancel = Interlocked.CompareExchange(ref signalled, exitCode, 0) == 0;
            if (context.Cancel)
            {
                stop.Cancel();
            }
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, Terminated));
        var exitCode = await command(stop.Token);

        // A command that was done before it noticed the signal has its own, true exit code.
        return exitCode == Interrupted && signalled != 0 ? signalled : exitCode;
    }
}
