using System.Diagnostics.CodeAnalysis;
using OrleansClean.Batches;
using OrleansClean.Execution.Arrays.Batches;
using OrleansClean.Execution.Mapping.Batches;
using OrleansClean.Execution.State;

namespace OrleansClean.Execution.Hosting.Works;

/// <summary>What there is to know of a kind of work other than cleaning: adding one adds a line here.</summary>
/// <param name="Folder">The folder of its documents in the store of its results.</param>
/// <param name="Parse">Reads a submission's document.</param>
/// <param name="Effects">Carries out the effects of work with an output root, an id and the hash of its submission, measuring by so many threads.</param>
/// <param name="Attempts">The executor of a process that touches these stores.</param>
internal sealed record KindOfWork(
    string Folder,
    Func<ReadOnlyMemory<byte>, WorkSubmission> Parse,
    Func<IStoreDirectory, string, string, string, int, WorkEffects> Effects,
    Func<IStoreDirectory, IAttemptExecutor> Attempts)
{
    /// <summary>Every kind but cleaning, which has hosts of its own.</summary>
    public static IReadOnlyDictionary<WorkKind, KindOfWork> All { get; } = new Dictionary<WorkKind, KindOfWork>
    {
        [WorkKind.Map] = new(
            $"{StateNames.Root}/maps",
            document => MapSubmission.Parse(document.Span),
            (stores, root, id, hash, _) => new MapEffects(stores, root, id, hash),
            MapAttempts.OfBuiltIns),
        [WorkKind.Array] = new(
            $"{StateNames.Root}/array-batches",
            document => ArraySubmission.Parse(document.Span),
            (stores, root, id, hash, workers) => new ArrayEffects(stores, root, id, hash, workers),
            stores => new ArrayAttempts(stores)),
    };

    /// <summary>Finds a kind; false for cleaning, and for one of a later version.</summary>
    public static bool TryFind(WorkKind kind, [NotNullWhen(true)] out KindOfWork? found) => All.TryGetValue(kind, out found);
}
