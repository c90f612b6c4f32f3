using System.Collections.Immutable;
using System.Globalization;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Cli.Output;
using OrleansClean.Execution;
using OrleansClean.Execution.Hosting;

namespace OrleansClean.Cli.Clusters;

/// <summary><c>run --cluster</c>: the same request, made a submission that every silo understands.</summary>
internal sealed class ClusterRun(Terminal terminal, ClusterAsked asked, ClusterAddress cluster)
{
    private const int HashDigits = 8;

    /// <summary>Bytes of a piece of a large file: seconds of work, many times what a piece costs by itself.</summary>
    private const long PieceBytes = 64 << 20;

    /// <summary>Submits what <paramref name="request"/> asks for, waits, and prints the ledger; with <paramref name="mayLeave"/> it only submits.</summary>
    public async Task<int> RunAsync(BatchRequest request, ClusterWaitOptions options, bool mayLeave, CancellationToken cancellationToken)
    {
        var submission = await SubmissionAsync(request, cancellationToken);
        return await asked.ActAsync(cluster, terminal, host => SubmitAsync(host, submission, options, mayLeave, cancellationToken), cancellationToken);
    }

    private async Task<int> SubmitAsync(
        IBatchHost host, BatchSubmission submission, ClusterWaitOptions options, bool mayLeave, CancellationToken cancellationToken)
    {
        var (id, isOpen) = submission.Id.Length > 0 ? (submission.Id, false) : await ChooseIdAsync(host, submission, cancellationToken);
        var reply = await host.SubmitAsync(submission with { Id = id }, cancellationToken);
        if (!reply.IsGood)
        {
            terminal.Say($"orleansclean: {Visible.Message(reply.Message)}");
            return reply.Outcome is HostOutcome.Unavailable ? ExitCodes.Failed : ExitCodes.Usage;
        }

        if (mayLeave)
        {
            terminal.Line(id);
            return ExitCodes.Done;
        }

        if (!options.IsQuiet)
        {
            terminal.Say(isOpen || reply.Outcome is HostOutcome.Known
                ? $"Batch {id} is with the cluster {cluster.Name} already."
                : $"Batch {id} is with the cluster {cluster.Name}. Ctrl+C ends this command and not the batch.");
        }

        return await new ClusterWait(terminal, host, cluster, options with { OutputRoot = submission.OutputRoot }).UntilEndAsync(id, cancellationToken);
    }

    /// <summary>
    /// The same command is the same batch while that is not done, and the next one afterwards: the plan's name, a hash of what is asked for, a number.
    /// </summary>
    private static async Task<(string Id, bool IsOpen)> ChooseIdAsync(IBatchHost host, BatchSubmission submission, CancellationToken cancellationToken)
    {
        var name = new string([.. Path.GetFileNameWithoutExtension(submission.PlanPath).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        var prefix = $"{(name.Length == 0 ? "plan" : name[..Math.Min(name.Length, 60)])}-{submission.HashBody()[..HashDigits]}-";
        var number = 0;
        foreach (var batch in (await host.ListAsync(cancellationToken)).Batches.Where(batch => batch.Id.StartsWith(prefix, StringComparison.Ordinal)))
        {
            if (!batch.IsDone)
            {
                return (batch.Id, true);
            }

            number = int.TryParse(batch.Id[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? Math.Max(number, known) : number;
        }

        return (string.Create(CultureInfo.InvariantCulture, $"{prefix}{number + 1}"), false);
    }

    private static async Task<BatchSubmission> SubmissionAsync(BatchRequest request, CancellationToken cancellationToken)
    {
        var plan = Path.GetFullPath(request.PlanPath);
        var folder = Path.GetDirectoryName(plan)!;
        var text = await File.ReadAllTextAsync(plan, cancellationToken);
        var parameters = request.Parameters.ToImmutableSortedDictionary(StringComparer.Ordinal);
        var (root, inputs) = Inputs(request, folder);
        return new BatchSubmission
        {
            Id = request.Id ?? "",
            PlanText = text,
            PlanPath = plan,
            Parameters = parameters,
            InputRoot = root,
            Inputs = inputs,
            OutputRoot = request.OutputDirectory is { } given && given.Contains("://", StringComparison.Ordinal)
                ? given
                : SubmissionRoots.OutputOf(text, Path.GetFileName(plan), parameters, Path.GetFullPath(request.OutputDirectory ?? folder)),
            Force = request.Force,
            NoClobber = request.NoClobber,
            HashInputs = request.HashInputs,
            MaxRejects = request.MaxRejects is { } limit ? Text(limit) : null,
            Timeout = request.Timeout,
            FileTimeout = request.FileTimeout,
            PieceBytes = PieceBytes,
            FrozenAt = TimeProvider.System.GetUtcNow(),
        };
    }

    /// <summary>The limit as it is typed.</summary>
    private static string Text(RejectLimit limit) => limit.Rows is { } rows
        ? rows.ToString(CultureInfo.InvariantCulture)
        : ((decimal)limit.Share!.Value * 100).ToString(CultureInfo.InvariantCulture) + "%";

    /// <summary>The plan's own files are below its folder; files that are named are below the working folder, or in one container.</summary>
    private static (string Root, ImmutableArray<string> Inputs) Inputs(BatchRequest request, string planFolder)
    {
        if (request.Inputs.Count == 0)
        {
            return (planFolder, []);
        }

        if (request.Inputs.Any(input => input.Contains("://", StringComparison.Ordinal)))
        {
            return InputsInBlobs(request.Inputs);
        }

        var here = Environment.CurrentDirectory;
        return (here, [.. request.Inputs.Select(input =>
        {
            var relative = Path.GetRelativePath(here, Path.GetFullPath(input)).Replace(Path.DirectorySeparatorChar, '/');
            return relative is ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative)
                ? throw new UsageException($"{Visible.Path(input)} is not below {Visible.Path(here)}: with --cluster all files that are named lie below the folder that the command is typed in.")
                : relative is "." ? "" : relative;
        })]);
    }

    /// <summary><c>blob://NAME/CONTAINER/…</c>: the container is the root, and the rest is the name.</summary>
    private static (string Root, ImmutableArray<string> Inputs) InputsInBlobs(IReadOnlyList<string> inputs)
    {
        var parts = inputs.Select(input => input.Split('/', 5)).ToList();
        var roots = parts.Select(part => string.Join('/', part.Take(4))).Distinct(StringComparer.Ordinal).ToList();
        return roots.Count == 1 && parts.All(part => part.Length == 5)
            ? (roots[0], [.. parts.Select(part => part[4])])
            : throw new UsageException("With --cluster all files that are named lie below one folder, or in one container: blob://NAME/CONTAINER/FILES.");
    }
}
