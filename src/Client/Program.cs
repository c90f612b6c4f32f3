using OrleansClean.Cli;
using OrleansClean.Cli.Output;
using OrleansClean.Client;

// The same command, with a way to clusters.
return await Interruptible.RunAsync(cancellationToken =>
    CommandLine.InvokeAsync(args, Terminal.OfProcess(), cancellationToken, new ClientDoor()));
