using OrleansClean.Cli;
using OrleansClean.Cli.Output;

return await Interruptible.RunAsync(cancellationToken =>
    CommandLine.InvokeAsync(args, Terminal.OfProcess(), cancellationToken));
