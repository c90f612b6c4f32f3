namespace OrleansClean.Execution;

/// <summary>
/// The request cannot be carried out as it stands: no input matches, two inputs map to one output, an id belongs to
/// another batch. Nothing was written. The message says what was looked for, where, and what to do. Exit code 2.
/// </summary>
public sealed class UsageException(string message) : Exception(message);
