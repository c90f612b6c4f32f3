using OrleansClean.Batches;
using OrleansClean.Execution.Reports;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Hosting;

/// <summary>What the journal tells of one item so far.</summary>
internal sealed class ItemFact
{
    private CommitIntent? _intent;

    public ItemStatus Status { get; set; }

    /// <summary>What was ready or unchanged, as the attempt told it.</summary>
    public string? Told
    {
        get;
        set
        {
            field = value;
            _intent = null;
        }
    }

    /// <summary>What was told, read once: a batch's end looks at it several times.</summary>
    public CommitIntent Intent => _intent ??= CommitIntent.Parse(Told!);

    /// <summary>Where its records of rejected rows are kept, if they are not in an object of their own; else null.</summary>
    public AsidePlace? Records { get; set; }

    /// <summary>Tags that were known only after the commit; empty if they were known before.</summary>
    public string Tags { get; set; } = "";

    public Failure? Failure { get; set; }

    public int Attempts { get; set; }

    public string? Worker { get; set; }

    /// <summary>The summary of what was ready or unchanged.</summary>
    public async ValueTask<FileSummary> ReadSummaryAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var summary = await Intent.ReadSummaryAsync(store, cancellationToken);
        return Records is null ? summary : summary with { Records = Records };
    }
}

/// <summary>What the journal tells of some items, and of the batch.</summary>
internal sealed class ItemFacts(Func<int, bool> isWanted)
{
    private readonly Dictionary<int, ItemFact> _facts = [];

    public BatchSpec? Spec { get; private set; }

    public string? Listing { get; private set; }

    /// <summary>How often the batch was begun anew: an effect of another round is out of date.</summary>
    public int Round { get; private set; }

    /// <summary>True if the batch came to its end, and was not begun anew since.</summary>
    public bool IsFinished { get; private set; }

    public StopReason? Stop { get; private set; }

    /// <summary>Why the gate stayed closed, or the inputs could not be listed.</summary>
    public string? Message { get; private set; }

    public bool IsGateClosed { get; private set; }

    /// <summary>What became of the join; null before it.</summary>
    public string? Joined { get; private set; }

    /// <summary>What became of the join when the batch was done before; null if it never was.</summary>
    public string? JoinedBefore { get; private set; }

    public ItemFact? Find(int item) => _facts.GetValueOrDefault(item);

    public void Add(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.Submitted submitted:
                Spec = submitted.Spec;
                break;
            case BatchEvent.Listed listed:
                Listing = listed.Document;
                break;
            case BatchEvent.ListingGivenUp failed:
                Message = failed.Failure.Message;
                break;
            case BatchEvent.StopRequested stop:
                Stop = stop.Reason;
                break;
            case BatchEvent.GateClosed closed:
                Message = closed.Message;
                IsGateClosed = true;
                break;
            case BatchEvent.JoinDone joined:
                Joined = joined.Result;
                break;
            case BatchEvent.Continued continued:
                Spec = continued.Spec;
                break;
            case BatchEvent.Finished:
                IsFinished = true;
                break;
            case BatchEvent.Reopened:
                Reopen();
                break;
            default:
                AddToItem(happened);
                break;
        }
    }

    private void AddToItem(BatchEvent happened)
    {
        switch (happened)
        {
            case BatchEvent.Dispatched dispatched when Of(dispatched.Attempt) is { } fact:
                fact.Status = ItemStatus.Running;
                fact.Worker = dispatched.Worker.Name;
                break;
            case BatchEvent.ItemStaged staged when Of(staged.Attempt) is { } fact:
                fact.Status = ItemStatus.Staged;
                fact.Told = staged.Staged;
                fact.Records = staged.Kept;
                break;
            case BatchEvent.IntentRecorded intent when Of(intent.Attempt) is { } fact:
                fact.Status = ItemStatus.Intent;
                fact.Told = intent.Staged;
                fact.Records = intent.Kept;
                break;
            case BatchEvent.ItemCommitted committed when Of(committed.Attempt) is { } fact:
                fact.Status = ItemStatus.Committed;
                fact.Tags = committed.Summary;
                break;
            case BatchEvent.ItemUnchanged unchanged when Of(unchanged.Attempt) is { } fact:
                fact.Status = ItemStatus.Unchanged;
                fact.Told = unchanged.Summary;
                fact.Records = null;
                break;
            case BatchEvent.ItemFailed failed when Of(failed.Attempt) is { } fact:
                fact.Status = ItemStatus.Failed;
                fact.Failure = failed.Failure;
                break;
            case BatchEvent.AttemptFailed failed when Of(failed.Attempt) is { } fact:
                fact.Status = ItemStatus.Waiting;
                break;
        }
    }

    private void Reopen()
    {
        Round++;
        IsFinished = false;
        Stop = null;
        Message = null;
        IsGateClosed = false;
        JoinedBefore = Joined ?? JoinedBefore;
        Joined = null;
        foreach (var fact in _facts.Values.Where(fact => Spec!.HasJoin || fact.Status is not (ItemStatus.Committed or ItemStatus.Unchanged)))
        {
            fact.Status = ItemStatus.Waiting;
        }
    }

    private ItemFact? Of(AttemptId attempt)
    {
        if (!isWanted(attempt.Item))
        {
            return null;
        }

        if (!_facts.TryGetValue(attempt.Item, out var fact))
        {
            _facts.Add(attempt.Item, fact = new ItemFact());
        }

        fact.Attempts = attempt.Number;
        return fact;
    }
}
