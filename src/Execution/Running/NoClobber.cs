using System.Globalization;
using OrleansClean.Execution.State;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Running;

/// <summary><c>--no-clobber</c>: refuses to replace what was not written here.</summary>
internal static class NoClobber
{
    /// <summary>Throws <see cref="UsageException"/> if an output exists that no record says we wrote.</summary>
    public static async Task CheckAsync(PreparedBatch batch, CancellationToken cancellationToken)
    {
        if (!batch.Request.NoClobber)
        {
            return;
        }

        var strangers = new List<ObjectName>();
        foreach (var output in batch.Items.Select(i => i.Output).OfType<ObjectName>().Distinct())
        {
            if (await batch.Store.FindAsync(output, cancellationToken) is not { } found)
            {
                continue;
            }

            var record = await batch.Store.ReadJsonAsync(StateNames.OutputRecord(output.Value), ExecutionJson.Lines.OutputRecord, cancellationToken);
            if (record?.Wrote(output.Value, found.ETag.Value) != true)
            {
                strangers.Add(output);
            }
        }

        if (strangers.Count > 0)
        {
            var more = strangers.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {strangers.Count - 1} more");
            throw new UsageException(
                $"{batch.Template.PathOf(strangers[0].Value)}{more} would be replaced and was not written by this plan, or was changed since. Nothing was written. Move it away, or leave out --no-clobber.");
        }
    }
}
