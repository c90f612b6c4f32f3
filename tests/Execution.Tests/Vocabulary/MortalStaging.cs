using OrleansClean.Storage;

namespace OrleansClean.Execution.Tests.Vocabulary;

/// <summary>Staged content of a process that may die: the system then closes what it had open, and nothing more.</summary>
/// <param name="staging">The content.</param>
/// <param name="isDead">Whether the process is dead.</param>
/// <param name="whileAlive">Carries a call out, or throws what a call of a dead process throws.</param>
internal sealed class MortalStaging(
    IStaging staging, Func<bool> isDead, Func<Func<ValueTask<StagedReference>>, ValueTask<StagedReference>> whileAlive) : IStaging
{
    public ObjectName Name => staging.Name;

    public string? Handle => staging.Handle;

    public Stream Content { get; init; } = staging.Content;

    public void Leave() => staging.Leave();

    public ValueTask<StagedReference> SealAsync(CancellationToken cancellationToken) => whileAlive(() => staging.SealAsync(cancellationToken));

    public ValueTask DisposeAsync()
    {
        if (isDead())
        {
            staging.Leave();
        }

        return staging.DisposeAsync();
    }
}
