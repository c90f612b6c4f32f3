using OrleansClean.Cli;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.Mapping;

// A process of `map --library`: it begins at once, and nothing else of the command is needed.
if (args is [MapWorker.Word])
{
    return MapWorker.Run();
}

return await Interruptible.RunAsync(cancellationToken =>
    CommandLine.InvokeAsync(args, Terminal.OfProcess(), cancellationToken));
