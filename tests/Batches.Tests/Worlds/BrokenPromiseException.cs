namespace OrleansClean.Batches.Tests.Worlds;

/// <summary>A promise of the reliability contract does not hold. The message begins with its name.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
