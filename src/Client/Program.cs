using OrleansClean.Client;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    interrupted.Cancel();
};
return await ClientCommand.RunAsync(args, Console.Out, Console.Error, interrupted.Token);
