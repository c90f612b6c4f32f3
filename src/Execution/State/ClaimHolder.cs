using System.Collections.Concurrent;

namespace OrleansClean.Execution.State;

/// <summary>Who claims roots, and what it can know of others that do.</summary>
/// <param name="Machine">The machine's name.</param>
/// <param name="Boot">What tells this run of the machine from any other; empty if the system does not say.</param>
/// <param name="Process">This process.</param>
/// <param name="Started">When it started, in the system's own count.</param>
/// <param name="Lives">True unless the process of this machine that started then is known to have ended.</param>
internal sealed record ClaimHolder(string Machine, string Boot, int Process, long Started, Func<int, long, bool> Lives)
{
    /// <summary>The claims that are held in this process, by incarnation.</summary>
    private static readonly ConcurrentDictionary<string, bool> Held = new(StringComparer.Ordinal);

    /// <summary>The process that runs this.</summary>
    public static ClaimHolder ThisProcess { get; } = new(
        Environment.MachineName,
        RunningProcesses.Boot,
        Environment.ProcessId,
        RunningProcesses.StartOf(Environment.ProcessId) ?? 0,
        RunningProcesses.Lives);

    /// <summary>
    /// True if whoever made the claim must be thought to be at work: not after its deadline; not if it was this very process and nothing in it
    /// holds the claim any more; not if it was a process of this machine that has ended.
    /// </summary>
    public bool Believes(ClaimDocument claim, DateTimeOffset now) =>
        claim.Until > now && (IsSelf(claim) ? Held.ContainsKey(claim.Incarnation) : !IsNeighbour(claim) || Lives(claim.Process, claim.Started));

    /// <summary>True if this process made the claim.</summary>
    public bool IsSelf(ClaimDocument claim) =>
        string.Equals(claim.Machine, Machine, StringComparison.Ordinal) && string.Equals(claim.Boot, Boot, StringComparison.Ordinal)
        && claim.Process == Process && claim.Started == Started;

    /// <summary>True if a process of this machine made it that can be looked for. A name alone is no machine: many are called localhost.</summary>
    public bool IsNeighbour(ClaimDocument claim) =>
        Boot.Length > 0 && string.Equals(claim.Boot, Boot, StringComparison.Ordinal) && string.Equals(claim.Machine, Machine, StringComparison.Ordinal);

    /// <summary>From before a claim is written until it is let go: nobody in this process may think it left behind meanwhile.</summary>
    public static void Hold(string incarnation) => Held[incarnation] = true;

    /// <summary>It is held no more.</summary>
    public static void LetGo(string incarnation) => Held.TryRemove(incarnation, out _);
}
