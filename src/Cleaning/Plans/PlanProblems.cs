namespace OrleansClean.Cleaning.Plans;

/// <summary>Collects what is wrong with a plan, up to a bound.</summary>
internal sealed class PlanProblems
{
    /// <summary>Problems that are told: a plan with more of them is not a plan.</summary>
    public const int ProblemsMax = 200;

    /// <summary>All problems so far; the formula parser adds to it as well.</summary>
    public List<PlanProblem> All { get; } = [];

    /// <summary>How many there are.</summary>
    public int Count => All.Count;

    /// <summary>No more are told: whoever has much to check may stop.</summary>
    public bool IsFull => All.Count >= ProblemsMax;

    public void Add(SourcePosition at, string message, string? hint = null)
    {
        if (!IsFull)
        {
            All.Add(new PlanProblem(at, message, hint));
        }
    }

    /// <summary>In the order of the text; those without a place come first.</summary>
    public IReadOnlyList<PlanProblem> InOrder() =>
        [.. All.OrderBy(p => p.At.Line).ThenBy(p => p.At.Column).Distinct()];
}
