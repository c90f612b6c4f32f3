using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OrleansClean.Batches;
using OrleansClean.Execution.Hosting;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>A worker's process: what it holds, and how its work is staged in the real store.</summary>
internal sealed class SteppedWorker(WorkerId id)
{
    public WorkerId Id { get; } = id;

    public long Sequence { get; set; }

    public bool IsAsking { get; set; }

    /// <summary>Attempts, with what will be reported; null while it works.</summary>
    public Dictionary<AttemptId, AttemptOutcome?> Held { get; } = [];

    /// <summary>Makes an item's objects, the same bytes whichever attempt it is, and the intent that publishes them.</summary>
    public static AttemptOutcome Stage(IObjectStore store, AttemptId attempt, ImmutableArray<int?> expected)
    {
        var stage = StageId.Of("b", attempt.Item, attempt.Number);
        var objects = ImmutableArray.CreateBuilder<IntendedObject>();
        for (var index = 0; index < expected.Length; index++)
        {
            var name = RecordingStore.Output(attempt.Item, index);
            var content = Encoding.UTF8.GetBytes(name.Value);
            var staging = store.StageAsync(name, stage, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            staging.Content.Write(content);
            var reference = staging.SealAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            objects.Add(new IntendedObject(
                reference.ToString(),
                expected[index] is { } tag ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"0x{tag:X}") : null,
                Convert.ToHexStringLower(SHA256.HashData(content))));
        }

        return new AttemptOutcome.Ready(new CommitIntent { Commit = stage.ToString(), Objects = objects.DrainToImmutable() }.ToText())
        {
            Aside = Encoding.UTF8.GetBytes(AsideOf(attempt)),
        };
    }

    /// <summary>What goes with the report of every second item, and not into the journal: another text for each attempt.</summary>
    public static string AsideOf(AttemptId attempt) =>
        attempt.Item % 2 == 0 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"of item {attempt.Item}\nof attempt {attempt.Number}\n");
}
