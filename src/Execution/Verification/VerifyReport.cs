using System.Collections.Immutable;

namespace OrleansClean.Execution.Verification;

/// <summary>The result of a verification.</summary>
/// <param name="BatchId">The batch.</param>
/// <param name="Checks">What was checked, in order.</param>
public sealed record VerifyReport(string BatchId, ImmutableArray<VerifyCheck> Checks)
{
    /// <summary>True if every check passed.</summary>
    public bool Ok => Checks.All(c => c.Ok);
}

/// <summary>One kind of check over all files of a batch.</summary>
/// <param name="Name">Its name, kebab-case, such as <c>output-rows</c>.</param>
/// <param name="What">One sentence: what was compared with what.</param>
/// <param name="Checked">How many things were compared.</param>
/// <param name="Failures">What differs, one sentence each; the first <see cref="FailuresMax"/>.</param>
/// <param name="FailureCount">How many differ.</param>
public sealed record VerifyCheck(string Name, string What, long Checked, ImmutableArray<string> Failures, long FailureCount)
{
    /// <summary>Failures that are told in full.</summary>
    public const int FailuresMax = 20;

    /// <summary>True if nothing differs.</summary>
    public bool Ok => FailureCount == 0;
}

/// <summary>Collects the outcomes of one check.</summary>
internal sealed class CheckBuilder(string name, string what)
{
    private readonly ImmutableArray<string>.Builder _failures = ImmutableArray.CreateBuilder<string>();
    private long _checked;
    private long _failed;

    /// <summary>Counts one comparison.</summary>
    public void Expect(bool isTrue, Func<string> failure)
    {
        _checked++;
        if (!isTrue)
        {
            _failed++;
            if (_failures.Count < VerifyCheck.FailuresMax)
            {
                _failures.Add(failure());
            }
        }
    }

    /// <summary>Counts one comparison that failed.</summary>
    public void Fail(string failure) => Expect(isTrue: false, () => failure);

    /// <summary>The outcome.</summary>
    public VerifyCheck Done() => new(name, what, _checked, _failures.ToImmutable(), _failed);
}
