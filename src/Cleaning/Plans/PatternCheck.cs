using System.Text.RegularExpressions;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Patterns run without backtracking, so that no cell can stop a batch; some patterns cannot.</summary>
internal static class PatternCheck
{
    private const int LengthMax = 1000;

    /// <summary><c>InsufficientClosingParentheses</c> in words.</summary>
    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select(c => char.IsAsciiLetterUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}")).TrimStart();

    /// <summary>Reports why the pattern in <paramref name="node"/> cannot be used, if so.</summary>
    public static void Report(PlanNode node, PlanProblems problems)
    {
        var pattern = node.Text();
        if (pattern.Length > LengthMax)
        {
            problems.Add(node.At, $"The pattern has {pattern.Length} characters; at most {LengthMax} are possible.");
            return;
        }

        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Timeout.InfiniteTimeSpan);
            if (regex.IsMatch(""))
            {
                problems.Add(node.At, $"The pattern {Quoted.Text(pattern)} matches an empty text, so it is found everywhere.", "Use `+` instead of `*`.");
            }
        }
        catch (RegexParseException e)
        {
            problems.Add(node.At, $"{Quoted.Text(pattern)} is no pattern.", $"At its character {e.Offset + 1}: {Words(e.Error)}.");
        }
        catch (NotSupportedException)
        {
            problems.Add(
                node.At,
                $"The pattern {Quoted.Text(pattern)} cannot run without backtracking.",
                "Look-around, back references and atomic groups are not possible: some cells would take them forever.");
        }
    }
}
