using System.Collections.Immutable;
using System.Text;
using OrleansClean.Cleaning;
using OrleansClean.Cleaning.Ledgers;
using OrleansClean.Cleaning.Reading;
using OrleansClean.Cli.Output;

namespace OrleansClean.Cli.Traces;

/// <summary>What happened to one record, step by step, for a person.</summary>
internal static class WhyText
{
    private const int ChangesMax = 20;
    private const int CellsMax = 40;

    /// <summary>The story of the records in <paramref name="trace"/>; <paramref name="line"/> is the line that was asked for.</summary>
    public static string Of(TraceReport trace, string file, long line)
    {
        var text = new StringBuilder();
        text.Append(Visible.Path(file)).Append(':').Append(line).Append("   ").Append(DialectText.Of(trace.Dialect)).Append("\n\n");
        if (trace.Rows.IsEmpty)
        {
            text.Append("  ").Append(NoRecord(trace, line)).Append('\n');
        }

        foreach (var row in trace.Rows)
        {
            AppendRow(text, row);
        }

        return text.ToString();
    }

    private static string NoRecord(TraceReport trace, long line) => trace.LineIs switch
    {
        "header" => $"Line {Amounts.Count(line)} is the header: {string.Join(", ", trace.Header.Take(CellsMax).Select(Visible.Cell))}.",
        "preamble" => $"Line {Amounts.Count(line)} stands before the header (line {Amounts.Count(trace.Dialect.HeaderLine)}): it is no record.",
        "blank" => $"Line {Amounts.Count(line)} has no character: it is counted as a blank line, not as a record.",
        _ => $"Line {Amounts.Count(line)} is behind the end of the file.",
    };

    private static void AppendRow(StringBuilder text, RowTrace row)
    {
        var problem = row.ReadProblem ?? row.Steps.Select(step => step.Problem).FirstOrDefault(found => found is not null);
        var lines = row.LineEnd > row.Line ? $"lines {Amounts.Count(row.Line)} to {Amounts.Count(row.LineEnd)}" : $"line {Amounts.Count(row.Line)}";
        text.Append("  record ").Append(Amounts.Count(row.Record)).Append(", ").Append(lines);
        text.Append(", from byte ").Append(Amounts.Count(row.ByteOffset)).Append("\n\n");
        RecordText.Append(text, row, problem?.ColumnIndex ?? -1, problem is null ? null : Note(problem));
        text.Append('\n');
        AppendSteps(text, row);
        AppendResult(text, row);
    }

    private static string Note(Problem problem)
    {
        var column = problem.Column is null ? "" : $"{Visible.Text(problem.Column, 60)}: ";
        var expected = problem.Expected.Length == 0 ? problem.Code : $"expected {Visible.Text(problem.Expected, 120)}";
        return column + expected;
    }

    private static void AppendSteps(StringBuilder text, RowTrace row)
    {
        var names = row.Steps.Select(step => step.Id).Append("read").Max(id => Math.Min(id.Length, 40));
        AppendStep(text, "0", "read", names, ReadResult(row));
        foreach (var step in row.Steps)
        {
            var index = step.Id is "expect" ? "" : Amounts.Count(step.Index);
            var result = Result(step);
            AppendStep(text, index, Visible.Text(step.Id, 40), names, result.Length > 0 ? result : Change(step.Changes[0]));
            foreach (var change in step.Changes.Skip(result.Length > 0 ? 0 : 1).Take(ChangesMax))
            {
                AppendStep(text, "", "", names, Change(change));
            }

            if (step.Changes.Length > ChangesMax)
            {
                AppendStep(text, "", "", names, $"… {Amounts.Of(step.Changes.Length - ChangesMax, "more cell")}");
            }
        }
    }

    private static string ReadResult(RowTrace row) => row.ReadProblem is { } problem
        ? $"rejected   {problem.Code}: {Visible.Text(problem.Message, 300)}"
        : Amounts.Of(row.Before.Length, "cell");

    private static string Result(StepTrace step)
    {
        if (step.Problem is { } problem)
        {
            return $"{step.Result}   {problem.Code}: {Visible.Text(problem.Message, 300)}";
        }

        return step.Result is not "kept" ? step.Result : step.Changes.IsEmpty ? "·" : "";
    }

    private static void AppendStep(StringBuilder text, string index, string id, int width, string what) =>
        text.Append("  ").Append($"{index,3} {id.PadRight(width)}   {what}".TrimEnd()).Append('\n');

    private static string Change(CellChange change) => change.Before is null
        ? $"{Visible.Text(change.Column, 60)}  new  {Visible.Cell(change.After)}"
        : $"{Visible.Text(change.Column, 60)}  {Visible.Cell(change.Before)} -> {Visible.Cell(change.After)}";

    private static void AppendResult(StringBuilder text, RowTrace row)
    {
        text.Append("\n  ").Append(row.Outcome).Append('\n');
        AppendCells(text, row.After);
    }

    private static void AppendCells(StringBuilder text, ImmutableArray<CellText> cells)
    {
        var shown = cells.Take(CellsMax).ToList();
        var width = shown.Select(cell => Visible.Text(cell.Column, 60).Length).DefaultIfEmpty(0).Max();
        foreach (var cell in shown)
        {
            text.Append("      ").Append(Visible.Text(cell.Column, 60).PadRight(width)).Append("  ").Append(Visible.Cell(cell.Text)).Append('\n');
        }

        if (cells.Length > CellsMax)
        {
            text.Append("      … ").Append(Amounts.Of(cells.Length - CellsMax, "more cell")).Append('\n');
        }
    }
}

/// <summary>How a file is read, in a few words.</summary>
internal static class DialectText
{
    /// <summary><c>utf-8, "," header in line 1, gzip</c>.</summary>
    public static string Of(DetectedDialect dialect)
    {
        var words = new List<string> { dialect.HasBom ? $"{dialect.Encoding} with BOM" : dialect.Encoding, $"delimiter {Visible.Cell(dialect.Delimiter)}" };
        words.Add(dialect.HeaderLine == 0 ? "no header" : $"header in line {Amounts.Count(dialect.HeaderLine)}");
        if (dialect.Compression is { } compression)
        {
            words.Add(compression);
        }

        return string.Join(", ", words);
    }

    /// <summary>A line end by its name.</summary>
    public static string Newline(string newline) => newline switch
    {
        "\n" => "LF",
        "\r\n" => "CRLF",
        "\r" => "CR",
        _ => "none",
    };
}
