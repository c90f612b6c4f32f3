using System.Globalization;
using System.Text;
using OrleansClean.Batches;
using OrleansClean.Batches.Tests.Worlds;
using OrleansClean.Execution.Coordination;
using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Coordination.Stepped;

/// <summary>Stands where the bytes are, behind all faults, and writes the history down: what became visible, and nothing else.</summary>
internal sealed class RecordingStore(IObjectStore inner, Action<Happening> happen) : StoreDecorator(inner)
{
    /// <summary>The folder of the batch's journal.</summary>
    public const string Journal = "journal";

    /// <summary>The name of an item's object.</summary>
    public static ObjectName Output(int item, int index) =>
        ObjectName.Parse(string.Create(CultureInfo.InvariantCulture, $"out/{index}-{item}.csv"));

    /// <summary>The name of manifest or report.</summary>
    public static ObjectName Paper(Kind kind) => ObjectName.Parse(kind + ".txt");

    /// <summary>A tag as a number.</summary>
    public static int? TagOf(ETag? tag) =>
        tag is { } some ? int.Parse(some.Value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;

    public override async ValueTask<CommitResult> CommitAsync(StagedReference staged, Precondition precondition, CommitId commit, CancellationToken cancellationToken)
    {
        var before = (await base.FindAsync(staged.Name, cancellationToken))?.ETag;
        var result = await base.CommitAsync(staged, precondition, commit, cancellationToken);
        var after = (await base.FindAsync(staged.Name, cancellationToken))?.ETag;
        if (before != after)
        {
            var name = Path.GetFileNameWithoutExtension(staged.Name.Value).Split('-');
            var attempt = new AttemptId(int.Parse(name[1], CultureInfo.InvariantCulture), staged.Stage.Attempt);
            happen(new Happening.Landed(attempt, int.Parse(name[0], CultureInfo.InvariantCulture), TagOf(before), TagOf(after)!.Value));
        }

        return result;
    }

    public override async ValueTask<WriteResult> WriteDocumentAsync(
        ObjectName name, ReadOnlyMemory<byte> content, Precondition precondition, CancellationToken cancellationToken)
    {
        var before = (await base.FindAsync(name, cancellationToken))?.ETag;
        var result = await base.WriteDocumentAsync(name, content, precondition, cancellationToken);
        var isNew = before != (await base.FindAsync(name, cancellationToken))?.ETag;
        foreach (var kind in new[] { Kind.Manifest, Kind.Paper }.Where(kind => isNew && name == Paper(kind)))
        {
            var outcomes = Encoding.UTF8.GetString(content.Span).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            happen(new Happening.PaperWritten(kind, [.. outcomes.Select(Enum.Parse<ItemStatus>)]));
        }

        return result;
    }

    public override async ValueTask<AppendResult> AppendAsync(
        ObjectName name, long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var result = await base.AppendAsync(name, position, bytes, cancellationToken);
        if (result is AppendResult.Appended && name.Value.StartsWith(Journal + "/", StringComparison.Ordinal))
        {
            foreach (var line in Encoding.UTF8.GetString(bytes.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var read = JournalLine.Decode(Encoding.UTF8.GetBytes(line), name.Value);
                if (read.Event is { } happened and not BatchEvent.SnapshotTaken)
                {
                    await CheckAsideAsync(happened);
                    happen(new Happening.Durable(0, read.Incarnation, [happened]));
                }
            }
        }

        return result;
    }

    /// <summary>What an event names beside the journal stands when the event does, and is what the attempt handed in.</summary>
    private async Task CheckAsideAsync(BatchEvent happened)
    {
        var attempt = (happened as BatchEvent.ItemStaged)?.Attempt ?? (happened as BatchEvent.IntentRecorded)?.Attempt;
        if (attempt is null)
        {
            return;
        }

        var expected = SteppedWorker.AsideOf(attempt);
        var kept = happened.Kept is { } place && await base.ReadLogAsync(new JournalNames(Journal).Aside(place.Log), place.Start, CancellationToken.None) is { } log
            ? Encoding.UTF8.GetString(log.Span[..Math.Min(log.Length, place.Length)])
            : "";
        if (kept != expected)
        {
            throw new BrokenPromiseException($"{happened} is durable and '{kept}' is kept beside it, not '{expected}'.");
        }
    }
}
