using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using OrleansClean.Batches;
using OrleansClean.Cleaning.Plans;
using OrleansClean.Execution.Inputs;
using OrleansClean.Execution.Publishing;
using OrleansClean.Execution.Running;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>A submission with everything that follows from it: the plan, its gate, the stores.</summary>
internal sealed class CleaningBatch
{
    private readonly IStoreDirectory _stores;
    private readonly ConcurrentDictionary<string, IObjectStore> _inputs = new(StringComparer.Ordinal);

    private CleaningBatch(BatchSubmission submission, Plan plan, BatchGate gate, IStoreDirectory stores, BatchSeams seams)
    {
        _stores = stores;
        Submission = submission;
        Plan = plan;
        Gate = gate;
        Output = stores.Open(submission.OutputRoot);
        Seams = seams;
        Template = new OutputTemplate(plan, "/", submission.Id, submission.FrozenAt.UtcDateTime);
        Effective = Engine.Effective(plan);
    }

    public BatchSubmission Submission { get; }

    /// <summary>The plan, with the submission's limits over its own.</summary>
    public Plan Plan { get; }

    public BatchGate Gate { get; }

    public OutputTemplate Template { get; }

    public string Effective { get; }

    /// <summary>The store that the submission's patterns are below.</summary>
    public IObjectStore Input => InputOf(Submission.InputRoot);

    public IObjectStore Output { get; }

    public BatchSeams Seams { get; }

    public string Id => Submission.Id;

    /// <summary>The frozen day, for records of outputs that read the clock.</summary>
    public string Day => Submission.FrozenAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Calls that went to the stores of this batch in this process.</summary>
    public long Operations => Output.Operations + _inputs.Values.Distinct().Where(store => !ReferenceEquals(store, Output)).Sum(store => store.Operations);

    /// <summary>A store that inputs are read from.</summary>
    public IObjectStore InputOf(string root) => _inputs.GetOrAdd(root, _stores.Open);

    /// <summary>
    /// Of a submission. Throws <c>PlanException</c> for a bad plan and <see cref="UsageException"/> for what cannot be done.
    /// </summary>
    public static CleaningBatch Of(BatchSubmission submission, IStoreDirectory stores, BatchSeams seams)
    {
        if (!StateNames.IsId(submission.Id))
        {
            throw new UsageException($"'{ObjectName.Show(submission.Id)}' cannot be a batch's id: letters, digits, '-', '_' and '.', at most {StateNames.IdLengthMax}.");
        }

        var plan = seams.LoadPlan(submission.PlanText, submission.PlanPath, submission.Parameters);
        RejectLimit? limit = null;
        if (submission.MaxRejects is { } text && !RejectLimit.TryParse(text, out limit))
        {
            throw new UsageException($"max_rejects is '{ObjectName.Show(text)}'; it takes a count such as 500 or a share such as 2%.");
        }

        plan = plan with
        {
            Run = plan.Run with
            {
                MaxRejects = limit ?? plan.Run.MaxRejects,
                Timeout = submission.Timeout ?? plan.Run.Timeout,
                FileTimeout = submission.FileTimeout ?? plan.Run.FileTimeout,
            },
        };
        var gate = BatchGate.For(plan, submission.PlanPath);
        return new CleaningBatch(submission, plan, gate, stores, seams);
    }

    /// <summary>The batch of a submission's document in the store of its outputs.</summary>
    public static async Task<CleaningBatch> LoadAsync(
        IObjectStore output, string body, IStoreDirectory stores, BatchSeams seams, CancellationToken cancellationToken)
    {
        var name = ObjectName.Parse(body);
        var document = await output.ReadDocumentAsync(name, cancellationToken)
            ?? throw new StorageException(StorageFault.Missing, $"The batch's document {output.Locate(name)} is missing. Submit it again under another id.");
        try
        {
            return Of(BatchSubmission.Parse(document.Content.Span), stores, seams);
        }
        catch (JsonException e)
        {
            throw new StorageException(StorageFault.NameRefused, $"{output.Locate(name)} is damaged or of another version. Submit the batch again under another id.", e);
        }
    }

    /// <summary>What the coordinator needs to know of it.</summary>
    public BatchSpec Spec(string bodyDocument) => new()
    {
        Id = Id,
        Kind = WorkKind.CleanFiles,
        BodyHash = Submission.HashBody(),
        BodyDocument = bodyDocument,
        HasGate = Gate.HoldsBack || Plan.Write.Combine,
        HasJoin = Plan.Write.Combine,
        RetriesMax = Plan.Run.Retries,

        // Workers keep the limit themselves; this one is for workers that hang.
        ItemTimeout = Plan.Run.FileTimeout is { } limit ? limit + HangSlack : null,
        BatchTimeout = Plan.Run.Timeout,
        RetryDelay = TimeSpan.FromMilliseconds(100),
        RetryDelayMax = TimeSpan.FromSeconds(10),
    };

    private static readonly TimeSpan HangSlack = TimeSpan.FromSeconds(60);
}

/// <summary>A submission that was looked at and can be begun.</summary>
/// <param name="Spec">What the coordinator is told.</param>
/// <param name="Document">The body's document.</param>
/// <param name="Body">Its content.</param>
/// <param name="PlanName">The plan's name.</param>
public sealed record AcceptedSubmission(BatchSpec Spec, ObjectName Document, ReadOnlyMemory<byte> Body, string PlanName)
{
    /// <summary>
    /// Looks at a submission. Throws <c>PlanException</c> for a bad plan and <see cref="UsageException"/> for what cannot be
    /// done here. Writes nothing.
    /// </summary>
    public static AcceptedSubmission Of(BatchSubmission submission, IStoreDirectory stores) =>
        Of(submission, stores, BatchSeams.Real);

    internal static AcceptedSubmission Of(BatchSubmission submission, IStoreDirectory stores, BatchSeams seams)
    {
        var batch = CleaningBatch.Of(submission, stores, seams);
        var body = submission.ToBytes();
        var document = HostingNames.Document(submission.Id, "body-", body, "json");
        return new AcceptedSubmission(batch.Spec(document.Value), document, body, batch.Plan.Name);
    }

    /// <summary>Writes the body's document; the submit itself comes after it.</summary>
    public ValueTask WriteAsync(IObjectStore output, CancellationToken cancellationToken) => output.WriteImmutableAsync(Document, Body, cancellationToken);
}
