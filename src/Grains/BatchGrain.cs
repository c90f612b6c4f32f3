using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansClean.Execution.Hosting;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains;

/// <summary>
/// One batch. Reentrant, because the coordinator behind it takes many inputs at once and makes their events durable together; the shell
/// itself keeps nothing across an await.
/// </summary>
/// <param name="services">What it works with.</param>
[GrainType("oc.batch")]
[Reentrant]
#pragma warning disable CA1001 // Orleans ends an activation by OnDeactivateAsync, and that disposes of the desk.
public sealed class BatchGrain(BatchDeskServices services) : Grain, IBatchGrain
#pragma warning restore CA1001
{
    private BatchDesk _desk = null!;

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _desk = new BatchDesk(this.GetPrimaryKeyString(), services);
        return _desk.OpenAsync();
    }

    /// <inheritdoc />
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await _desk.DisposeAsync();

    /// <inheritdoc />
    public Task<HostReply> Submit(BatchSubmission submission) => Checked(_desk.SubmitAsync(submission, GrainCall.Current));

    /// <inheritdoc />
    public Task<HostReply> SubmitFrom(SubmissionPlace place) => Checked(_desk.SubmitFromAsync(place, GrainCall.Current));

    /// <inheritdoc />
    public Task<StatusReply> Status() => Checked(_desk.StatusAsync());

    /// <inheritdoc />
    public Task<TakeAnswer> Take(TakeRequest request) => Checked(_desk.TakeAsync(request));

    /// <inheritdoc />
    public Task<ReportAnswer> Report(AttemptReport report) => Checked(_desk.ReportAsync(report));

    /// <inheritdoc />
    public Task<HostReply> Cancel() => Checked(_desk.CancelAsync());

    /// <inheritdoc />
    public Task<HostReply> Retry() => Checked(_desk.RetryAsync(GrainCall.Current));

    /// <summary>After a fenced or failed append this activation is worth nothing: the next call loads again.</summary>
    private async Task<T> Checked<T>(Task<T> call)
    {
        var answer = await call;
        if (_desk.IsSpent)
        {
            DeactivateOnIdle();
        }

        return answer;
    }
}
