using OrleansClean.Execution.Reports;

namespace OrleansClean.Execution;

/// <summary>The library's door: clean a folder in one line.</summary>
public static class Batch
{
    /// <summary>
    /// Cleans the files in <paramref name="input"/> (a folder, file or glob) by the plan at <paramref name="planPath"/>;
    /// <c>write:</c> is resolved against the folder <paramref name="output"/>. Returns the report, whose ledger balances.
    /// May be called again at any time: it continues what was interrupted and passes over what is up to date. Throws
    /// <c>PlanException</c> for a bad plan, <see cref="UsageException"/> if nothing can be done, and
    /// <see cref="OperationCanceledException"/> when cancelled; files finished until then are published.
    /// </summary>
    public static async Task<BatchReport> RunAsync(
        string planPath,
        string input,
        string output,
        CancellationToken cancellationToken = default)
    {
        var request = new BatchRequest { PlanPath = planPath, Inputs = [input], OutputDirectory = output };
        var report = await BatchRunner.RunAsync(request, progress: null, cancellationToken);
        if (report.Status is BatchStatus.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return report;
    }
}
