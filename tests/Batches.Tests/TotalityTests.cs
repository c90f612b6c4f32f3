
namespace OrleansClean.Batches.Tests;

/// <summary>Every input has an answer in every state that the stories reach, and keeps the invariants.</summary>
public class TotalityTests
{
    private static readonly string[] Samples =
    [
        "100s open 99", "100s submit x", "100s submit other", "100s listed 2", "100s listed 3 pieces=2", "100s list-failed transient", "100s list-failed final",
        "100s take w1.1 seq=99 free=3", "100s take w1.9 seq=1 free=3 held=0#1,1#1", "100s take w9.1 seq=1 free=0",
        "100s ready 0#1", "100s ready 1#1", "100s ready 0#2", "100s ready 99#1", "100s unchanged 0#1", "100s failed 0#1 transient",
        "100s failed 1#1 final", "100s released 0#1", "100s published 0#1", "100s conflict 0#1", "100s stage-lost 0#1",
        "100s unknown 1#1", "100s refused 0#1", "100s refused 1#1", "100s swept round=1", "100s gate open", "100s gate closed", "100s gate open refused=0,1", "100s joined", "100s continue", "100s continue other",
        "100s swept", "100s manifest", "100s report", "100s finish-failed",
        "100s cancel", "100s retry", "100s tick",
    ];

    [Fact]
    public void Every_kind_of_input_has_a_sample() => Assert.Equal(
        typeof(BatchInput).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(BatchInput))).Select(type => type.Name).Order(StringComparer.Ordinal),
        Samples.Select(line => ScenarioInput.Parse(line).GetType().Name).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_kind_of_outcome_has_a_sample()
    {
        var inputs = Samples.Select(ScenarioInput.Parse).ToList();
        Assert.Equal(
            typeof(AttemptOutcome).GetNestedTypes().Select(type => type.Name).Order(StringComparer.Ordinal),
            inputs.OfType<BatchInput.Report>().Select(report => report.Outcome.GetType().Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            typeof(CommitOutcome).GetNestedTypes().Select(type => type.Name).Order(StringComparer.Ordinal),
            inputs.OfType<BatchInput.CommitResolved>().Select(resolved => resolved.Outcome.GetType().Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_input_is_decided_in_every_state_of_the_stories()
    {
        var pairs = 0;
        foreach (var path in Directory.GetFiles(Scenarios.Folder, "*.txt"))
        {
            var lines = File.ReadAllLines(path).SkipWhile(line => line.Length > 0).Where(line => line.Length > 0 && line[0] is not (' ' or '#')).ToArray();
            for (var length = 0; length <= lines.Length; length++)
            {
                foreach (var sample in Samples)
                {
                    Tell(lines.Take(length), sample);
                    pairs++;
                }
            }
        }

        Assert.True(pairs > 3_000, $"only {pairs} pairs of state and input were tried");
    }

    private static void Tell(IEnumerable<string> lines, string sample)
    {
        var batch = new BatchUnderTest();
        foreach (var line in lines)
        {
            switch (line)
            {
                case "crash":
                    batch.Crash();
                    break;
                case "roll":
                    batch.Roll();
                    break;
                default:
                    batch.Feed(ScenarioInput.Parse(line));
                    break;
            }
        }

        batch.Feed(ScenarioInput.Parse(sample));
        batch.CheckReplay();

        // The same input once more: what was decided once is not decided again.
        var again = batch.Feed(ScenarioInput.Parse(sample));
        var isRepeatable = sample.Contains("tick", StringComparison.Ordinal) || sample.Contains("finish-failed", StringComparison.Ordinal)
            || sample.Contains("list-failed transient", StringComparison.Ordinal) || sample.Contains("unknown", StringComparison.Ordinal)
            || sample.Contains("refused", StringComparison.Ordinal);
        Assert.True(isRepeatable || again.Events.IsEmpty, $"'{sample}' twice gave {string.Join(", ", again.Events)}");
    }
}
