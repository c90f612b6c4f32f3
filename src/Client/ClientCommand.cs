using System.Globalization;
using OrleansClean.Batches;
using OrleansClean.Cleaning;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;
using OrleansClean.Execution.Logging;
using OrleansClean.Storage;
using OrleansClean.Stores;

namespace OrleansClean.Client;

/// <summary>The command of a cluster's client: it submits batches, watches them, and steers them from any process.</summary>
internal static class ClientCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    public const string Help = """
        Usage: OrleansClean.Client COMMAND --cluster NAME --store FOLDER [options]

          run PLAN [INPUT …]   clean on the cluster, and wait for the end
            --id ID            the batch's id (default: the plan's name and the time)
            --input FOLDER     the folder that inputs are below (default: the plan's)
            --output FOLDER    the folder that write: is below (default: the plan's); an address is the output root itself
            --set KEY=VALUE    a parameter of the plan
            --no-wait          submit and return
          batch list           the cluster's batches, newest first
          batch show ID        how far one is
          batch wait ID        wait for its end
          batch cancel ID      stop it; what is published stays
          batch retry ID       take its failed and cancelled files up again

        Exit codes: 0 done, 1 all files failed, 2 wrong usage, 4 some files failed, 5 a limit was exceeded, 7 no answer, 130 cancelled.
        """;

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        // Messages hold names from files and words that were typed.
        (output, error) = (new VisibleWriter(output), new VisibleWriter(error));
        try
        {
            if (arguments is [] or ["--help" or "-h", ..])
            {
                await output.WriteLineAsync(Help);
                return arguments.Length == 0 ? ExitCodes.Usage : 0;
            }

            var words = ClientWords.Parse(arguments);
            var stores = ClusterStores.FromEnvironment();
            var store = stores.Open(ClusterStores.Full(words.Required("store")));
            await using var client = await OrleansCleanClient.ConnectAsync(words.Required("cluster"), store, stores, Patience, cancellationToken);
            return await CarryOutAsync(client, words, output, error, cancellationToken);
        }
        catch (Exception e) when (e is UsageException or PlanException)
        {
            await error.WriteLineAsync(e.Message);
            return ExitCodes.Usage;
        }
        catch (Exception e) when (e is TimeoutException or StorageException or IOException)
        {
            await error.WriteLineAsync(e.Message);
            return NoAnswer;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("The batch goes on without this command; 'batch wait' waits for it again.");
            return ExitCodes.Interrupted;
        }
    }

    private const int NoAnswer = 7;

    private static Task<int> CarryOutAsync(
        OrleansCleanClient client, ClientWords words, TextWriter output, TextWriter error, CancellationToken cancellationToken) => words.Positional switch
        {
            ["run", var plan, .. var inputs] => RunBatchAsync(client, words, plan, inputs, output, error, cancellationToken),
            ["batch", "list"] => ListAsync(client, output, error, cancellationToken),
            ["batch", "show", var id] => ShowAsync(client, id, output, error, cancellationToken),
            ["batch", "wait", var id] => WaitAsync(client, id, output, error, cancellationToken),
            ["batch", "cancel", var id] => TellAsync(client.CancelAsync(id, cancellationToken), error),
            ["batch", "retry", var id] => TellAsync(client.RetryAsync(id, cancellationToken), error),
            _ => throw new UsageException("There is no such command. --help lists them."),
        };

    private static async Task<int> RunBatchAsync(
        OrleansCleanClient client,
        ClientWords words,
        string plan,
        IReadOnlyList<string> inputs,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(plan);
        if (!File.Exists(path))
        {
            throw new UsageException($"There is no plan {ObjectName.Show(plan)}.");
        }

        var folder = Path.GetDirectoryName(path)!;
        var now = DateTimeOffset.UtcNow;
        var text = await File.ReadAllTextAsync(path, cancellationToken);
        var submission = new BatchSubmission
        {
            Id = words.Optional("id") ?? $"{Path.GetFileNameWithoutExtension(path)}-{now.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}",
            PlanText = text,
            PlanPath = Path.GetFileName(path),
            Parameters = words.Parameters,
            InputRoot = ClusterStores.Full(words.Optional("input") ?? folder),
            Inputs = [.. inputs],
            OutputRoot = words.Optional("output") is { } given && given.Contains("://", StringComparison.Ordinal)
                ? given
                : SubmissionRoots.OutputOf(text, Path.GetFileName(path), words.Parameters, Path.GetFullPath(words.Optional("output") ?? folder)),
            FrozenAt = now,
        };
        var reply = await client.SubmitAsync(submission, cancellationToken);
        if (!reply.IsGood)
        {
            await error.WriteLineAsync(reply.Message);
            return reply.Outcome is HostOutcome.Unavailable ? NoAnswer : ExitCodes.Usage;
        }

        await output.WriteLineAsync(submission.Id);
        return words.Has("no-wait") ? 0 : await WaitAsync(client, submission.Id, output, error, cancellationToken);
    }

    private static async Task<int> WaitAsync(OrleansCleanClient client, string id, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var last = "";
        while (true)
        {
            var status = await client.WaitAsync(id, Glance, cancellationToken);
            var line = Line(status);
            if (line != last)
            {
                await output.WriteLineAsync(line);
                last = line;
            }

            if (status.IsDone || status.Outcome is HostOutcome.Missing)
            {
                return await ExitCodeAsync(status, error);
            }
        }
    }

    private static async Task<int> ShowAsync(OrleansCleanClient client, string id, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var status = await client.StatusAsync(id, cancellationToken);
        if (status.Overview is null)
        {
            return await ExitCodeAsync(status, error);
        }

        await output.WriteLineAsync(Line(status));
        return 0;
    }

    private static async Task<int> ListAsync(OrleansCleanClient client, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        var list = await client.ListAsync(cancellationToken);
        if (list.Outcome is not HostOutcome.Known)
        {
            await error.WriteLineAsync(list.Message);
            return NoAnswer;
        }

        foreach (var batch in list.Batches)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{batch.Id}  {(batch.IsDone ? "done" : "open")}  {batch.SubmittedAt:yyyy-MM-ddTHH:mm:ssZ}  {batch.PlanName}"));
        }

        return 0;
    }

    private static async Task<int> TellAsync(Task<HostReply> request, TextWriter error)
    {
        var reply = await request;
        if (reply.IsGood)
        {
            return 0;
        }

        await error.WriteLineAsync(reply.Message);
        return reply.Outcome is HostOutcome.Unavailable ? NoAnswer : ExitCodes.Usage;
    }

    private static string Line(StatusReply status) => status.Overview is { } now
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"{now.Phase}: {now.Items} files, {now.Committed} cleaned, {now.Unchanged} unchanged, {now.Failed} failed, {now.Cancelled} cancelled, {now.Running} running, {now.Waiting} waiting, {now.Staged} staged")
        : status.Message;

    private static async Task<int> ExitCodeAsync(StatusReply status, TextWriter error)
    {
        if (status.Overview is not { } end)
        {
            await error.WriteLineAsync(status.Message);
            return status.Outcome is HostOutcome.Missing ? ExitCodes.Usage : NoAnswer;
        }

        if (end.Message is { } message)
        {
            await error.WriteLineAsync(message);
        }

        return end switch
        {
            { Stop: StopReason.Cancelled } => ExitCodes.Interrupted,
            { Stop: StopReason.TimedOut } or { Message: not null } => ExitCodes.LimitExceeded,
            { Failed: > 0 } when end.Failed == end.Items => ExitCodes.Failed,
            { Failed: > 0 } => ExitCodes.Partial,
            _ => ExitCodes.Done,
        };
    }
}
