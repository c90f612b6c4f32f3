using System.Globalization;
using System.Text;

namespace OrleansClean.Cleaning.Plans;

/// <summary>Says in plain words what a plan does, line by line.</summary>
public static class PlanExplainer
{
    /// <summary>The explanation: one line per part and step, ended by <c>\n</c>; the same text for the same plan.</summary>
    public static string Explain(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var lines = new StringBuilder();
        lines.Append(plan.Name).Append(plan.About is null ? "" : ": " + OneLine(plan.About)).Append('\n');
        foreach (var (name, value) in plan.Parameters)
        {
            Line(lines, "param", $"{name} = {(value.Value.Kind == ValueKind.Text ? StepWords.Quote(value.Written) : value.Written)}");
        }

        Line(lines, "read", Read(plan.Read));
        var width = plan.Steps.Select(s => s.Id.Length).DefaultIfEmpty(0).Max();
        for (var i = 0; i < plan.Steps.Length; i++)
        {
            var step = plan.Steps[i];
            Line(lines, (i + 1).ToString(CultureInfo.InvariantCulture), $"{step.Id.PadRight(width)}  {StepWords.Of(step)}");
        }

        foreach (var expectation in plan.Expectations)
        {
            Line(lines, "expect", Expectation(expectation));
        }

        Line(lines, "write", Write(plan.Write));
        Line(lines, "run", Run(plan.Run));
        if (!plan.Tests.IsEmpty)
        {
            Line(lines, "tests", $"{plan.Tests.Length} for `orleansclean plan test`");
        }

        Line(lines, "sha256", plan.Fingerprint);
        return lines.ToString();
    }

    private static void Line(StringBuilder lines, string label, string text) =>
        lines.Append("  ").Append(label.PadLeft(6)).Append("  ").Append(text).Append('\n');

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Read(ReadOptions read)
    {
        var parts = new List<string>
        {
            read.Files.IsEmpty ? "the files of the command line" : string.Join(", ", read.Files),
        };
        AddIf(parts, !read.Exclude.IsEmpty, $"without {string.Join(", ", read.Exclude)}");
        AddIf(parts, read.Encoding is not null, $"encoding {read.Encoding}");
        AddIf(parts, read.Delimiter is not null, $"delimiter {StepWords.Quote(read.Delimiter ?? "")}");
        AddIf(parts, read.Quote is not null, read.Quote is "" ? "no quotes" : $"quote {StepWords.Quote(read.Quote ?? "")}");
        AddIf(parts, read.Escape is not null, $"escape {StepWords.Quote(read.Escape ?? "")}");
        AddIf(parts, read.Comment is not null, $"comments begin with {StepWords.Quote(read.Comment ?? "")}");
        AddIf(parts, read.HeaderLine is not null, read.HeaderLine is 0 ? "no header" : $"header on line {read.HeaderLine}");
        AddIf(parts, !read.Columns.IsEmpty, $"columns {string.Join(", ", read.Columns)}");
        AddIf(parts, !read.Nulls.IsEmpty, $"null words {string.Join(' ', read.Nulls.Select(StepWords.Quote))}");
        var isPinned = read is { Encoding: not null, Delimiter: not null, Quote: not null, HeaderLine: not null };
        AddIf(parts, !isPinned, "what is not said here is detected in each file");
        return string.Join("; ", parts);
    }

    private static string Expectation(Expectation expectation)
    {
        var consequence = (expectation.OfBatch, expectation.Severity) switch
        {
            (true, Severity.Error) => "of the whole batch; else nothing is published",
            (true, _) => "of the whole batch; else it is told",
            (_, Severity.Error) => "else the row is rejected",
            _ => "else the row is counted and stays",
        };
        return $"{OneLine(expectation.Check.Text)}; {consequence}{(expectation.Message is { } message ? $" ({OneLine(message)})" : "")}";
    }

    private static string Write(WriteOptions write)
    {
        var parts = new List<string> { write.To };
        AddIf(parts, write.Combine, $"all inputs in one output{(write.FileColumn ? ", their names in the column _file" : "")}");
        parts.Add($"comma, {(write.Crlf ? "CRLF" : "LF")}, UTF-8{(write.Bom ? " with byte order mark" : "")}");
        parts.Add(write.Quoting switch
        {
            Quoting.Keep => "fields that no step changed keep their bytes",
            Quoting.Minimal => "fields quoted only where they must be",
            _ => "every field quoted",
        });
        return string.Join("; ", parts);
    }

    private static string Run(RunOptions run)
    {
        var parts = new List<string>();
        AddIf(parts, run.MaxRejects is not null, $"at most {Limit(run.MaxRejects)} rejected");
        AddIf(parts, run.FileTimeout is not null, $"{Time(run.FileTimeout)} for one file");
        AddIf(parts, run.Timeout is not null, $"{Time(run.Timeout)} for the batch");
        parts.Add(run.Retries switch { 0 => "no retry", 1 => "one retry", var n => $"{n} retries" });
        parts.Add(run.PublishTogether ? "outputs published together" : "outputs published one by one");
        return string.Join("; ", parts);
    }

    private static string Limit(RejectLimit? limit) => limit is { Share: { } share }
        ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.######} % of the rows")
        : string.Create(CultureInfo.InvariantCulture, $"{limit?.Rows:N0} rows");

    private static string Time(TimeSpan? time)
    {
        var t = time.GetValueOrDefault();
        var parts = new[] { (t.Days, "d"), (t.Hours, "h"), (t.Minutes, "m"), (t.Seconds, "s"), (t.Milliseconds, "ms") };
        return string.Concat(parts.Where(p => p.Item1 > 0).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Item1}{p.Item2}")));
    }

    private static void AddIf(List<string> parts, bool condition, string text)
    {
        if (condition)
        {
            parts.Add(text);
        }
    }
}
