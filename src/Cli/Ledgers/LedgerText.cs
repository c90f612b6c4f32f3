using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cli.Output;
using OrleansClean.Execution.Reports;

namespace OrleansClean.Cli.Ledgers;

/// <summary>What the ledger's text says besides the report itself.</summary>
internal sealed record LedgerOptions
{
    /// <summary>Where the outputs are, as the user would write it.</summary>
    public required string OutputRoot { get; init; }

    /// <summary>What the outputs are, if they are no folder.</summary>
    public string? OutputName { get; init; }

    /// <summary>Show steps that neither removed a row nor changed a cell, too.</summary>
    public bool AllSteps { get; init; }

    /// <summary>Name the next commands to type.</summary>
    public bool HasNextCommands { get; init; } = true;

    /// <summary>Words that name the batch for the next command, such as <c>--out cleaned</c>; empty if it is found anyway.</summary>
    public string Where { get; init; } = "";
}

/// <summary>The account of a batch, as text: every row that went in is in it once.</summary>
internal static class LedgerText
{
    /// <summary>Failed files that are named; the rest are counted.</summary>
    public const int FailedMax = 5;

    /// <summary>Below this the way that a file is written is a guess worth a look.</summary>
    private const double SureMin = 0.5;

    /// <summary>Writes <paramref name="report"/> as a person reads it. The same report gives the same text.</summary>
    public static string Of(BatchReport report, LedgerOptions options)
    {
        var text = new StringBuilder();
        Title(text, report, options);
        Totals(text, report);
        Steps(text, report, options);
        Problems(text, report);
        Stopped(text, report);
        if (options.HasNextCommands)
        {
            NextCommands(text, report, options);
        }

        return text.ToString();
    }

    private static void Title(StringBuilder text, BatchReport report, LedgerOptions options)
    {
        var ledger = report.Ledger;
        text.Append(Visible.Path(report.Plan.Name)).Append("   ").Append(Amounts.Of(ledger.Files.Found, "file"));
        text.Append("   ").Append(Size(report)).Append("  ->  ").Append(options.OutputName ?? Visible.Folder(options.OutputRoot));
        text.Append("   ").Append(Amounts.Of(report.Engine.Workers, "worker"));
        text.Append("   ").Append(Amounts.Duration(TimeSpan.FromSeconds(report.Cost.WallSeconds))).Append("\n\n");
    }

    /// <summary>
    /// The size of all inputs as stored. The ledger's own bytes are those of its rows, to which a failed file adds nothing; a report names at most 1,000 files, so
    /// that of more it is not known how large they are.
    /// </summary>
    private static string Size(BatchReport report)
    {
        var ledger = report.Ledger;
        var others = report.Files.Where(file => file.Status is FileStatus.Failed or FileStatus.Cancelled).ToList();
        var isAll = others.Count == ledger.Files.Failed + ledger.Files.Cancelled;
        return (isAll ? "" : "at least ") + Amounts.Bytes(ledger.Bytes.In + others.Sum(file => file.InputBytes));
    }

    private static void Totals(StringBuilder text, BatchReport report)
    {
        var files = report.Ledger.Files;
        text.Append("  files  ").Append(Amounts.Count(files.Cleaned)).Append(" cleaned   ");
        text.Append(Amounts.Count(files.Unchanged)).Append(" unchanged   ").Append(Amounts.Count(files.Failed)).Append(" failed");
        if (files.Cancelled > 0)
        {
            text.Append("   ").Append(Amounts.Count(files.Cancelled)).Append(" not done");
        }

        var rows = report.Ledger.Rows;
        text.Append("\n  rows   ").Append(Amounts.Count(rows.In)).Append(" in = ").Append(Amounts.Count(rows.Out)).Append(" out + ");
        text.Append(Amounts.Count(rows.Dropped)).Append(" dropped + ").Append(Amounts.Count(rows.Rejected)).Append(" rejected   ");
        text.Append(rows.Balanced ? "balanced\n" : "NOT BALANCED\n");
        if (rows.InUnchanged > 0)
        {
            text.Append("         of these ").Append(Amounts.Count(rows.InUnchanged)).Append(" in unchanged files, as recorded when they were cleaned\n");
        }

        var lines = report.Ledger.Lines;
        if (lines.Preamble + lines.Blank > 0)
        {
            text.Append("  lines  ").Append(Amounts.Count(lines.Preamble)).Append(" before headers, ");
            text.Append(Amounts.Count(lines.Blank)).Append(" blank: no records\n");
        }
    }

    private static void Steps(StringBuilder text, BatchReport report, LedgerOptions options)
    {
        var shown = report.Steps.Where(step => options.AllSteps || step.Index == 0 || DidSomething(step)).ToList();
        if (shown.Count == 0 || report.Ledger.Rows.In == 0)
        {
            return;
        }

        var rows = shown.ConvertAll(step => new[]
        {
            step.Id is "expect" ? "" : Amounts.Count(step.Index), Visible.Text(step.Id, 40), Amounts.Count(step.In),
            Amounts.CountOrDot(step.Dropped), Amounts.CountOrDot(step.Rejected), Amounts.CountOrDot(step.CellsChanged),
            Remark(step, report.Expectations),
        });
        rows.Insert(0, ["", "step", "in", "dropped", "rejected", "cells changed", ""]);
        text.Append('\n');
        var widths = Enumerable.Range(0, 6).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            // The title stands over the names and their numbers alike.
            var name = row[1] is "step" && row[0].Length == 0 && ReferenceEquals(row, rows[0])
                ? "step".PadRight(widths[0] + 1 + widths[1])
                : $"{row[0].PadLeft(widths[0])} {row[1].PadRight(widths[1])}";
            var numbers = string.Concat(Enumerable.Range(2, 4).Select(column => "  " + row[column].PadLeft(widths[column])));
            text.Append("  ").Append($"{name}{numbers}   {row[6]}".TrimEnd()).Append('\n');
        }
    }

    private static bool DidSomething(StepSummary step) =>
        step.Dropped + step.Rejected + step.CellsChanged > 0 || step.Decisions is { Length: > 0 };

    private static string Remark(StepSummary step, ImmutableArray<ExpectationSummary> expectations)
    {
        var remarks = new List<string>();
        if (step.DroppedNull > 0)
        {
            remarks.Add($"{Amounts.Count(step.DroppedNull)} null");
        }

        if (step.DroppedFalse > 0)
        {
            remarks.Add($"{Amounts.Count(step.DroppedFalse)} false");
        }

        if (step.Id is "expect")
        {
            remarks.AddRange(expectations.Where(e => e is { Severity: "error", Ok: false }).Take(2).Select(e => Visible.Text(e.Check, 60)));
        }

        remarks.AddRange(OrdersOf(step).Take(3));
        return string.Join(", ", remarks);
    }

    // No number of files: a report holds at most 100 decisions of a step.
    private static IEnumerable<string> OrdersOf(StepSummary step) =>
        (step.Decisions ?? []).GroupBy(decision => decision.Column, StringComparer.Ordinal)
            .OrderBy(column => column.Key, StringComparer.Ordinal)
            .Select(column =>
                $"{Visible.Text(column.Key, 40)} {string.Join(" or ", column.Select(d => d.Order).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}");

    private static void Problems(StringBuilder text, BatchReport report)
    {
        var lines = new List<string>();
        lines.AddRange(NamesText.Of(report));
        lines.AddRange(Rejects(report));
        lines.AddRange(Warnings(report));
        lines.AddRange(Unsure(report));
        lines.AddRange(Failed(report));
        if (lines.Count > 0)
        {
            text.Append('\n').AppendJoin('\n', lines).Append('\n');
        }
    }

    private static IEnumerable<string> Rejects(BatchReport report)
    {
        if (report.Codes.Count == 0)
        {
            yield break;
        }

        var codes = report.Codes.OrderByDescending(code => code.Value).ThenBy(code => code.Key, StringComparer.Ordinal);
        yield return "  rejects  " + string.Join(" · ", codes.Select(code => $"{code.Key} {Amounts.Count(code.Value)}"));
        if (FirstReject(report) is { } first)
        {
            var reject = first.FirstReject!;
            var column = reject.Column is null ? "" : "  " + Visible.Text(reject.Column, 60);
            var value = reject.Value is null ? "" : "  " + Visible.Cell(reject.Value);
            var expected = reject.Expected.Length == 0 ? $"  {reject.Code}" : "  expected " + Visible.Text(reject.Expected, 80);
            yield return $"           first: {Place(first.Path, reject.Line)}{column}{value}{expected}";
        }
    }

    private static IEnumerable<string> Warnings(BatchReport report) =>
        report.Expectations.Where(e => e is { Severity: "warn", Ok: false }).Take(FailedMax).Select(e =>
            $"  warning  {Visible.Text(e.Check, 80)}  {Amounts.Of(e.Unexpected, "row")}" +
            (e.Samples is { Length: > 0 } samples ? $"  first: {Place(samples[0].File, samples[0].Line)}" : ""));

    private static IEnumerable<string> Unsure(BatchReport report)
    {
        var unsure = report.Files.Where(file => file is { Status: FileStatus.Cleaned, Dialect.Confidence: < SureMin }).OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        foreach (var file in unsure.Take(FailedMax))
        {
            var dialect = file.Dialect!;
            yield return $"  unsure   {Visible.Path(file.Path)}  read with delimiter {Visible.Cell(dialect.Delimiter)}, {Amounts.Percent(dialect.Confidence)} sure: if it is another one, say so in 'read: {{delimiter: …}}'";
        }

        if (unsure.Count > FailedMax)
        {
            yield return $"           and {Amounts.Count(unsure.Count - FailedMax)} more";
        }
    }

    private static IEnumerable<string> Failed(BatchReport report)
    {
        var failed = report.Files.Where(file => file.Failure is not null).OrderBy(file => file.Path, StringComparer.Ordinal).Take(FailedMax);
        foreach (var file in failed)
        {
            var place = file.Failure!.Line > 0 ? Place(file.Path, file.Failure.Line) : Visible.Path(file.Path);
            yield return $"  failed   {place}  {file.Failure.Code}: {Visible.Text(file.Failure.Message, 240)}";
        }

        var more = report.Ledger.Files.Failed - FailedMax;
        if (more > 0)
        {
            yield return $"           and {Amounts.Count(more)} more";
        }
    }

    private static void Stopped(StringBuilder text, BatchReport report)
    {
        if (report.Message is { Length: > 0 } message)
        {
            var word = report.Status is BatchStatus.Cancelled or BatchStatus.Timeout ? "stopped" : report.Status;
            text.Append("\n  ").Append(word).Append("  ").Append(Visible.Text(message, 400)).Append('\n');
        }
    }

    private static void NextCommands(StringBuilder text, BatchReport report, LedgerOptions options)
    {
        var where = options.Where.Length == 0 ? "" : " " + options.Where;
        var next = new List<(string Line, string Does)>();
        if (FirstReject(report) is { } first)
        {
            var place = ShellWord.Of($"{first.Path}:{first.FirstReject!.Line}");

            // A name that looks like an option stands last, after the word that ends options.
            next.Add((first.Path.StartsWith('-') ? $"orleansclean why{where} -- {place}" : $"orleansclean why {place}{where}", "what each step did to this row"));
        }

        if (report.Codes.Count > 0)
        {
            next.Add(($"orleansclean rejects show{where}", $"all {Amounts.Count(report.Ledger.Rows.Rejected)}"));
        }

        if (report.Ledger.Files.Failed > FailedMax)
        {
            next.Add(($"orleansclean report show{where} -o jsonl", "every file's outcome"));
        }

        if (next.Count > 0)
        {
            var width = next.Max(command => command.Line.Length);
            text.Append('\n').AppendJoin('\n', next.Select(c => $"  {c.Line.PadRight(width)}   {c.Does}")).Append('\n');
        }
    }

    private static FileSummary? FirstReject(BatchReport report) =>
        report.Files.Where(file => file.FirstReject is not null).MinBy(file => file.Path, StringComparer.Ordinal);

    private static string Place(string path, long line) => $"{Visible.Path(path)}:{line}";
}
