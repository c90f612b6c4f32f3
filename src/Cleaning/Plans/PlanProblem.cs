namespace OrleansClean.Cleaning;

/// <summary>
/// Something wrong with a plan, found before a byte is written. <see cref="Hint"/> says what to do, such as the nearest
/// name, or is null.
/// </summary>
public sealed record PlanProblem(SourcePosition At, string Message, string? Hint = null)
{
    /// <summary><c>plan.yaml:12:7: message. Hint</c>, ready for a person.</summary>
    public string Render(string planPath) =>
        $"{planPath}{(At.Line == 0 ? "" : $":{At}")}: {Message}{(Hint is null ? "" : $" {Hint}")}";
}

/// <summary>A plan that cannot be used, with all that was found wrong.</summary>
public sealed class PlanException(string planPath, IReadOnlyList<PlanProblem> problems)
    : Exception(string.Join('\n', problems.Select(p => p.Render(planPath))))
{
    /// <summary>The plan's path as the user wrote it.</summary>
    public string PlanPath { get; } = planPath;

    /// <summary>Every problem, in the order of the file; at least one.</summary>
    public IReadOnlyList<PlanProblem> Problems { get; } = problems;
}
