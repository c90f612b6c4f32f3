using System.Collections.Immutable;
using System.Globalization;

namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>One line of a history: what became visible outside, in the order in which it did.</summary>
internal abstract record Happening
{
    private Happening()
    {
    }

    /// <summary>Events became durable, written by a coordinator under its incarnation.</summary>
    public sealed record Durable(int Coordinator, long Incarnation, ImmutableArray<BatchEvent> Events) : Happening
    {
        public override string ToString() => $"durable c{Coordinator}: {string.Join("; ", Events.Select(Shown.Of))}";
    }

    /// <summary>A coordinator let an effect go.</summary>
    public sealed record Released(int Coordinator, BatchEffect Effect) : Happening
    {
        public override string ToString() => $"effect c{Coordinator}: {Shown.Of(Effect)}";
    }

    /// <summary>A coordinator answered a message.</summary>
    public sealed record Answered(int Coordinator, BatchInput Input, BatchAnswer Answer) : Happening
    {
        public override string ToString() => $"answer c{Coordinator}: {Input.GetType().Name} {Shown.Of(Answer)}";
    }

    /// <summary>An attempt's object became visible in the place of what had a tag before; null if nothing stood there.</summary>
    public sealed record Landed(AttemptId Attempt, int Object, int? Replaced, int Tag) : Happening
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"landed {Shown.Of(Attempt)} object {Object} as {Tag} over {Replaced?.ToString(CultureInfo.InvariantCulture) ?? "nothing"}");
    }

    /// <summary>Somebody else wrote an object.</summary>
    public sealed record Intruded(int Item, int Object, int Tag) : Happening
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"stranger wrote {Item} object {Object} as {Tag}");
    }

    /// <summary>A listing was written: the tags that stand under the names of outputs, object by object of each item.</summary>
    public sealed record ListingWritten(string Document, ImmutableArray<ImmutableArray<int?>> Tags) : Happening
    {
        public override string ToString() => $"listing {Document} of {Tags.Length}";
    }

    /// <summary>Manifest or report became visible, with how each item ended.</summary>
    public sealed record PaperWritten(Kind Kind, ImmutableArray<ItemStatus> Outcomes) : Happening
    {
        public override string ToString() => $"{Kind} written: {string.Join(' ', Outcomes)}";
    }
}
