using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cleaning.Ledgers;

namespace OrleansClean.Cleaning.Plans;

/// <summary>What came of one example of a plan.</summary>
/// <param name="Name">The example's name.</param>
/// <param name="At">Where in the plan it stands.</param>
/// <param name="Differences">One line each, for a person; empty if the example holds.</param>
public sealed record PlanTestResult(string Name, SourcePosition At, ImmutableArray<string> Differences)
{
    /// <summary>True if the plan does what the example says.</summary>
    public bool Passed => Differences.IsEmpty;
}

/// <summary>
/// Runs the examples of a plan through the engine, in memory. What the plan pins in <c>read</c> holds for an example too,
/// except the encoding; a sample of a few lines proves nothing, so what is not pinned is not detected either: the header is
/// the first line, the quote is <c>"</c>, and the delimiter is the one of <c>, ; | tab</c> that the first line has most of.
/// </summary>
public static class PlanTestRunner
{
    private static readonly string[] Delimiters = [",", ";", "|", "\t"];

    /// <summary>Runs every example, in order. <paramref name="now"/> is what <c>today()</c> and <c>now()</c> give.</summary>
    public static ImmutableArray<PlanTestResult> Run(Plan plan, DateTime now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Tests.Select(test => new PlanTestResult(test.Name, test.At, [.. Run(plan, test, now, cancellationToken)]))];
    }

    private static List<string> Run(Plan plan, PlanTest test, DateTime now, CancellationToken cancellationToken)
    {
        var given = Encoding.UTF8.GetBytes(test.Given);
        using var outputs = new MemoryOutputs();
        FileReport report;
        try
        {
            report = FileCleaner.Clean(
                new FileCleaning
                {
                    Plan = plan with { Read = Pinned(plan.Read, test.Given) },
                    InputName = "given.csv",
                    OpenInput = () => new MemoryStream(given, writable: false),
                    Outputs = outputs,
                    BatchId = "test",
                    Now = now,
                },
                cancellationToken);
        }
        catch (FileFailedException e)
        {
            return [$"the file fails with {e.Code}: {e.Message}"];
        }
        catch (PlanException e)
        {
            return ["the plan does not fit this input:", .. e.Problems.Select(p => p.Render("plan"))];
        }

        var differences = LineDifference.Between(test.Expect, outputs.Output);
        if (test.Dropped is { } dropped)
        {
            Compare(differences, "dropped by", dropped, report.Steps.Select(s => (s.Id, s.Rows.Dropped)));
        }

        if (test.Rejected is { } rejected)
        {
            Compare(differences, "rejected with", rejected, report.Steps.SelectMany(s => s.Codes).Select(c => (c.Key, c.Value)));
        }

        return differences;
    }

    /// <summary>What an example writes it writes in full: a name that it leaves out counts as none.</summary>
    private static void Compare(
        List<string> differences,
        string what,
        ImmutableSortedDictionary<string, long> expected,
        IEnumerable<(string Name, long Count)> counted)
    {
        var found = counted.GroupBy(c => c.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(c => c.Count), StringComparer.Ordinal);
        foreach (var name in expected.Keys.Union(found.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (wanted, got) = (expected.GetValueOrDefault(name), found.GetValueOrDefault(name));
            if (wanted != got)
            {
                differences.Add($"rows {what} {name}: expected {wanted}, got {got}");
            }
        }
    }

    private static ReadOptions Pinned(ReadOptions read, string given) => read with
    {
        Encoding = "utf-8",
        Delimiter = read.Delimiter ?? DelimiterOf(given),
        Quote = read.Quote ?? "\"",
        HeaderLine = read.HeaderLine ?? 1,
    };

    private static string DelimiterOf(string given)
    {
        var end = given.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? given : given[..end];
        var outside = string.Concat(first.Split('"').Where((_, i) => i % 2 == 0));
        return Delimiters.MaxBy(d => outside.Count(c => c == d[0]))!;
    }

    private sealed class MemoryOutputs : ICleaningOutputs, IDisposable
    {
        private readonly MemoryStream _output = new();
        private readonly MemoryStream _rejects = new();

        public string Output => Encoding.UTF8.GetString(_output.GetBuffer(), 0, (int)_output.Length).TrimStart('\uFEFF');

        public Stream OpenOutput() => _output;

        public Stream OpenRejectRecords() => _rejects;

        public Stream OpenRejectRows() => _rejects;

        public void Dispose()
        {
            _output.Dispose();
            _rejects.Dispose();
        }
    }
}
